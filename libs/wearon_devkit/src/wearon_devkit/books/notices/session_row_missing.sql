-- Our workers knew sessions whose rows have been deleted: what they were charged can no longer be told.
select g.channel, null::uuid as owner_id, null as request_id, array_agg(g.session_id) as session_ids,
       count(*) as amount
from wearon.generations g
left join session s on s.channel = g.channel and s.session_id = g.session_id
where s.session_id is null
group by g.channel
