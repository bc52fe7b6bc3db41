"""Our images, built from this checkout and tagged `:test`."""

from functools import cache

from containers.engine import CommandFailed, docker

from wearon_devkit.checkout import CHECKOUT

SERVICES = ("consumer", "generator", "sizing")
BASE_IMAGE = "python:3.12-slim"
REQUIRED = "REQUIRE_OFFICIAL_IMAGES"
"""The environment variable that is set where an image that cannot be pulled is a failure."""
DEVKIT_IMAGE = "wearon-devkit:test"


def image_of(service: str) -> str:
    """Name the image that tests run for a service."""
    return f"wearon-{service}:test"


def build_images() -> None:
    """Build the images of the services and of the stand-ins; a few seconds when nothing has changed."""
    for service in SERVICES:
        _build(image_of(service), f"services/{service}/Dockerfile")
    _build(DEVKIT_IMAGE, "libs/wearon_devkit/Dockerfile")


@cache
def can_be_had(image: str) -> bool:
    """Tell whether the engine has an image or can pull it."""
    try:
        docker("image", "inspect", image)
    except CommandFailed:
        return _pulled(image)
    return True


def _build(image: str, dockerfile: str) -> None:
    docker("build", "--quiet", "--tag", image, "--file", str(CHECKOUT / dockerfile), str(CHECKOUT))


def _pulled(image: str) -> bool:
    try:
        docker("pull", "--quiet", image)
    except CommandFailed:
        return False
    return True
