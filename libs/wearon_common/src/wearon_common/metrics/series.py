"""Series that exist from the start: a rate needs a value before the first event."""

from collections.abc import Iterable
from itertools import product
from typing import Any, TypeVar

from prometheus_client.metrics import MetricWrapperBase

M = TypeVar("M", bound=MetricWrapperBase)


def at_zero(metric: M, *values: Iterable[Any]) -> M:
    """Make the series of every combination of label values, the values of each label given in order."""
    for labels in product(*values):
        metric.labels(*labels)
    return metric
