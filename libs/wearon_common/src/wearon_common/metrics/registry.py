"""One registry for each process."""

from importlib.metadata import version

import prometheus_client
from prometheus_client import CollectorRegistry, Gauge, ProcessCollector


def new_registry(service: str, release: str) -> CollectorRegistry:
    """Make a registry that knows the process and its version: `release`, or if empty the package's own."""
    prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call] # they double the counters, and no rule reads them
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    build_info = Gauge(
        "wearon_build_info", "What is running; always 1.", ["service", "version"], registry=registry
    )
    build_info.labels(service, release or version(service)).set(1)
    return registry
