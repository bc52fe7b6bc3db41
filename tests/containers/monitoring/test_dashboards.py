"""Every panel of every dashboard shows something, once there is life in the shop."""

from collections.abc import Iterator

import pytest
from containers.engine import own_project
from containers.monitoring.dashboard_queries import prometheus_queries
from containers.monitoring.dashboard_report import Answered, as_markdown, ask_all
from containers.monitoring.dashboard_shop import watched_shop
from containers.production_stack import ProductionStack

RULES_COME_WITHIN_S = 90


@pytest.fixture(scope="module")
def stack(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionStack]:
    with watched_shop(own_project("dashboards"), tmp_path_factory.mktemp("shop")) as stack:
        yield stack


@pytest.fixture(scope="module")
def answers(stack: ProductionStack) -> list[Answered]:
    return ask_all(stack, prometheus_queries(), RULES_COME_WITHIN_S)


def test_no_panel_is_empty(answers: list[Answered], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{as_markdown(answers)}")  # noqa: T201 - the report is what one runs this for

    assert [(one.query.dashboard, one.query.panel, one.query.expr) for one in answers if one.is_empty] == []
