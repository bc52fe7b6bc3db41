"""Grafana's own grammar takes every query for the logs: those of the dashboards, and those to copy."""

import re

from contract.logql_grammar import queries_with_mistakes
from dashboards import all_panels

from wearon_devkit.checkout import CHECKOUT


def test_every_query_of_the_dashboards_for_loki_is_logql() -> None:
    asked = [one for panel in all_panels() if _asks_loki(panel.panel) for one in panel.expressions]
    assert len(asked) >= 5

    assert queries_with_mistakes([_filled_in(query) for query in asked]) == []


def test_every_query_to_copy_from_the_documentation_is_logql() -> None:
    page = (CHECKOUT / "docs" / "monitoring.md").read_text()
    [block] = re.findall(r"```logql\n(.*?)```", page, re.DOTALL)
    queries = [line for line in block.splitlines() if line and not line.startswith("#")]
    assert len(queries) >= 5

    assert queries_with_mistakes(queries) == []


def test_a_query_with_a_mistake_is_found() -> None:
    assert queries_with_mistakes(['{service="nginx"} |= "x', '{service="nginx"}']) == [
        '{service="nginx"} |= "x'
    ]


def _asks_loki(panel: dict[str, dict[str, str]]) -> bool:
    return panel["datasource"]["type"] == "loki"


def _filled_in(query: str) -> str:
    return re.sub(r"\$\w+", "x", re.sub(r"\$__\w+", "1m", query))
