import pytest
from prometheus_client import CollectorRegistry

from scripts.write_metrics import PAGE, page, registries


def test_the_page_shows_the_metrics_that_the_services_have() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m scripts.write_metrics"


@pytest.mark.parametrize("registry", registries().values(), ids=registries().keys())
def test_names_follow_the_conventions(registry: CollectorRegistry) -> None:
    for family in registry.collect():
        assert family.documentation
        if family.type == "histogram":
            assert family.name.endswith(("_seconds", "_ratio", "_bytes"))
        if "time" in family.name:
            assert family.name.endswith("_timestamp_seconds") or family.name == "process_start_time_seconds"


@pytest.mark.parametrize("registry", registries().values(), ids=registries().keys())
def test_a_service_shows_at_most_a_thousand_series_of_its_own(registry: CollectorRegistry) -> None:
    assert sum(len(family.samples) for family in registry.collect()) < 1000
