"""Grafana's dashboards, as their files say them."""

import json
import re
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from wearon_devkit.checkout import CHECKOUT

FOLDER = CHECKOUT / "infra" / "monitoring" / "grafana" / "dashboards"
_VARIABLE = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class PanelFile:
    """One panel, and the dashboard that it is on."""

    dashboard: dict[str, Any]
    panel: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.dashboard['uid']}: {self.panel['title']}"

    @property
    def expressions(self) -> list[str]:
        """What it asks."""
        return [target["expr"] for target in self.panel["targets"]]

    @property
    def variables(self) -> set[str]:
        """The names of all variables in what it asks."""
        return {name for expression in self.expressions for name in _VARIABLE.findall(expression)}

    @property
    def links(self) -> list[str]:
        """Where a click on a value leads."""
        return [link["url"] for link in self.panel["fieldConfig"]["defaults"]["links"]]


def all_dashboards() -> dict[str, dict[str, Any]]:
    """Map each dashboard's uid to what its file says."""
    read = sorted((json.loads(path.read_text()) for path in FOLDER.glob("*.json")), key=itemgetter("title"))
    return {dashboard["uid"]: dashboard for dashboard in read}


def all_panels() -> list[PanelFile]:
    """List every panel of every dashboard."""
    return [PanelFile(each, panel) for each in all_dashboards().values() for panel in each["panels"]]
