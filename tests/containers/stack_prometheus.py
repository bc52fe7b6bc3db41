"""What the production stack's Prometheus answers."""

import json
from typing import Any

from containers.production_stack import ProductionStack
from processes import wait_for

_HERE = "http://127.0.0.1:9090"
_SCRAPED_WITHIN_S = 300


def series_of(stack: ProductionStack, expression: str, *how: str) -> list[dict[str, Any]]:
    """Give the series that `promtool query` prints; `how` is its kind of query and the flags of it."""
    answer = stack.inside("prometheus", "promtool", "query", *how, "--format=json", _HERE, expression)
    found: list[dict[str, Any]] = json.loads(answer or "null") or []
    return found


def wait_until_scraped(stack: ProductionStack, *jobs: str) -> None:
    """Wait until each job was scraped: what a counter has by then, Prometheus does not see it grow to."""

    def missing() -> set[str]:
        return set(jobs) - {one["metric"]["job"] for one in series_of(stack, "up == 1", "instant")}

    assert wait_for(lambda: not missing(), _SCRAPED_WITHIN_S, every_s=2), missing()
