"""A dashboard: panels from left to right and from top to bottom, and what all dashboards have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.dashboards.panel import WHOLE_WIDTH, Panel
from scripts.dashboards.variable import Variable

_TAG = "wearon"
_SCHEMA = 41  # the form of the JSON; Grafana brings older ones up to its own


@dataclass(frozen=True)
class Dashboard:
    """A dashboard; `uid` is its name in addresses, `question` what it answers."""

    uid: str
    title: str
    question: str
    panels: Sequence[Panel]
    variables: Sequence[Variable] = ()
    hours: int = 3

    def as_json(self) -> dict[str, Any]:
        """Return what Grafana reads."""
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.question,
            "tags": [_TAG],
            "editable": False,
            "graphTooltip": 1,  # one crosshair through all panels
            "links": [_TO_THE_OTHERS],
            "panels": list(self._placed()),
            "refresh": "30s",
            "schemaVersion": _SCHEMA,
            "templating": {"list": [variable.as_json() for variable in self.variables]},
            "time": {"from": f"now-{self.hours}h", "to": "now"},
            "timezone": "browser",
            "version": 1,
        }

    def _placed(self) -> Iterator[dict[str, Any]]:
        x = y = row_height = 0
        for number, panel in enumerate(self.panels, start=1):
            if x + panel.width > WHOLE_WIDTH:
                x, y, row_height = 0, y + row_height, 0
            yield panel.as_json(number, x, y)
            x, row_height = x + panel.width, max(row_height, panel.height)


_TO_THE_OTHERS = {
    "type": "dashboards",
    "tags": [_TAG],
    "title": "WearOn",
    "icon": "dashboard",
    "tooltip": "the other dashboards, for the same time",
    "asDropdown": False,
    "includeVars": False,
    "keepTime": True,
    "targetBlank": False,
}
