"""The few ways in which our panels are drawn."""

from collections.abc import Sequence
from typing import Any

from scripts.dashboards.limits import Limits
from scripts.dashboards.panel import WHOLE_WIDTH, Panel
from scripts.dashboards.query import LOKI, Query

_LAST = {"calcs": ["lastNotNull"], "fields": "", "values": False}
_BELOW = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
_ALL_AT_ONCE = {"mode": "multi", "sort": "desc", "hideZeros": True}


def graph(title: str, about: str, *queries: Query, **how: Any) -> Panel:  # noqa: ANN401 - fields of Panel
    """Draw lines over time, and the limits as dashed lines."""
    return _over_time(title, about, queries, {"lineWidth": 2, "fillOpacity": 8}, how)


def stacked(title: str, about: str, *queries: Query, **how: Any) -> Panel:  # noqa: ANN401 - fields of Panel
    """Draw bars over time, one on the other: their sum means something."""
    bars = {"drawStyle": "bars", "fillOpacity": 80, "lineWidth": 0, "stacking": {"mode": "normal"}}
    return _over_time(title, about, queries, bars, how)


def numbers(title: str, about: str, *queries: Query, **how: Any) -> Panel:  # noqa: ANN401 - fields of Panel
    """Write the newest values large, in the colour that their limits give them."""
    options = {
        "reduceOptions": _LAST,
        "colorMode": "background",
        "graphMode": "none",
        "justifyMode": "center",
        "textMode": "value_and_name",
    }
    return Panel("stat", title, about, queries, options=options, **{"height": 5, **how})


def bars(title: str, about: str, *queries: Query, **how: Any) -> Panel:  # noqa: ANN401 - fields of Panel
    """Compare the newest values by bars."""
    options = {
        "reduceOptions": _LAST,
        "orientation": "horizontal",
        "displayMode": "basic",
        "valueMode": "text",
    }
    return Panel("bargauge", title, about, queries, options=options, **how)


def spread(title: str, about: str, query: Query, **how: Any) -> Panel:  # noqa: ANN401 - fields of Panel
    """Show how a histogram's events spread over its buckets, over time."""
    options = {
        "calculate": False,
        "color": {"mode": "scheme", "scheme": "Blues", "steps": 32, "exponent": 0.5},
        "yAxis": {"unit": how["unit"]},
        "legend": {"show": False},
        "tooltip": {"mode": "single", "yHistogram": False},
        "cellGap": 1,
    }
    return Panel("heatmap", title, about, [query], options=options, **how)


def lines(title: str, about: str, query: Query, **how: Any) -> Panel:  # noqa: ANN401 - fields of Panel
    """Show lines of logs, the newest first."""
    options = {
        "showTime": True,
        "wrapLogMessage": True,
        "enableLogDetails": True,
        "sortOrder": "Descending",
        "dedupStrategy": "none",
    }
    return Panel("logs", title, about, [query], source=LOKI, options=options, least=None, **how)


def table(title: str, about: str, query: Query, columns: Sequence[str], **how: Any) -> Panel:  # noqa: ANN401 - as above
    """List the newest samples; `columns` are labels or `Value`, in their order."""
    chosen = {"id": "filterFieldsByName", "options": {"include": {"names": list(columns)}}}
    order = {"indexByName": {name: place for place, name in enumerate(columns)}}
    transformations = [chosen, {"id": "organize", "options": order}]
    return Panel("table", title, about, [query], transformations=transformations, least=None, **how)


def limited(name: str, limits: Limits) -> dict[str, object]:
    """Return the override that gives one series other limits than its panel's."""
    thresholds = {"id": "thresholds", "value": limits.as_json()}
    return {"matcher": {"id": "byName", "options": name}, "properties": [thresholds]}


def renamed(column: str, name: str, unit: str) -> dict[str, object]:
    """Return the override that gives a column its heading and its unit."""
    properties = [{"id": "displayName", "value": name}, {"id": "unit", "value": unit}]
    return {"matcher": {"id": "byName", "options": column}, "properties": properties}


def _over_time(
    title: str, about: str, queries: Sequence[Query], custom: dict[str, Any], how: dict[str, Any]
) -> Panel:
    limits: Limits | None = how.get("limits")
    drawn = {"thresholdsStyle": {"mode": "dashed" if limits and limits.are_drawn else "off"}}
    options = {"legend": _BELOW, "tooltip": _ALL_AT_ONCE}
    quiet = {"showPoints": "never", "spanNulls": False}
    return Panel(
        "timeseries", title, about, queries, custom={**quiet, **custom, **drawn}, options=options, **how
    )


HALF, THIRD, QUARTER = WHOLE_WIDTH // 2, WHOLE_WIDTH // 3, WHOLE_WIDTH // 4
