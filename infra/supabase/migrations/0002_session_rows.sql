-- The two session tables of the producer behind one face, so that nothing above here knows which is which.
-- Everything locks in one order: the session's row, then wearon.generations, then the credits.

create or replace function wearon.lock_session(p_channel text, p_session_id uuid)
returns table (
    status text, owner_id uuid, shopper_email text, request_id text, created_at timestamptz
)
language plpgsql security definer set search_path = '' as $$
begin
    case p_channel
        when 'b2c' then
            return query
                select s.status, s.user_id, null::text, null::text, s.created_at
                from public.generation_sessions s where s.id = p_session_id for update;
        when 'b2b' then
            return query
                select s.status, s.store_id, s.shopper_email, s.request_id, s.created_at
                from public.store_generation_sessions s where s.id = p_session_id for update;
    end case;
end $$;

create or replace function wearon.show_status(
    p_channel text, p_session_id uuid, p_status text, p_error_message text
) returns void
language plpgsql security definer set search_path = '' as $$
begin
    case p_channel
        when 'b2c' then
            update public.generation_sessions
            set status = p_status, error_message = p_error_message where id = p_session_id;
        when 'b2b' then
            update public.store_generation_sessions
            set status = p_status, error_message = p_error_message where id = p_session_id;
    end case;
end $$;

-- One update, because Realtime shows each update as an event of its own.
create or replace function wearon.show_result(
    p_channel text, p_session_id uuid, p_image_url text, p_input_tokens integer, p_output_tokens integer,
    p_cost_usd numeric, p_processing_ms integer
) returns void
language plpgsql security definer set search_path = '' as $$
begin
    case p_channel
        when 'b2c' then
            update public.generation_sessions
            set status = 'completed', generated_image_url = p_image_url, error_message = null,
                input_tokens = p_input_tokens, output_tokens = p_output_tokens,
                estimated_cost_usd = p_cost_usd, processing_time_ms = p_processing_ms, completed_at = now()
            where id = p_session_id;
        when 'b2b' then
            update public.store_generation_sessions
            set status = 'completed', generated_image_url = p_image_url, error_message = null,
                input_tokens = p_input_tokens, output_tokens = p_output_tokens,
                estimated_cost_usd = p_cost_usd, processing_time_ms = p_processing_ms, completed_at = now()
            where id = p_session_id;
    end case;
end $$;

-- The platform's own event log, in the words it already uses. What it refuses, as the event of a session
-- without an owner, must not keep the session from ending.
create or replace function wearon.log_event(
    p_channel text, p_owner_id uuid, p_shopper_email text, p_event_type text, p_metadata jsonb
) returns void
language plpgsql security definer set search_path = '' as $$
begin
    case p_channel
        when 'b2c' then
            insert into public.analytics_events (event_type, user_id, metadata)
            values (p_event_type, p_owner_id, p_metadata);
        when 'b2b' then
            insert into public.store_analytics_events (store_id, event_type, shopper_email, metadata)
            values (p_owner_id, p_event_type, p_shopper_email, p_metadata);
    end case;
exception
    when integrity_constraint_violation then
        raise warning 'event % of session % was refused: %', p_event_type, p_metadata ->> 'session_id', sqlerrm;
end $$;

revoke execute on all functions in schema wearon from public, anon, authenticated;
