"""The exporters of the production stack from Debian's packages, where their own images cannot be pulled."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from containers.engine import docker
from containers.images import can_be_had

_IMAGE = "wearon-exporters:test"
_DOCKERFILE = Path(__file__).with_name("dashboard_exporters.Dockerfile")


def absent_exporters(services: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Name the exporters whose images cannot be had."""
    return frozenset(name for name in _OTHERWISE if not can_be_had(services[name]["image"]))


def from_packages(exporters: frozenset[str]) -> dict[str, dict[str, Any]]:
    """Say how a compose file runs these instead: the same commands and mounts, other programs."""
    if exporters:
        docker("build", "--quiet", "--tag", _IMAGE, "--file", str(_DOCKERFILE), str(_DOCKERFILE.parent))
    return {name: _from_package(name) for name in exporters}


def trusting(blackbox: Path, folder: Path) -> dict[str, dict[str, Any]]:
    """Let the blackbox exporter trust whatever certificate a test's Nginx has."""
    untrusting, place = blackbox.read_text(), folder / "blackbox"
    place.mkdir()
    trusting = untrusting.replace(
        "    http:\n", "    http:\n      tls_config: {insecure_skip_verify: true}\n"
    )
    (place / "blackbox.yml").write_text(trusting)
    return {"blackbox-exporter": {"volumes": [f"{place}:/etc/blackbox:ro"]}}


def merged(*overrides: Mapping[str, Mapping[str, Any]]) -> str:
    """Return one compose file; JSON is YAML."""
    services: dict[str, dict[str, Any]] = {}
    for override in overrides:
        for name, service in override.items():
            services.setdefault(name, {}).update(service)
    return json.dumps({"services": services})


def _from_package(name: str) -> dict[str, Any]:
    described: dict[str, Any] = {"image": _IMAGE, "entrypoint": [f"/usr/bin/prometheus-{name}"]}
    return described | {"user": "65534:65534"} | _OTHERWISE[name]


# The package has nothing that could ask the exporter how it is.
_ALIVE = {"healthcheck": {"test": ["CMD", "true"]}}
_OTHERWISE: Mapping[str, dict[str, Any]] = {
    "blackbox-exporter": _ALIVE,
    "nginx-exporter": {},
    # An engine that runs in a container itself has no root that could be mounted as a slave.
    "node-exporter": {**_ALIVE, "volumes": ["/:/host:ro"]},
    "redis-exporter": _ALIVE,
}
