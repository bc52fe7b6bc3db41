"""What a service shows at /metrics, as a test reads it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import httpx
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

Series = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Scrape:
    """Every sample of one moment."""

    samples: Mapping[Series, float]

    @classmethod
    def of(cls, url: str) -> "Scrape":
        """Scrape a service."""
        text = httpx.get(f"{url}/metrics", timeout=5, trust_env=False).raise_for_status().text
        families = text_string_to_metric_families(text)
        return cls(
            {(sample.name, frozenset(sample.labels.items())): sample.value for sample in _samples(families)}
        )

    def has(self, name: str, /, **labels: str) -> bool:
        """Tell whether there is a sample of that name with all of these labels."""
        return bool(self._values(name, labels))

    def value(self, name: str, /, **labels: str) -> float:
        """Add up the samples of that name which have all of these labels; there must be one."""
        values = self._values(name, labels)
        assert values, f"{name}{labels} is not there"
        return sum(values)

    def since(self, earlier: "Scrape") -> "Scrape":
        """Tell by how much each sample has moved; those of both scrapes must be the same."""
        assert self.samples.keys() == earlier.samples.keys()
        return Scrape({series: value - earlier.samples[series] for series, value in self.samples.items()})

    def moved(self, name: str) -> dict[tuple[str, ...], float]:
        """Give the samples of that name that are not 0, by their label values in the order of the labels."""
        return {
            tuple(value for _label, value in sorted(labels)): value
            for (found, labels), value in self.samples.items()
            if found == name and value
        }

    def _values(self, name: str, labels: Mapping[str, str]) -> list[float]:
        wanted = labels.items()
        return [
            value for (found, having), value in self.samples.items() if found == name and wanted <= having
        ]


def _samples(families: Iterable[Metric]) -> Iterator[Sample]:
    for family in families:
        yield from family.samples
