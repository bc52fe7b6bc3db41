-- Users' credits. A refund has no key: called twice, it pays twice.

set local role postgres;

create function public.deduct_credits(
    p_user_id uuid, p_amount integer, p_description text default 'Image generation'
) returns boolean
language plpgsql as $$
begin
    update public.user_credits
    set balance = balance - p_amount, total_spent = total_spent + p_amount
    where user_id = p_user_id and balance >= p_amount;
    if not found then
        return false;
    end if;
    insert into public.credit_transactions (user_id, amount, type, description)
    values (p_user_id, -p_amount, 'generation', p_description);
    return true;
end $$;

create function public.refund_credits(
    p_user_id uuid, p_amount integer, p_description text default 'Refund for a failed generation'
) returns void
language plpgsql as $$
begin
    update public.user_credits set balance = balance + p_amount where user_id = p_user_id;
    insert into public.credit_transactions (user_id, amount, type, description)
    values (p_user_id, p_amount, 'refund', p_description);
end $$;
