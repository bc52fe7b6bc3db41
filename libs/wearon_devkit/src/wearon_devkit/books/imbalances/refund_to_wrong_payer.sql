-- The shopper paid and the store got the credit, or the other way round.
select s.channel, s.owner_id, s.request_id, array[s.session_id] as session_ids, s.refund_amount as amount
from session s
join movement m
    on m.channel = s.channel and m.owner_id = s.owner_id and m.request_id = s.request_id and m.kind = 'deduction'
where s.refund_result = 'refunded' and s.charged <> m.payer
