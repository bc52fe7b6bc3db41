"""The production stack with everything that Prometheus asks, after some life in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from containers.absent_images import without_absent_images
from containers.monitoring.dashboard_exporters import absent_exporters, from_packages, merged, trusting
from containers.monitoring.dashboard_load import live_for_a_while
from containers.production_file import SETTINGS, STAND_INS_FILE, read_production
from containers.production_stack import CANNOT_BE_HEALTHY, ProductionStack
from containers.stack_certificate import install_certificate
from containers.stack_prometheus import wait_until_scraped

from wearon_devkit.checkout import CHECKOUT

_SITE = "nginx"  # in the containers' network this name leads to it without further ado
_SETTINGS = {
    "DOMAIN": _SITE,
    "OPENAI_BASE_URL": "http://openai:8080/v1",
    "IMAGE_FETCH_PRIVATE_HOSTS": "supabase:54321",
    "HTTP_PORT": "127.0.0.1:0",
    "HTTPS_PORT": "127.0.0.1:0",
}
_SCRAPED = ("consumer", "generator", "sizing", "celery-exporter", "redis-exporter", "nginx-exporter")
_BLACKBOX = CHECKOUT / "infra" / "monitoring" / "blackbox" / "blackbox.yml"


@contextmanager
def watched_shop(project: str, folder: Path) -> Iterator[ProductionStack]:
    """Start it, let it live, and remove it afterwards."""
    services = read_production()["services"]
    from_debian = absent_exporters(services)
    others = {name: service for name, service in services.items() if name not in from_debian}
    absent, idle = without_absent_images(others)
    (folder / "absent.yml").write_text(absent)
    exporters = merged(from_packages(from_debian), trusting(_BLACKBOX, folder))
    (folder / "exporters.yml").write_text(exporters)
    files = (STAND_INS_FILE, folder / "absent.yml", folder / "exporters.yml")
    stack = ProductionStack(project, files, {**SETTINGS, **_SETTINGS}, idle)
    try:
        stack.up()
        stack.wait_until_healthy(set(stack.services()) - CANNOT_BE_HEALTHY)
        trusted = install_certificate(stack, _SITE, folder)
        wait_until_scraped(stack, *_SCRAPED)
        live_for_a_while(stack, _SITE, trusted)
        yield stack
    finally:
        stack.compose("down", "--volumes", "--timeout", "2")
