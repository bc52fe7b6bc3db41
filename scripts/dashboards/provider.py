"""Whether OpenAI serves us, and what it costs."""

from scripts.dashboards.dashboard import Dashboard
from scripts.dashboards.drawing import HALF, QUARTER, graph, numbers, stacked
from scripts.dashboards.limits import at_least, at_most
from scripts.dashboards.query import Query, per_minute, share_of_time
from scripts.dashboards.to_logs import to_logs

_CALLS, _COST = "wearon_provider_calls_total", "wearon_provider_cost_usd_total"

PROVIDER = Dashboard(
    uid="wearon-provider",
    title="3 Provider and cost",
    question="Does OpenAI serve us, do we ask as much as we may, and what does it cost?",
    panels=[
        numbers(
            "Calls that brought a picture",
            "Share of the last 5 minutes' calls. Normal: above 95 %; refused pictures of shoppers lower it, "
            "too.",
            Query(
                f'sum(rate({_CALLS}{{status="ok"}}[5m])) / sum(rate({_CALLS}{{status!="cancelled"}}[5m]))',
                "answered",
            ),
            unit="percentunit",
            limits=at_least(0.95, doubtful=0.7),
            when_empty="no calls",
            width=QUARTER,
        ),
        numbers(
            "Everybody pauses for",
            "Seconds for which no generator calls, because OpenAI said so. Normal: 0.",
            Query("clamp_min(max(wearon_limiter_paused_until_timestamp_seconds) - time(), 0)", "pause"),
            unit="s",
            limits=at_most(60, doubtful=1),
            width=QUARTER,
        ),
        numbers(
            "Spent",
            "US dollars for calls that were answered, at the prices in the settings.",
            Query(f"sum(increase({_COST}[1h]))", "last hour"),
            Query(f"sum(increase({_COST}[24h]))", "last day"),
            Query(f'sum(increase({_COST}[24h])) / sum(increase({_CALLS}{{status="ok"}}[24h]))', "a picture"),
            unit="currencyUSD",
            width=HALF,
        ),
        stacked(
            "Calls by how they ended",
            "Calls a minute. Normal: ok. quota, auth and model_gone end by a person's hand only; timeout "
            "and bad_answer were perhaps billed.",
            Query(per_minute(_CALLS, "status") + " > 0", "{{status}}"),
            unit="opm",
            links=[to_logs("generator", "warning")],
        ),
        graph(
            "Seconds of a call that brought a picture",
            "Normal: half within 25 s, 19 of 20 within 40 s.",
            Query(share_of_time(0.95, "wearon_provider_call_seconds", match='{status="ok"}'), "19 of 20"),
            Query(share_of_time(0.5, "wearon_provider_call_seconds", match='{status="ok"}'), "half"),
            unit="s",
            limits=at_most(45),
        ),
        graph(
            "What we ask, and what we may",
            "Permits a minute for all generators together, and OPENAI_REQUESTS_PER_MINUTE. At the line "
            "try-ons wait.",
            Query(per_minute("wearon_limiter_permits_total"), "given out"),
            Query("max(wearon_limiter_rate_limit)", "allowed"),
            Query(per_minute("wearon_limiter_refusals_total"), "refused"),
            unit="opm",
        ),
        graph(
            "Seconds that a call waited for its permit",
            "Normal: below 1 s, in a burst more. It is part of a shopper's 45 s.",
            Query(share_of_time(0.95, "wearon_limiter_wait_seconds"), "19 of 20"),
            unit="s",
            limits=at_most(20, doubtful=5),
        ),
        stacked(
            "US dollars an hour",
            "What the moment's pace costs, by channel.",
            Query(f"3600 * sum by (channel) (rate({_COST}[$__rate_interval]))", "{{channel}}"),
            unit="currencyUSD",
        ),
        graph(
            "Tokens of a picture",
            "Billed tokens for each call that was answered. Normal: constant; a step is another model, size "
            "or quality.",
            Query(
                "sum by (kind) (rate(wearon_provider_tokens_total[$__rate_interval]))"
                f' / on () group_left () sum(rate({_CALLS}{{status="ok"}}[$__rate_interval]) > 0)',
                "{{kind}}",
            ),
        ),
        stacked(
            "Calls that were repeated",
            "Retries a minute within one delivery, by what failed. Normal: next to none.",
            Query(per_minute("wearon_retries_total", "dependency"), "{{dependency}}"),
            unit="opm",
            links=[to_logs("generator", text="retry_scheduled")],
        ),
    ],
)
