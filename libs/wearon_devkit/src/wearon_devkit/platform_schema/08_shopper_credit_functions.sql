-- Credits that a store's shopper holds, booked in the store's ledger. The description says that a shopper paid.

set local role postgres;

create function public.deduct_store_shopper_credits(
    p_store_id uuid, p_shopper_email text, p_amount integer, p_request_id text, p_description text
) returns boolean
language plpgsql as $$
begin
    update public.store_shopper_credits
    set balance = balance - p_amount, total_spent = total_spent + p_amount
    where store_id = p_store_id and shopper_email = p_shopper_email and balance >= p_amount;
    if not found then
        return false;
    end if;
    insert into public.store_credit_transactions (store_id, amount, type, request_id, description)
    values (p_store_id, -p_amount, 'deduction', p_request_id, p_description);
    return true;
end $$;

create function public.refund_store_shopper_credits(
    p_store_id uuid, p_shopper_email text, p_amount integer, p_request_id text, p_description text
) returns void
language plpgsql as $$
begin
    update public.store_shopper_credits set balance = balance + p_amount
    where store_id = p_store_id and shopper_email = p_shopper_email;
    if not found then
        raise exception 'no credits are kept for this shopper';
    end if;
    insert into public.store_credit_transactions (store_id, amount, type, request_id, description)
    values (p_store_id, p_amount, 'refund', p_request_id, p_description);
end $$;
