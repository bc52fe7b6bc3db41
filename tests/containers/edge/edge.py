"""The edge as production runs it, in front of doubles of what stands behind it."""

import json
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx
import pytest
from containers.edge_certificates import SelfSigned
from containers.engine import CommandFailed, docker

NGINX_IMAGE = os.environ.get("EDGE_IMAGE", "nginx:stable-alpine")
PYTHON_IMAGE = "python:3.12-slim"
NAME = "localhost"
"""What the edge is called in tests: it answers for no address."""

_ROOT = Path(__file__).parents[3]
_UPSTREAM = Path(__file__).with_name("edge_upstream.py")
_PATIENCE_S = 30.0
_AS_IN_PRODUCTION = (
    *(
        "--read-only",
        "--tmpfs",
        "/run/edge:size=1m,mode=0755",
        "--tmpfs",
        "/var/cache/nginx:size=192m,mode=0755",
    ),
    *("--cap-drop", "ALL", "--cap-add", "CHOWN", "--cap-add", "SETUID", "--cap-add", "SETGID"),
    *("--cap-add", "NET_BIND_SERVICE", "--security-opt", "no-new-privileges", "--memory", "320m"),
    *("--stop-signal", "SIGQUIT", "--entrypoint", "/bin/sh"),
)
# Tests come from one address and must not be held back unless they ask for it.
_SETTINGS = {"DOMAIN": NAME, "RATE_LIMIT_PER_SECOND": "2000", "RATE_LIMIT_BURST": "2000"}


class Edge:
    """A running edge: its container, the folder of its certificates, and clients for it."""

    def __init__(self, container: str, network: str, letsencrypt: Path, acme: Path) -> None:
        self.container = container
        self.network = network
        self.letsencrypt = letsencrypt
        self.acme = acme
        self._ports: dict[int, int] = {}

    @classmethod
    @contextmanager
    def run(
        cls, folder: Path, settings: Mapping[str, str] | None = None, *, with_certificate: bool = True
    ) -> Iterator[Self]:
        """Start the edge on a network of its own; `folder` takes its certificates and ACME answers."""
        letsencrypt, acme = folder / "letsencrypt", folder / "acme"
        for directory in (letsencrypt, acme):
            directory.mkdir(parents=True, exist_ok=True)
        if with_certificate:
            SelfSigned(NAME).write(letsencrypt)
        with ExitStack() as stack:
            network = stack.enter_context(running_network())
            mounts = (f"{letsencrypt}:/etc/letsencrypt:ro", f"{acme}:/var/www/acme:ro")
            container = stack.enter_context(_nginx(network, mounts, {**_SETTINGS, **(settings or {})}))
            edge = cls(container, network, letsencrypt, acme)
            edge.wait_until(edge.is_healthy)
            yield edge

    @contextmanager
    def upstream(self, *names: str) -> Iterator[str]:
        """Run one replica of the named upstreams, and return its container; it drains at the end."""
        aliases = [word for name in names for word in ("--network-alias", name)]
        mount = f"{_UPSTREAM}:/edge_upstream.py:ro"
        command = (PYTHON_IMAGE, "python", "/edge_upstream.py", "8000", "3000")
        started = docker("run", "--detach", "--network", self.network, *aliases, "--volume", mount, *command)
        container = started[:12]
        try:
            self._wait_until_listening(container)
            yield container
        finally:
            docker("rm", "--force", container)

    @contextmanager
    def client(self, **options: Any) -> Iterator[httpx.Client]:  # noqa: ANN401 - httpx's own
        """Return a client for the site over TLS, HTTP/1.1 unless told otherwise."""
        with httpx.Client(base_url=self.url, verify=trusting_anything(), timeout=20, **options) as client:
            yield client

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port(443)}"

    @property
    def plain_url(self) -> str:
        return f"http://{NAME}:{self.port(80)}"

    def shake_hands(self, context: ssl.SSLContext, name: str | None = NAME) -> ssl.SSLSocket:
        """Return a TLS connection that asks for the name, or for none.

        Raises:
            ssl.SSLError: the edge refused.
        """
        plain = socket.create_connection(("127.0.0.1", self.port(443)), timeout=10)
        try:
            return context.wrap_socket(plain, server_hostname=name)
        except ssl.SSLError:
            plain.close()
            raise

    def shown_certificate(self, name: str) -> bytes:
        """Return the certificate, in DER, that the edge shows to who asks for the name."""
        with self.shake_hands(trusting_anything(), name) as connection:
            return connection.getpeercert(binary_form=True) or b""

    def port(self, inside: int) -> int:
        """Return the port of this machine that leads to the container's."""
        if inside not in self._ports:
            self._ports[inside] = int(docker("port", self.container, f"{inside}/tcp").rsplit(":", 1)[1])
        return self._ports[inside]

    def is_healthy(self) -> bool:
        try:
            docker("exec", self.container, "/bin/sh", "/edge/healthy.sh")
        except CommandFailed:
            return False
        return True

    def log(self) -> list[dict[str, Any]]:
        """Return every line of the log; all of them are JSON."""
        return [json.loads(line) for line in self.raw_log().splitlines()]

    def raw_log(self) -> str:
        command = ["docker", "logs", self.container]
        done = subprocess.run(  # noqa: S603 - the engine's client
            command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return done.stdout

    def line_about(self, request_id: str) -> dict[str, Any]:
        """Wait for the access log's line about a request and return it."""
        found: list[dict[str, Any]] = []

        def is_logged() -> bool:
            found[:] = [line for line in self.log() if line.get("request_id") == request_id]
            return bool(found)

        self.wait_until(is_logged)
        return found[0]

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait for what must come; show the log when it does not."""
        give_up_at = time.monotonic() + _PATIENCE_S
        while not condition():
            if time.monotonic() > give_up_at:
                pytest.fail(f"not within {_PATIENCE_S:.0f} s; the edge's log:\n{self.raw_log()[-3000:]}")
            time.sleep(0.2)

    def _wait_until_listening(self, upstream: str) -> None:
        def answers() -> bool:
            probe = ("curl", "-sf", "-o", "/dev/null", "--max-time", "1", f"http://{upstream}:8000/health")
            try:
                docker("exec", self.container, *probe)
            except CommandFailed:
                return False
            return True

        self.wait_until(answers)


@contextmanager
def running_network() -> Iterator[str]:
    """Return the name of a network of this test's own."""
    name = f"wearon-edge-{uuid4().hex[:8]}"
    docker("network", "create", name)
    try:
        yield name
    finally:
        docker("network", "rm", name)


def nginx_arguments(settings: Mapping[str, str], *mounts: str) -> list[str]:
    """Return what `docker run` needs for the edge, up to the network."""
    environment = [word for name, value in settings.items() for word in ("--env", f"{name}={value}")]
    volumes = [word for mount in (f"{_ROOT}/infra/nginx:/edge:ro", *mounts) for word in ("--volume", mount)]
    return [*_AS_IN_PRODUCTION, *environment, *volumes]


@contextmanager
def _nginx(network: str, mounts: tuple[str, ...], settings: Mapping[str, str]) -> Iterator[str]:
    published = ("--publish", "127.0.0.1:0:443", "--publish", "127.0.0.1:0:80")
    aliases = [word for name in settings["DOMAIN"].split() for word in ("--network-alias", name)]
    where = ("--network", network, *aliases, *published)
    arguments = nginx_arguments(settings, *mounts)
    container = docker("run", "--detach", *where, *arguments, NGINX_IMAGE, "/edge/entrypoint.sh")[:12]
    try:
        yield container
    finally:
        docker("rm", "--force", container)


def trusting_anything() -> ssl.SSLContext:
    """Return a context for self-signed certificates."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
