"""Where on its way a try-on loses its time, or its life."""

from scripts.dashboards.dashboard import Dashboard
from scripts.dashboards.drawing import THIRD, graph, spread, stacked
from scripts.dashboards.limits import at_most
from scripts.dashboards.panel import WHOLE_WIDTH
from scripts.dashboards.query import Query, per_minute, share_of_time
from scripts.dashboards.to_logs import to_logs
from scripts.dashboards.variable import Choice

_AGE = "wearon_task_age_seconds"
_CHANNEL = 'channel=~"$channel"'
_REASON = "${__field.labels.reason}"

GENERATION = Dashboard(
    uid="wearon-generation",
    title="2 Generation",
    question="Where on its way does a try-on lose its time, or its life?",
    variables=[Choice("channel", "Channel", ("b2c", "b2b"))],
    panels=[
        graph(
            "A try-on's way: 19 of 20 are this far",
            "Age at each step. dispatched: in line for a generator; claimed: a generator has it; called: "
            "the first call of OpenAI begins; completed: the picture is there. Normal: called within 5 s, "
            "completed within 45 s. What lies between two lines is the time that this stage takes.",
            Query(share_of_time(0.95, _AGE, "step", f'{{{_CHANNEL}, step!="failed"}}'), "{{step}}"),
            unit="s",
            limits=at_most(45),
        ),
        graph(
            "A try-on's way: half are this far",
            "As beside it, for the try-on in the middle. Normal: called within 2 s, completed within 25 s.",
            Query(share_of_time(0.5, _AGE, "step", f'{{{_CHANNEL}, step!="failed"}}'), "{{step}}"),
            unit="s",
            limits=at_most(45),
        ),
        spread(
            "Until the picture is there",
            "How many try-ons took how long. Two bands mean two kinds of try-ons: retried ones, or another "
            "channel.",
            Query(
                f'sum by (le) (increase({_AGE}_bucket{{{_CHANNEL}, step="completed"}}[$__rate_interval]))',
                "{{le}}",
                shape="heatmap",
            ),
            unit="s",
            width=WHOLE_WIDTH,
        ),
        stacked(
            "Deliveries by outcome",
            "What generators did with what they got, a minute. Normal: completed, some failed; skipped and "
            "retried are few.",
            Query(per_minute("wearon_tasks_total", "outcome", f"{{{_CHANNEL}}}"), "{{outcome}}"),
            unit="opm",
            width=THIRD,
            links=[to_logs("generator")],
        ),
        stacked(
            "Failures by reason",
            "Sessions a minute that ended as failed. image_… and moderation_blocked are the shopper's, "
            "provider_… OpenAI's, the rest ours. A click leads to the lines with this reason.",
            Query(
                per_minute("wearon_tasks_total", "reason", f'{{{_CHANNEL}, outcome="failed"}}') + " > 0",
                "{{reason}}",
            ),
            unit="opm",
            width=THIRD,
            links=[to_logs("generator", text=_REASON)],
        ),
        stacked(
            "Came to no end here",
            "Deliveries a minute that come back (retried), were nobody's business (skipped) or were left to "
            "somebody else (left). Normal: next to none. left, not_ended: the database did not answer.",
            Query(
                per_minute(
                    "wearon_tasks_total",
                    "outcome, reason",
                    f'{{{_CHANNEL}, outcome=~"retried|skipped|left"}}',
                )
                + " > 0",
                "{{outcome}} {{reason}}",
            ),
            unit="opm",
            width=THIRD,
            links=[to_logs("generator", text=_REASON)],
        ),
        graph(
            "In hand, and room for",
            "Try-ons that generators work on, and the most that they can. In hand at the top and a queue "
            "behind it: more generators, or a higher WORKER_CONCURRENCY.",
            Query("sum by (channel) (wearon_tasks_in_progress)", "in hand, {{channel}}"),
            Query("sum(wearon_worker_concurrency)", "room"),
        ),
        stacked(
            "Charges given back, or not",
            "Failed sessions a minute by what became of their charge. Normal: refunded, not_charged, "
            "already_ended. refund_failed and overage need a person.",
            Query(per_minute("wearon_refunds_total", "result", f"{{{_CHANNEL}}}") + " > 0", "{{result}}"),
            unit="opm",
            links=[to_logs("generator", text="${__field.labels.result}")],
        ),
        graph(
            "Seconds of a call to Supabase",
            "19 of 20 are over within this. Normal: below 0.5 s, upload below 2 s.",
            Query(share_of_time(0.95, "wearon_supabase_call_seconds", "operation"), "{{operation}}"),
            unit="s",
            limits=at_most(5),
        ),
        stacked(
            "Calls to Supabase that brought nothing",
            "Calls a minute. Normal: none. refused: a key, a right or a migration is missing; the others: "
            "it is away.",
            Query(per_minute("wearon_supabase_calls_total", "status", '{status!="ok"}'), "{{status}}"),
            unit="opm",
        ),
    ],
)
