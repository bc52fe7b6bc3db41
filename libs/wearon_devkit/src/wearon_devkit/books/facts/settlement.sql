-- Each account settled: deducted - refunded = completed + live, or else what explains the difference, most certain
-- first. Whatever is explained by one column is not explained again by the next.
select
    account.*, uneven.amounts_differ,
    phantom.phantom, refused.refused, owed.owed, in_flight.in_flight, sessionless.sessionless,
    over.over_refunded, minted.minted, on_overage.on_overage, unpaid.uncharged, unpaid.unpaid,
    greatest(0, failed - refunded - refused - owed - (overage - on_overage)) as failed_uncharged
from account

-- One request, one deduction, one refund, and yet not the same amount: nothing else can be said about it.
cross join lateral (
    select request_id is not null and deducted > 0 and refunded > 0 and deducted <> refunded as amounts_differ
) uneven
cross join lateral (
    select case when amounts_differ then 0 else deducted - refunded - completed - live end as difference
) gap

-- Taken, and neither used nor given back.
cross join lateral (select greatest(0, difference) as missing) missing
cross join lateral (select greatest(0, recorded - refunded) as phantom) phantom
cross join lateral (
    select least(greatest(0, missing - phantom), coalesce(cardinality(refused_ids), 0)) as refused
) refused
cross join lateral (
    select least(
        greatest(0, missing - phantom - refused),
        -- Refunds that we did not record were the producer's own: they settle some of these sessions.
        greatest(0, coalesce(cardinality(unrefunded_ids), 0) - greatest(0, refunded - recorded))
    ) as owed
) owed
cross join lateral (
    select least(greatest(0, missing - phantom - refused - owed), deducted_lately) as in_flight
) in_flight
cross join lateral (
    select greatest(0, missing - phantom - refused - owed - in_flight) as sessionless
) sessionless

-- Used or given back, and never taken.
cross join lateral (select greatest(0, -difference) as excess) excess
cross join lateral (select least(excess, greatest(0, refunded - failed)) as over_refunded) over
cross join lateral (
    select least(excess - over_refunded, greatest(0, refunded - deducted - over_refunded)) as minted
) minted
cross join lateral (select least(excess - over_refunded - minted, overage) as on_overage) on_overage
cross join lateral (
    select least(excess - over_refunded - minted - on_overage, unfailed_untried) as untouched
) untouched
cross join lateral (select excess - over_refunded - minted - on_overage - untouched as rest) rest
-- A store may be served without a charge; a user, or a store that got its credit back, may not.
cross join lateral (
    select untouched + case when channel = 'b2b' and refunded = 0 then rest else 0 end as uncharged,
           case when channel = 'b2b' and refunded = 0 then 0 else rest end as unpaid
) unpaid
