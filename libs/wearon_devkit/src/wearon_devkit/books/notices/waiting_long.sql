-- Live sessions that have waited long without a worker: the queue is long, or nobody sweeps.
select channel, null::uuid as owner_id, null as request_id, array_agg(session_id order by created_at) as session_ids,
       count(*) as amount
from session
where state = 'live' and leased_until is null and created_at < (select waiting_long_since from patience)
group by channel
