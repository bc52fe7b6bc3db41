"""Rules, and the cases that prove them, are about series that the services really have."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from dashboards import all_panels

from scripts.write_metrics import registries
from wearon_devkit.checkout import ALERT_RULES
from wearon_generator.failures import ImageUnreachable, ImageUnusable, ModerationBlocked, RequestTooLarge

FILES = [*sorted(ALERT_RULES.glob("*.yml")), *sorted(ALERT_RULES.parent.glob("tests/*.yml"))]
_SELECTOR = re.compile(r"\b(wearon_\w+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
# These are Prometheus' own.
_FROM_SCRAPING = {"job", "instance"}


@cache
def series() -> Mapping[str, list[Mapping[str, str]]]:
    """Map each metric that a service of ours has right after its start to its label sets."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for registry in registries().values():
        for family in registry.collect():
            for sample in family.samples:
                found.setdefault(sample.name, []).append(sample.labels)
    return found


def selectors(file: Path) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    for name, matchers in _SELECTOR.findall(file.read_text()):
        yield name, [each for each in _MATCHER.findall(matchers) if each[0] not in _FROM_SCRAPING]


def selects(labels: Mapping[str, str], matchers: list[tuple[str, str, str]]) -> bool:
    return all(_holds(labels.get(label, ""), operator, value) for label, operator, value in matchers)


def _holds(has: str, operator: str, value: str) -> bool:
    is_equal = bool(re.fullmatch(value, has)) if "~" in operator else has == value
    return is_equal != operator.startswith("!")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_selector_selects_something(file: Path) -> None:
    for name, matchers in selectors(file):
        assert any(selects(labels, matchers) for labels in series().get(name, [])), (name, matchers)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_alternative_of_a_matcher_is_a_value_of_its_label(file: Path) -> None:
    for name, matchers in selectors(file):
        for label, operator, value in matchers:
            known = {labels.get(label) for labels in series()[name]}
            alternatives = value.split("|") if "~" in operator else [value]
            assert {each for each in alternatives if each.isidentifier()} <= known, (name, label)


def test_the_same_failures_are_the_shoppers_own_wherever_they_are_told_from_ours() -> None:
    own = (ImageUnusable, ImageUnreachable, RequestTooLarge, ModerationBlocked)
    dashboards = [expression for panel in all_panels() for expression in panel.expressions]
    rules = [file.read_text() for file in ALERT_RULES.glob("*.yml")]
    told_apart = re.findall(
        r'wearon_tasks_total\{outcome="failed", reason[!=]~"([^"]+)"', " ".join(dashboards + rules)
    )
    assert len(told_apart) > 2
    assert {frozenset(reasons.split("|")) for reasons in told_apart} == {frozenset(f.reason for f in own)}
