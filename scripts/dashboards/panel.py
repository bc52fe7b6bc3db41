"""One panel: what it asks, what its numbers are, and how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from scripts.dashboards.limits import NONE, Limits
from scripts.dashboards.query import PROMETHEUS, Query, Source

WHOLE_WIDTH = 24  # columns of Grafana's grid


@dataclass(frozen=True)
class Link:
    """Where a click on a value leads."""

    title: str
    url: str


@dataclass(frozen=True)
class Panel:
    """A panel. `about` says what is normal; `unit` is Grafana's name of the unit of all its numbers."""

    kind: str
    title: str
    about: str
    queries: Sequence[Query]
    unit: str = "short"
    limits: Limits = NONE
    links: Sequence[Link] = ()
    width: int = WHOLE_WIDTH // 2
    height: int = 8
    source: Source = PROMETHEUS
    when_empty: str = "nothing"
    least: float | None = 0
    most: float | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    overrides: Sequence[Mapping[str, Any]] = ()
    transformations: Sequence[Mapping[str, Any]] = ()

    def as_json(self, number: int, x: int, y: int) -> dict[str, Any]:
        """Return Grafana's form of it, placed on the grid."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.about,
            "datasource": self.source.as_json(),
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "targets": [
                self.source.target(letter, query)
                for letter, query in zip(ascii_uppercase, self.queries, strict=False)
            ],
            "fieldConfig": {"defaults": self._defaults(), "overrides": list(self.overrides)},
            "options": dict(self.options),
            "transformations": list(self.transformations),
        }

    def _defaults(self) -> dict[str, Any]:
        ends = {"min": self.least, "max": self.most}
        return {
            "unit": self.unit,
            "noValue": self.when_empty,
            "thresholds": self.limits.as_json(),
            "links": [{"title": link.title, "url": link.url} for link in self.links],
            "custom": dict(self.custom),
            **{name: value for name, value in ends.items() if value is not None},
        }
