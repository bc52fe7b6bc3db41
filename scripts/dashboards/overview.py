"""Whether anything is wrong, and with what."""

from scripts.dashboards.dashboard import Dashboard
from scripts.dashboards.drawing import HALF, QUARTER, graph, limited, numbers, renamed, stacked, table
from scripts.dashboards.limits import Limits, at_least, at_most
from scripts.dashboards.query import Query, per_minute, share_of_time
from scripts.dashboards.to_logs import to_logs

# As in service_levels.yml and workers.yml.
_FAST, _SLOW, _WITHIN_BUDGET = 14.4, 6, 1
_BURN = Limits(((None, "green"), (_WITHIN_BUDGET, "yellow"), (_SLOW, "orange"), (_FAST, "red")))
_SHOPPERS = "image_unusable|image_unreachable|request_too_large|moderation_blocked"
_PICTURES = '{step="completed"}'

OVERVIEW = Dashboard(
    uid="wearon-overview",
    title="1 Overview",
    question="Is anything wrong, and with what? Then on to the dashboard that it belongs to.",
    panels=[
        table(
            "What is wrong now",
            "Alerts that fire, the oldest first. Normal: none. What to do is in docs/runbooks, one page for "
            "each.",
            Query(
                "sort_desc(time() - max by (severity, alertname, summary) (ALERTS_FOR_STATE and"
                ' ignoring (alertstate) ALERTS{alertstate="firing", severity=~"page|warn"}))',
                shape="table",
                instant=True,
            ),
            ["severity", "alertname", "summary", "Value"],
            when_empty="Nothing is wrong.",
            overrides=[renamed("Value", "for", "dtdurations")],
            width=HALF + QUARTER,
            height=7,
        ),
        numbers(
            "Who runs",
            "Processes that answer Prometheus. Normal: what the deployment asked for; 0 is an outage.",
            Query('sum by (job) (up{job=~"consumer|generator|sizing"})', "{{job}}"),
            limits=at_least(1),
            width=QUARTER,
            height=7,
        ),
        numbers(
            "Promises kept in the last hour",
            "Share of try-ons that succeed (95 %) and that are there within 45 s (95 %), of sizes within 3 "
            "s (95 %), of probes that find the site (99.5 %). The shopper's own faults do not count.",
            Query("1 - slo:errors:ratio_rate1h", "{{slo}}"),
            unit="percentunit",
            limits=at_least(0.95),
            overrides=[limited("availability", at_least(0.995))],
            when_empty="no traffic",
        ),
        numbers(
            "Shoppers wait in line",
            "Age of the next try-on of a shopper that no generator has yet. Normal: below a second. 60 s "
            "wake somebody.",
            Query('max(wearon_queue_oldest_seconds{queue=~"tasks|waiting_b2c|celery_b2c"})', "oldest"),
            unit="s",
            limits=at_most(60, doubtful=10),
            width=QUARTER,
        ),
        numbers(
            "Money that is not right",
            "Sessions of the last 24 h whose charge was neither kept for a picture nor given back. Normal: "
            "0, always.",
            Query("slo:credit_imbalances:max", "imbalances"),
            limits=at_most(1),
            width=QUARTER,
        ),
        graph(
            "How fast the promises' allowance burns",
            "Errors of the last hour against what is allowed: 1 uses up exactly a month's allowance in a "
            "month. From 6 on it is gone in five days, from 14.4 on in two.",
            Query("slo:burn:ratio_rate1h", "{{slo}}"),
            limits=_BURN,
        ),
        stacked(
            "How try-ons end",
            "Sessions a minute. Normal: nearly all completed; failures by the shopper's picture are no "
            "fault of ours.",
            Query(per_minute("wearon_tasks_total", match='{outcome="completed"}'), "completed"),
            Query(
                per_minute("wearon_tasks_total", match=f'{{outcome="failed", reason!~"{_SHOPPERS}"}}'),
                "failed",
            ),
            Query(
                per_minute("wearon_tasks_total", match=f'{{outcome="failed", reason=~"{_SHOPPERS}"}}'),
                "failed by the shopper's picture",
            ),
            unit="opm",
            links=[to_logs("generator", "error")],
        ),
        graph(
            "Until the picture is there",
            "Seconds since the shopper asked. Normal: half within 25 s, 19 of 20 within 45 s.",
            Query("slo:generation_seconds:p95_5m", "19 of 20"),
            Query(share_of_time(0.5, "wearon_task_age_seconds", match=_PICTURES), "half"),
            unit="s",
            limits=at_most(45),
        ),
        graph(
            "Until the size is there",
            "Seconds of a request for a size. Normal: 19 of 20 within 1 s; 3 s are promised, and after 5 s "
            "the app gives up.",
            Query("slo:sizing_seconds:p95_5m", "19 of 20"),
            unit="s",
            limits=at_most(3),
        ),
    ],
)
