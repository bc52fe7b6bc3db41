"""The production stack with everything that Prometheus asks, after some life in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from containers.absent_images import without_absent_images
from containers.dashboard_exporters import absent_exporters, from_packages, merged, trusting
from containers.dashboard_load import live_for_a_while
from containers.edge_certificates import SelfSigned
from containers.production_file import SETTINGS, STAND_INS_FILE, read_production
from containers.production_stack import CANNOT_BE_HEALTHY, ProductionStack

from wearon_devkit.checkout import CHECKOUT

_SITE = "nginx"  # in the containers' network this name leads to it without further ado
_SETTINGS = {
    "DOMAIN": _SITE,
    "OPENAI_BASE_URL": "http://openai:8080/v1",
    "IMAGE_FETCH_PRIVATE_HOSTS": "supabase:54321",
    "HTTP_PORT": "127.0.0.1:0",
    "HTTPS_PORT": "127.0.0.1:0",
}
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
        _give_certificate(stack, folder)
        stack.wait_until_healthy(set(stack.services()) - CANNOT_BE_HEALTHY)
        live_for_a_while(stack, _SITE)
        yield stack
    finally:
        stack.compose("down", "--volumes", "--timeout", "2")


def _give_certificate(stack: ProductionStack, folder: Path) -> None:
    """Put a certificate where certbot would; Nginx takes it over within seconds."""
    SelfSigned(_SITE).write(folder)
    for name in ("fullchain.pem", "privkey.pem"):
        place = f"/etc/letsencrypt/live/wearon/{name}"
        written = (folder / "live" / "wearon" / name).read_text()
        stack.inside("certbot", "sh", "-c", f"mkdir -p $(dirname {place}) && cat >{place}", text=written)
