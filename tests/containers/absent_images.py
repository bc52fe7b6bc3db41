"""What runs in place of an image of the production stack that cannot be pulled."""

import json
import os
from collections.abc import Collection, Mapping
from typing import Any

from containers.images import DEVKIT_IMAGE, REQUIRED, can_be_had

# The same program under another tag, or what is enough to run the script that we mount.
_ALIKE: Mapping[str, str] = {
    "nginx": "nginx:stable-alpine",
    "redis": "redis:7-alpine",
    "certbot/certbot": "python:3.12-slim",
}
# A container that stays and calls itself healthy: what is around it can be tested.
IDLE = f"""\
    image: {DEVKIT_IMAGE}
    init: true
    entrypoint: [sleep, infinity]
    command: []
    user: "65534:65534"
    pid: !reset null
    volumes: !reset []
    healthcheck: {{test: [CMD, "true"]}}
"""
"""The options of such a service, for an override of the compose file."""


def without_absent_images(services: Mapping[str, Mapping[str, Any]]) -> tuple[str, frozenset[str]]:
    """Return a compose file that replaces the images that cannot be had, and the services that only idle."""
    absent = [name for name, service in services.items() if not can_be_had(service["image"])]
    assert not (absent and os.environ.get(REQUIRED)), f"images cannot be pulled: {absent}"
    replaced = {name: _ALIKE.get(_repository(services[name]["image"])) for name in absent}
    blocks = [
        f"  {name}:\n" + (f"    image: {json.dumps(alike)}\n" if alike else IDLE)
        for name, alike in replaced.items()
    ]
    idle = frozenset(name for name, alike in replaced.items() if alike is None)
    return "services:" + ("\n" + "".join(blocks) if blocks else " {}\n"), idle


def others_idle(services: Mapping[str, Mapping[str, Any]], at_work: Collection[str]) -> str:
    """Return a compose file by which every service only idles but those at work."""
    alike, _ = without_absent_images({name: services[name] for name in at_work})
    idle = "".join(f"  {name}:\n{IDLE}" for name in services.keys() - at_work)
    return alike.replace("services: {}", "services:") + idle


def _repository(image: str) -> str:
    return image.rsplit(":", 1)[0]
