"""An ACME authority of the tests' own, Let's Encrypt's Pebble, and certbot as production runs it."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from containers.edge.edge import Edge
from containers.engine import CommandFailed, docker

_ROOT = Path(__file__).parents[3]
_OWN = "/tmp:size=32m"  # noqa: S108 - the container's
_PEBBLE = "wearon-edge-pebble"
_CERTBOT = "wearon-edge-certbot"
_PEBBLE_IMAGE = """
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends pebble openssl
RUN openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=pebble \
    -addext subjectAltName=DNS:pebble,DNS:other-authority \
    -keyout /key.pem -out /certificate.pem
COPY pebble.json /pebble.json
CMD ["pebble", "-config", "/pebble.json"]
"""
# Where the public image cannot be pulled: the same program from the Python index.
_CERTBOT_IMAGE = """
FROM python:3.12-slim
RUN pip install --no-cache-dir certbot
"""
_PEBBLE_SETTINGS = {
    "pebble": {
        "listenAddress": "0.0.0.0:14000",
        "managementListenAddress": "0.0.0.0:15000",
        "certificate": "/certificate.pem",
        "privateKey": "/key.pem",
        "httpPort": 80,
        "tlsPort": 443,
    }
}


@contextmanager
def running_authority(edge: Edge, folder: Path) -> Iterator[Path]:
    """Run the authority as `pebble` on the edge's network; return the file that certbot must trust."""
    _build(_PEBBLE, _PEBBLE_IMAGE, folder, {"pebble.json": json.dumps(_PEBBLE_SETTINGS)})
    quick = ("--env", "PEBBLE_VA_NOSLEEP=1", "--env", "PEBBLE_WFE_NONCEREJECT=0")
    aliases = ("--network-alias", "pebble", "--network-alias", "other-authority")
    with _running("--network", edge.network, *aliases, *quick, _PEBBLE) as container:
        trusted = folder / "pebble.pem"
        trusted.write_text(docker("exec", container, "cat", "/certificate.pem"))
        edge.wait_until(lambda: _succeeds(edge.container, "curl", "-sfk", "https://pebble:14000/dir"))
        yield trusted


@contextmanager
def running_certbot(edge: Edge, trusted: Path, settings: Mapping[str, str]) -> Iterator["Certbot"]:
    """Run certbot on the edge's volumes."""
    _build(_CERTBOT, _CERTBOT_IMAGE, trusted.parent, {})
    environment = {
        "REQUESTS_CA_BUNDLE": "/pebble.pem",
        "ACME_DIRECTORY_URL": "https://pebble:14000/dir",
        **settings,
    }
    variables = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
    mounts = {
        f"{_ROOT}/infra/certbot": "/opt/wearon-certbot:ro",
        edge.letsencrypt: "/etc/letsencrypt",
        edge.acme: "/var/www/acme",
        trusted: "/pebble.pem:ro",
    }
    volumes = [word for source, target in mounts.items() for word in ("--volume", f"{source}:{target}")]
    hardened = ("--read-only", "--tmpfs", _OWN, "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    command = ("--entrypoint", "python3", _CERTBOT, "/opt/wearon-certbot/keep_certificate.py")
    with _running("--network", edge.network, *hardened, *variables, *volumes, *command) as container:
        yield Certbot(container)


class Certbot:
    """A running certbot container."""

    def __init__(self, container: str) -> None:
        self.container = container

    def waited_for(self, event: str) -> dict[str, object]:
        """Wait for a line of its log and return it.

        Raises:
            TimeoutError: it did not come within a minute.
        """
        for _ in range(120):
            for line in map(json.loads, docker("logs", self.container).splitlines()):
                if line["event"] == event:
                    return dict(line)
            time.sleep(0.5)
        raise TimeoutError(docker("logs", self.container))

    def looks_again(self, edge: Edge) -> None:
        """Wait until it has begun another look, so that the one before is over."""
        docker("exec", self.container, "rm", "-f", "/tmp/alive")  # noqa: S108 - in the container
        edge.wait_until(self.is_healthy)

    def is_healthy(self) -> bool:
        return _succeeds(self.container, "python3", "/opt/wearon-certbot/keep_certificate.py", "healthy")


def _succeeds(container: str, *command: str) -> bool:
    try:
        docker("exec", container, *command)
    except CommandFailed:
        return False
    return True


@contextmanager
def _running(*arguments: str) -> Iterator[str]:
    container = docker("run", "--detach", *arguments)
    try:
        yield container
    finally:
        docker("rm", "--force", container)


def _build(tag: str, dockerfile: str, folder: Path, files: Mapping[str, str]) -> None:
    context = folder / tag
    context.mkdir(exist_ok=True)
    for name, content in {"Dockerfile": dockerfile, **files}.items():
        (context / name).write_text(content)
    docker("build", "--quiet", "--tag", tag, str(context))
