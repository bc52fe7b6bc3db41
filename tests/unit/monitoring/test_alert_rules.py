"""What somebody who is woken by an alert can rely on."""

import re

import pytest
from unit.monitoring.alert_rules import AlertRule, names_of_alerts

from wearon_devkit.checkout import ALERT_RULES, CHECKOUT

RULES = AlertRule.all()
RUNBOOKS = CHECKOUT / "docs" / "runbooks"
PROMETHEUS = ALERT_RULES.parent

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_every_alert_has_severity_summary_description_and_runbook() -> None:
    assert [rule.name for rule in RULES] == names_of_alerts()


def test_no_two_alerts_have_the_same_name_or_summary() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert len({rule.summary for rule in RULES}) == len(RULES)


@each_rule
def test_the_severity_is_one_that_grafana_routes(rule: AlertRule) -> None:
    assert rule.severity in ({"none"} if rule.name == "Watchdog" else {"page", "warn"})


@each_rule
def test_the_summary_is_one_sentence_without_values_and_the_same_as_label_and_annotation(
    rule: AlertRule,
) -> None:
    assert rule.summary.endswith(".")
    assert "{{" not in rule.summary
    assert rule.same == rule.anchor


@each_rule
def test_the_runbook_is_there_and_opens_with_severity_and_summary(rule: AlertRule) -> None:
    assert rule.runbook == f"docs/runbooks/{rule.kebab}.md"
    opening = " ".join((CHECKOUT / rule.runbook).read_text().split("\n\n")[1].split()).strip("*").casefold()
    assert opening.startswith(f"{rule.severity}: ")
    if rule.name != "Watchdog":
        assert opening == f"{rule.severity}: {rule.summary}".casefold()


def test_every_runbook_belongs_to_an_alert_and_the_index_has_them_all() -> None:
    pages = {page.stem for page in RUNBOOKS.glob("*.md")} - {"README"}
    assert pages == {rule.kebab for rule in RULES}
    assert set(re.findall(r"\]\(([a-z-]+)\.md\)", (RUNBOOKS / "README.md").read_text())) == pages


def test_every_link_of_a_runbook_leads_somewhere() -> None:
    for page in RUNBOOKS.glob("*.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
            assert (RUNBOOKS / link).exists(), f"{page.name}: {link}"


@each_rule
def test_a_promtool_case_expects_it_to_fire(rule: AlertRule) -> None:
    cases = "\n".join(file.read_text() for file in PROMETHEUS.glob("tests/*.yml"))
    listed = re.findall(r"labels: '\{alertname=\"(\w+)\"", cases)
    counted = re.findall(r"count\(ALERTS\{[^}]*alertname=\"(\w+)\"", cases)
    assert rule.name in {*listed, *counted}
