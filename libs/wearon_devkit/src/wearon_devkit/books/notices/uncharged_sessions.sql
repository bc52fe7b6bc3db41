-- Sessions that cost nobody anything.
select channel, null::uuid as owner_id, null as request_id, null::uuid[] as session_ids,
       sum(uncharged + failed_uncharged) as amount
from settlement
where uncharged + failed_uncharged > 0
group by channel
