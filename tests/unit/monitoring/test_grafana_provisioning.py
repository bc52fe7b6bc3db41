"""What Grafana is given at its start fits together, and fits the compose file and Prometheus' rules."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from unit.monitoring.alert_rules import AlertRule

from wearon_devkit.checkout import CHECKOUT

PROVISIONING = CHECKOUT / "infra" / "monitoring" / "grafana" / "provisioning"
ALERTING = PROVISIONING / "alerting"
COMPOSE = CHECKOUT / "docker-compose.prod.yml"


def read(name: str) -> Any:  # noqa: ANN401 - each file is another thing
    return yaml.safe_load((ALERTING / name).read_text())


def rules() -> dict[str, dict[str, Any]]:
    [group] = read("rules.yml")["groups"]
    return {rule["title"]: rule for rule in group["rules"]}


def routes() -> list[dict[str, Any]]:
    [policy] = read("policies.yml")["policies"]
    found: list[dict[str, Any]] = policy["routes"]
    return found


def words(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, dict):
        yield from (word for each in value.values() for word in words(each))
    elif isinstance(value, list):
        yield from (word for each in value for word in words(each))
    else:
        yield str(value)


def test_grafana_is_given_every_variable_that_its_contact_points_name() -> None:
    named = {name for word in words(read("contact-points.yml")) for name in re.findall(r"\$(\w+)", word)}
    grafana = yaml.safe_load(COMPOSE.read_text())["services"]["grafana"]["environment"]

    assert named == {"WHATSAPP_RECIPIENT", "WHATSAPP_TOKEN", "ALERT_WEBHOOK_URL"}
    assert named <= grafana.keys()


def test_no_other_file_but_the_contact_points_takes_anything_from_the_environment() -> None:
    # In these a dollar sign is Grafana's or PromQL's own: neither is expanded.
    kept = re.compile(r"^ *(?:expr|runbook|summary): .*$|^ *ALERTS.*$|\$\$|#.*", re.MULTILINE)
    for path in PROVISIONING.rglob("*.yml"):
        assert path.name == "contact-points.yml" or "$" not in kept.sub("", path.read_text()), path.name


def test_every_severity_goes_both_ways_and_pages_go_at_once() -> None:
    ways = {point["name"] for point in read("contact-points.yml")["contactPoints"]}
    for severity in ("page", "warn"):
        own = [route for route in routes() if ["severity", "=", severity] in route["object_matchers"]]
        assert {route["receiver"] for route in own} == ways
        assert all(route["continue"] for route in own[:-1])
        assert severity == "warn" or all(route["group_wait"] == "10s" for route in own)


def test_the_rules_hand_on_exactly_the_severities_that_prometheus_gives() -> None:
    handed_on = {title for title, rule in rules().items() if rule["condition"] == "fires"}

    assert handed_on == {rule.severity for rule in AlertRule.all()} - {"none"}
    for title in handed_on:
        [query, _threshold] = rules()[title]["data"]
        assert f'alertstate="firing", severity="{title}"' in query["model"]["expr"]
        assert rules()[title]["labels"]["severity"] == title


def test_prometheus_name_of_an_alert_survives_grafana_s_own() -> None:
    for title in ("page", "warn"):
        expr = rules()[title]["data"][0]["model"]["expr"]
        assert '"alert", "$1", "alertname", "(.+)"' in expr
        assert "max without (alertname, alertstate)" in expr


def test_the_message_names_the_runbook_that_is_there() -> None:
    template = rules()["page"]["annotations"]["runbook"]
    [(pattern, replacement)] = re.findall(r'reReplaceAll "(.+)" "(.+)" \$labels\.alert \| toLower', template)
    for rule in AlertRule.all():
        kebab = re.sub(pattern, replacement.replace("$", "\\"), rule.name).lower()
        page = re.sub(r"\{\{.*\}\}", kebab, template)
        assert page == rule.runbook
        assert (CHECKOUT / page).exists()


def test_a_prometheus_that_decides_nothing_is_an_alarm_of_its_own() -> None:
    watchdog = rules()["watchdog"]

    assert watchdog["noDataState"] == watchdog["execErrState"] == "Alerting"
    assert watchdog["labels"]["severity"] == "page"
    assert all(rules()[title]["noDataState"] == "OK" for title in ("page", "warn"))


def test_every_template_that_a_message_uses_is_defined_once() -> None:
    [templates] = [each["template"] for each in read("templates.yml")["templates"]]
    defined = re.findall(r'define "([^"]+)"', templates)
    texts = [templates, *words(read("contact-points.yml"))]
    used = {name for text in texts for name in re.findall(r'template "([^"]+)"', text)}

    assert len(defined) == len(set(defined))
    assert used == set(defined)


def test_every_file_names_a_data_source_that_exists() -> None:
    sources = yaml.safe_load((PROVISIONING / "datasources" / "datasources.yml").read_text())["datasources"]
    asked = {query["datasourceUid"] for rule in rules().values() for query in rule["data"]}

    assert asked - {"__expr__"} <= {source["uid"] for source in sources}
    assert {source["uid"] for source in sources} == {"prometheus", "loki"}
