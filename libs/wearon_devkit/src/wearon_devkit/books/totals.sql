-- The sums of a channel. Sessions that nobody was charged for, or only later, stand beside the equation.
select
    channel,
    sum(deducted)::bigint as deducted,
    sum(completed - least(completed, on_overage + uncharged))::bigint as completed,
    sum(refunded)::bigint as refunded,
    sum(live - greatest(0, on_overage + uncharged - completed) + in_flight)::bigint as live,
    sum(overage)::bigint as overage,
    sum(uncharged + failed_uncharged)::bigint as uncharged
from settlement
group by channel
order by channel
