-- A finished session shows no image.
select channel, owner_id, request_id, array[session_id] as session_ids, 1 as amount
from session
where state = 'completed' and coalesce(image_url, '') = ''
