"""What the logs say, and one request's whole life by its id."""

from scripts.dashboards.dashboard import Dashboard
from scripts.dashboards.drawing import THIRD, bars, lines, stacked
from scripts.dashboards.panel import WHOLE_WIDTH
from scripts.dashboards.query import LOKI, Query
from scripts.dashboards.variable import Choice, LogLabel, Text

_LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "unknown")
_CHOSEN = '{service=~"$service", level=~"$level"} |= "$text"'
_BAD = '{service=~"$service", level=~"error|critical"} |= "$text"'
# Lines that are no JSON have no field: they are not counted, instead of being an error of the query.
_REQUESTS = '{service="nginx"} |= "$text" | json status="status" | __error__="" | status!=""'
_EVENTS = f'{_CHOSEN} | json event="event" | __error__="" | event!=""'

LOGS = Dashboard(
    uid="wearon-logs",
    title="7 Logs",
    question="What did it say? Paste a request's or a session's id into “contains” for its whole life.",
    hours=1,
    variables=[
        LogLabel("service", "Service"),
        Choice("level", "Level", _LEVELS),
        Text("text", "contains"),
    ],
    panels=[
        stacked(
            "Lines by level",
            "Lines in each step. Normal: info. A wall of one colour is where to look.",
            Query(f"sum by (level) (count_over_time({_CHOSEN} [$__auto]))", "{{level}}"),
            source=LOKI,
            width=THIRD,
        ),
        stacked(
            "Errors by service",
            "Lines of the levels error and critical in each step. Normal: none.",
            Query(f"sum by (service) (count_over_time({_BAD} [$__auto]))", "{{service}}"),
            source=LOKI,
            width=THIRD,
        ),
        stacked(
            "Nginx's answers by status",
            "Requests in each step, all paths. Normal: 200 and 30x; 502 and 504 mean that nobody stands "
            "behind it.",
            Query(f"sum by (status) (count_over_time({_REQUESTS} [$__auto]))", "{{status}}"),
            source=LOKI,
            width=THIRD,
        ),
        bars(
            "The most frequent events",
            "How often in this time. One that is new here is a good guess.",
            Query(
                f"topk(10, sum by (event) (count_over_time({_EVENTS} [$__range])))", "{{event}}", instant=True
            ),
            source=LOKI,
            width=WHOLE_WIDTH,
        ),
        lines(
            "Lines",
            "The newest first. A line's details have its request_id and session_id: their links show the "
            "whole life of that request, in all services.",
            Query(_CHOSEN),
            width=WHOLE_WIDTH,
            height=18,
            when_empty="No such line in this time.",
        ),
    ],
)
