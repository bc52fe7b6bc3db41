-- Sessions and movements that can only be judged together: those of one request of a store, those of a store
-- without request ids, those of one user (whose movements name no session). A session costs one credit.
select
    channel, owner_id, request_id,
    coalesce(sum(amount) filter (where kind = 'deduction'), 0) as deducted,
    coalesce(sum(amount) filter (where kind = 'deduction' and young), 0) as deducted_lately,
    coalesce(sum(amount) filter (where kind = 'refund'), 0) as refunded,
    coalesce(sum(amount) filter (where kind = 'overage'), 0) as overage,
    count(*) filter (where state = 'completed') as completed,
    count(*) filter (where state = 'live') as live,
    count(*) filter (where state = 'failed') as failed,
    count(*) filter (where state in ('completed', 'live') and attempt = 0) as unfailed_untried,
    coalesce(sum(refund_amount) filter (where refund_result = 'refunded'), 0) as recorded,
    array_agg(session_id) filter (where state in ('completed', 'live')) as unfailed_ids,
    array_agg(session_id) filter (where state = 'failed') as failed_ids,
    array_agg(session_id) filter (where refund_result = 'refunded') as recorded_ids,
    array_agg(session_id) filter (where refund_result = 'refund_failed') as refused_ids,
    array_agg(session_id) filter (where state = 'failed' and coalesce(refund_result, 'not_charged') = 'not_charged')
        as unrefunded_ids
from (
    select channel, owner_id, request_id, session_id, state, attempt, refund_result, refund_amount,
           null as kind, null::integer as amount, null::boolean as young
    from session
    union all
    select channel, owner_id, request_id, null, null, null, null, null,
           kind, amount, created_at > (select in_flight_since from patience)
    from movement
) entries
group by channel, owner_id, request_id
