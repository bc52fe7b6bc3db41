-- A credit was taken a moment ago; its session is about to appear.
select channel, null::uuid as owner_id, null as request_id, null::uuid[] as session_ids, sum(in_flight) as amount
from settlement
where in_flight > 0
group by channel
