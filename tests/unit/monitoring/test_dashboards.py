"""What somebody who is woken at night can rely on when they open a dashboard."""

import re
from itertools import pairwise

import pytest
from dashboards import FOLDER, PanelFile, all_dashboards, all_panels

from scripts.write_dashboards import files
from wearon_devkit.checkout import CHECKOUT

PANELS = all_panels()
BUILT_IN = {"__rate_interval", "__range", "__auto"}
# Grafana's names. A misspelt one is shown as text behind the number.
UNITS = {"short", "s", "dtdurations", "percentunit", "bytes", "currencyUSD", "opm", "reqpm"}
TELLS_UNIT = {  # by the end of a metric's name
    "_seconds": {"s", "dtdurations"},
    "_bytes": {"bytes", "percentunit"},
    "_usd_total": {"currencyUSD"},
    "_ratio": {"percentunit"},
}

each_panel = pytest.mark.parametrize("panel", PANELS, ids=str)


def test_grafana_reads_what_the_script_writes() -> None:
    found = {path.name: path.read_text() for path in FOLDER.iterdir()}

    assert found == files(), "python -m scripts.write_dashboards"


def test_each_dashboard_answers_one_question_with_few_panels() -> None:
    for dashboard in all_dashboards().values():
        assert dashboard["description"], dashboard["title"]
        assert len(dashboard["panels"]) <= 10, dashboard["title"]


def test_panels_fill_the_grid_without_overlapping() -> None:
    for dashboard in all_dashboards().values():
        places = [panel["gridPos"] for panel in dashboard["panels"]]
        assert all(place["x"] + place["w"] <= 24 for place in places)
        for before, after in pairwise(places):
            same_row = before["y"] == after["y"]
            assert after["x"] == before["x"] + before["w"] if same_row else after["x"] == 0
            assert same_row or after["y"] >= before["y"] + before["h"]


@each_panel
def test_a_panel_says_what_is_normal(panel: PanelFile) -> None:
    about = panel.panel["description"]
    assert len(about) > 20
    assert about.endswith(".")


@each_panel
def test_a_panel_asks_a_data_source_that_is_provisioned(panel: PanelFile) -> None:
    provisioned = (
        CHECKOUT / "infra" / "monitoring" / "grafana" / "provisioning" / "datasources" / "datasources.yml"
    ).read_text()
    asked = {panel.panel["datasource"]["uid"], *(one["datasource"]["uid"] for one in panel.panel["targets"])}
    assert len(asked) == 1
    assert f"uid: {asked.pop()}\n" in provisioned


@each_panel
def test_every_variable_in_a_query_is_there_to_be_chosen(panel: PanelFile) -> None:
    defined = {variable["name"] for variable in panel.dashboard["templating"]["list"]}
    assert panel.variables <= defined | BUILT_IN


def test_every_variable_to_be_chosen_changes_something() -> None:
    for uid, dashboard in all_dashboards().items():
        used = {name for panel in PANELS if panel.dashboard["uid"] == uid for name in panel.variables}
        assert {variable["name"] for variable in dashboard["templating"]["list"]} <= used


@each_panel
def test_numbers_have_the_unit_that_their_metric_says(panel: PanelFile) -> None:
    unit = panel.panel["fieldConfig"]["defaults"]["unit"]
    assert unit in UNITS
    counts = any(word in expression for expression in panel.expressions for word in ("_count", "increase("))
    shares = any(" / " in expression for expression in panel.expressions)
    for end, allowed in TELLS_UNIT.items():
        measured = any(re.search(rf"{end}(_bucket)?\b", expression) for expression in panel.expressions)
        if measured and not counts and not shares:
            assert unit in allowed | ({"dtdurations"} if end == "_seconds" else set()), end


@each_panel
def test_a_link_to_the_logs_fills_in_what_can_be_chosen_there(panel: PanelFile) -> None:
    known = all_dashboards()
    for url in panel.links:
        path, _, query = url.partition("?")
        there = known[path.removeprefix("/d/")]
        chosen = {name.removeprefix("var-") for name in re.findall(r"(var-\w+)=", query)}
        assert chosen <= {variable["name"] for variable in there["templating"]["list"]}
        assert "${__url_time_range}" in query


@each_panel
def test_a_label_that_a_link_hands_on_is_one_of_the_panel_s_series(panel: PanelFile) -> None:
    for url in panel.links:
        for label in re.findall(r"\$\{__field\.labels\.(\w+)\}", url):
            assert all(re.search(rf"sum by \([^)]*\b{label}\b", one) for one in panel.expressions), label


def test_numbers_of_the_logs_by_level_service_and_id_are_one_click_away() -> None:
    chosen = {variable["name"] for variable in all_dashboards()["wearon-logs"]["templating"]["list"]}

    assert chosen == {"service", "level", "text"}
    assert sum(bool(panel.links) for panel in PANELS) >= 10
