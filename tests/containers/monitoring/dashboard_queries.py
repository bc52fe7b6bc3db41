"""What Grafana's dashboards ask Prometheus, with their variables filled in as at a reader's first look."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboards import all_panels

# Grafana's own, for the last quarter of an hour; whatever a reader may choose is everything at first.
_BUILT_IN = {"__rate_interval": "5m", "__range": "15m"}
_EVERYTHING = ".+"


@dataclass(frozen=True)
class PanelQuery:
    """One query of one panel."""

    dashboard: str
    panel: str
    expr: str
    instant: bool  # for this moment alone; else for the dashboard's whole time


def prometheus_queries() -> Iterator[PanelQuery]:
    """Give every query that goes to Prometheus."""
    for one in all_panels():
        if one.panel["datasource"]["type"] == "prometheus":
            for target in one.panel["targets"]:
                expr, names = _filled_in(target["expr"]), (one.dashboard["title"], one.panel["title"])
                yield PanelQuery(*names, expr, target["instant"])


def _filled_in(expression: str) -> str:
    return re.sub(r"\$(\w+)", lambda found: _BUILT_IN.get(found[1], _EVERYTHING), expression)
