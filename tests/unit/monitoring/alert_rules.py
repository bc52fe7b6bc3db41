"""The alert rules as their files write them: one key a line, in an order that is always the same."""

import re
from dataclasses import dataclass
from typing import Self

from wearon_devkit.checkout import ALERT_RULES

_ALERT = re.compile(
    r"- alert: (?P<name>\w+)\n"
    r" +expr: (?P<expression>.*?)\n"
    r"(?: +for: \w+\n)?"
    r" +labels:\n +severity: (?P<severity>\w+)\n +summary: &(?P<anchor>\S+) (?P<summary>[^\n]+)\n"
    r" +annotations:\n +summary: \*(?P<same>\S+)\n +description: (?P<description>[^\n]+)\n"
    r" +runbook_url: (?P<runbook>\S+)\n",
    re.DOTALL,
)
_NAME = re.compile(r"- alert: (\w+)")


@dataclass(frozen=True)
class AlertRule:
    """One alert, in words."""

    name: str
    expression: str
    severity: str
    anchor: str
    summary: str
    same: str
    description: str
    runbook: str

    @property
    def kebab(self) -> str:
        """The name as a file name: `NoConsumer` is `no-consumer`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", self.name).lower()

    @classmethod
    def all(cls) -> list[Self]:
        """Read every rule that is written as all should be."""
        text = "\n".join(file.read_text() for file in sorted(ALERT_RULES.glob("*.yml")))
        return [cls(**match.groupdict()) for match in _ALERT.finditer(text)]


def names_of_alerts() -> list[str]:
    """List the names of all alerts, however they are written."""
    return [name for file in sorted(ALERT_RULES.glob("*.yml")) for name in _NAME.findall(file.read_text())]
