"""What a reader chooses at the top of a dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scripts.dashboards.query import LOKI

_ALL = {"text": "All", "value": "$__all"}


@dataclass(frozen=True)
class Choice:
    """One or several of these values, or all."""

    name: str
    label: str
    values: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """Return Grafana's form of it."""
        return {
            **_several(self.name, self.label),
            "type": "custom",
            "query": ",".join(self.values),
            "options": [{"text": value, "value": value} for value in self.values],
        }


@dataclass(frozen=True)
class LogLabel:
    """One or several values that a label of the logs has, or all."""

    name: str
    label: str

    def as_json(self) -> dict[str, Any]:
        """Return Grafana's form of it."""
        query = {"label": self.name, "refId": "values", "stream": "", "type": 1}
        asked = {"type": "query", "datasource": LOKI.as_json(), "query": query}
        return {**_several(self.name, self.label), **asked, "refresh": 2, "sort": 1}


@dataclass(frozen=True)
class Text:
    """Whatever somebody writes or pastes; nothing at first."""

    name: str
    label: str

    def as_json(self) -> dict[str, Any]:
        """Return Grafana's form of it."""
        nothing = {"text": "", "value": ""}
        return {"name": self.name, "label": self.label, "type": "textbox", "query": "", "current": nothing}


Variable = Choice | LogLabel | Text


def _several(name: str, label: str) -> dict[str, Any]:
    # A service that has never written matches, too: `.+`, not a list of those that have.
    every = {"includeAll": True, "allValue": ".+", "multi": True, "current": _ALL}
    return {"name": name, "label": label, **every}
