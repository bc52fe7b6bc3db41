-- The session's row shows another end, or another owner, than our workers recorded: somebody edited it.
select channel, owner_id, request_id, array[session_id] as session_ids, 0 as amount
from session
where tracked
  and (
      status is distinct from outcome and outcome is not null
      or row_owner_id is distinct from owner_id
      -- Shown as completed, and no worker completed it or still can.
      or status = 'completed' and outcome is null and coalesce(leased_until, '-infinity') < clock_timestamp()
  )
