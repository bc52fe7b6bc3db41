"""What a real Prometheus answers to every panel."""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from containers.monitoring.dashboard_queries import PanelQuery
from containers.production_stack import ProductionStack
from containers.stack_prometheus import series_of

_LOOK_AGAIN_S = 10
_SHOWN_S = 900
_STEP_S = 15


@dataclass(frozen=True)
class Answered:
    """A query and how many of the series in its answer have a number."""

    query: PanelQuery
    series: int

    @property
    def is_empty(self) -> bool:
        """Whether a reader would see nothing."""
        return self.series == 0


def ask_all(stack: ProductionStack, queries: Iterable[PanelQuery], within_s: float) -> list[Answered]:
    """Ask every query, and those that are empty again: some need a rule or a scrape that is about to come."""
    answers = {query: _numbers(stack, query) for query in queries}
    deadline_s = time.monotonic() + within_s
    while not all(answers.values()) and time.monotonic() < deadline_s:
        time.sleep(_LOOK_AGAIN_S)
        answers |= {query: _numbers(stack, query) for query, found in answers.items() if not found}
    return [Answered(query, series) for query, series in answers.items()]


def as_markdown(answers: Sequence[Answered]) -> str:
    """Return one row for each dashboard, and the names of panels that are empty."""
    head = ["| dashboard | panels | queries | empty |", "|---|---|---|---|"]
    titles = dict.fromkeys(answer.query.dashboard for answer in answers)
    return "\n".join([*head, *(_row(title, answers) for title in titles)])


def _row(title: str, answers: Sequence[Answered]) -> str:
    own = [answer for answer in answers if answer.query.dashboard == title]
    panels = len({answer.query.panel for answer in own})
    empty = ", ".join(sorted({answer.query.panel for answer in own if answer.is_empty})) or "none"
    return f"| {title} | {panels} | {len(own)} | {empty} |"


def _numbers(stack: ProductionStack, query: PanelQuery) -> int:
    """Count the series that have a number somewhere in the time that the panel shows."""
    now = int(time.time())
    over = [f"--start={now - _SHOWN_S}", f"--end={now}", f"--step={_STEP_S}s"]
    how = ["instant"] if query.instant else ["range", *over]
    return sum(_has_a_number(series) for series in series_of(stack, query.expr, *how))


def _has_a_number(series: dict[str, Any]) -> bool:
    samples = series["values"] if "values" in series else [series["value"]]
    return not all(math.isnan(float(value)) for _time, value in samples)
