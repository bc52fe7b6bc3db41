"""Writes the metrics of the three services into `docs/monitoring.md`, as they are right after a start.

`python -m scripts.write_metrics`, with the packages of the workspace installed.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric

from wearon_consumer.metrics.everything import make_metrics as make_consumer_metrics
from wearon_generator.metrics.everything import make_metrics as make_generator_metrics
from wearon_generator.pricing import Prices
from wearon_generator.settings import GeneratorSettings
from wearon_sizing.http.app import create_app
from wearon_sizing.settings import SizingSettings

PAGE = Path(__file__).parent.parent / "docs" / "monitoring.md"
_OURS = "wearon_"
_FREE_LABELS = frozenset({"service", "version"})
_NOWHERE = "http://127.0.0.1"


def registries() -> Mapping[str, CollectorRegistry]:
    """Map each service to what it has registered before anything has happened."""
    sizing = CollectorRegistry()
    create_app(SizingSettings(redis_url="redis://127.0.0.1"), sizing)
    generator = GeneratorSettings(
        redis_url="redis://127.0.0.1",
        supabase_url=_NOWHERE,
        supabase_service_role_key="none",
        openai_api_key="none",
    )
    prices = Prices(Decimal(0), Decimal(0), Decimal(0))
    return {
        "consumer": make_consumer_metrics("").registry,
        "generator": make_generator_metrics(generator, prices).registry,
        "sizing": sizing,
    }


def page() -> str:
    """Give what the page must say."""
    text = PAGE.read_text(encoding="utf-8")
    for service, registry in registries().items():
        begin, end = f"<!-- metrics of {service} -->\n", f"<!-- end of metrics of {service} -->\n"
        before, rest = text.split(begin)
        text = f"{before}{begin}{_table(registry)}{end}{rest.split(end)[1]}"
    return text


def _table(registry: CollectorRegistry) -> str:
    families = sorted(registry.collect(), key=lambda family: family.name)
    rows = [_row(family) for family in families if family.name.startswith(_OURS)]
    return "| metric | type | labels | meaning |\n|---|---|---|---|\n" + "".join(rows)


def _row(family: Metric) -> str:
    name = f"{family.name}_total" if family.type == "counter" else family.name
    labels = "<br>".join(f"`{label}`: {shown}" for label, shown in _labels(family))
    return f"| `{name}` | {family.type} | {labels} | {family.documentation} |\n"


def _labels(family: Metric) -> Iterator[tuple[str, str]]:
    values: dict[str, dict[str, None]] = {}
    for sample in family.samples:
        for label, value in sample.labels.items():
            values.setdefault(label, {})[value] = None
    for label, seen in values.items():
        bounded = (value.removesuffix(".0") for value in seen if value != "+Inf")
        yield label, "…" if label in _FREE_LABELS else " ".join(bounded)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
