-- Every session. What our workers recorded is the truth; a row that they never touched speaks for itself.
select
    s.channel, s.id as session_id, coalesce(g.owner_id, s.owner_id) as owner_id, s.owner_id as row_owner_id,
    s.request_id, s.status, s.image_url, s.created_at,
    g.session_id is not null as tracked, coalesce(g.attempt, 0) as attempt, g.outcome, g.leased_until,
    case
        when coalesce(g.outcome, s.status) in ('completed', 'failed') then coalesce(g.outcome, s.status)
        else 'live'
    end as state,
    r.charged, r.result as refund_result, r.amount as refund_amount
from (
    select 'b2c' as channel, id, user_id as owner_id, null::text as request_id, status,
           generated_image_url as image_url, created_at
    from public.generation_sessions
    union all
    select 'b2b', id, store_id, request_id, status, generated_image_url, created_at
    from public.store_generation_sessions
) s
left join wearon.generations g on g.channel = s.channel and g.session_id = s.id
left join wearon.refunds r on r.channel = s.channel and r.session_id = s.id
