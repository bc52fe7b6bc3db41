-- Stores' credits. The ledger's unique constraint is the key: a second booking of one request is error 23505.

set local role postgres;

create function public.deduct_store_credits(
    p_store_id uuid, p_amount integer, p_request_id text, p_description text default 'B2B generation'
) returns boolean
language plpgsql as $$
begin
    update public.store_credits
    set balance = balance - p_amount, total_spent = total_spent + p_amount
    where store_id = p_store_id and balance >= p_amount;
    if not found then
        return false;
    end if;
    insert into public.store_credit_transactions (store_id, amount, type, request_id, description)
    values (p_store_id, -p_amount, 'deduction', p_request_id, p_description);
    return true;
end $$;

create function public.refund_store_credits(
    p_store_id uuid, p_amount integer, p_request_id text,
    p_description text default 'Refund for a failed generation'
) returns void
language plpgsql as $$
begin
    update public.store_credits set balance = balance + p_amount where store_id = p_store_id;
    insert into public.store_credit_transactions (store_id, amount, type, request_id, description)
    values (p_store_id, p_amount, 'refund', p_request_id, p_description);
end $$;
