-- A generation that failed after it was booked as overage: no credit was taken, yet the store will be billed.
select channel, owner_id, request_id, array[session_id] as session_ids, 1 as amount
from session
where charged = 'overage'
  and (owner_id, coalesce(request_id, '')) in (
      select owner_id, coalesce(request_id, '') from movement where kind = 'overage'
  )
