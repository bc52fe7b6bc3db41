"""Prometheus' own tool takes our configuration, and proves when each alert fires and when it does not."""

from pathlib import Path

import pytest
from contract.prometheus_tools import PROMETHEUS, promtool, why_no_promtool

pytestmark = pytest.mark.skipif(why_no_promtool() is not None, reason=why_no_promtool() or "")


def test_the_configuration_and_the_rules_are_valid() -> None:
    assert "SUCCESS" in promtool("check", "config", "prometheus.yml")


@pytest.mark.parametrize("file", sorted(PROMETHEUS.glob("tests/*.yml")), ids=lambda file: file.stem)
def test_alerts_fire_when_they_must_and_stay_silent_when_they_must(file: Path) -> None:
    promtool("test", "rules", str(file))
