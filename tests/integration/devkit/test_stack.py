"""`Stack`: services on backing services, with tiny services in place of the real ones."""

import os
import signal
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from processes import is_running, wait_for

from wearon_devkit.environment import Environment
from wearon_devkit.processes.child import ChildFailed
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

# Answers every GET with the variable that the path names.
TINY_SERVICE = f"""#!{sys.executable}
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ.get(self.path[1:], "").encode())

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scripts")
    for kind in ("consumer", "generator", "sizing"):
        (folder / f"wearon-{kind}").write_text(TINY_SERVICE)
        (folder / f"wearon-{kind}").chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def restarts() -> list[str]:
    return []


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, scripts: Path, restarts: list[str]
) -> Iterator[tuple[Stack, Path]]:
    folder = tmp_path_factory.mktemp("stack")
    plan = StackPlan(consumers=1, generators=2, scripts=scripts, variables={"WORKER_CONCURRENCY": "7"})
    with Stack.start(folder, plan, restarts.append) as stack:
        yield stack, folder


def ask(url: str, path: str) -> str:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=5)
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def test_every_service_answers_where_the_environment_says(stack: tuple[Stack, Path]) -> None:
    environment = Environment.read(stack[1] / "env")
    assert environment == stack[0].environment
    assert len(environment.consumer_health_urls) == 1
    assert len(environment.generator_health_urls) == 2
    for url in (
        environment.sizing_url,
        *environment.consumer_health_urls,
        *environment.generator_health_urls,
    ):
        assert ask(url, "/REDIS_URL") == environment.redis_url


def test_every_service_gets_the_variables_of_its_plan(stack: tuple[Stack, Path]) -> None:
    assert ask(stack[0].environment.sizing_url, "/WORKER_CONCURRENCY") == "7"


def test_a_service_that_dies_comes_back_where_it_was(stack: tuple[Stack, Path], restarts: list[str]) -> None:
    running, folder = stack
    url = running.environment.generator_health_urls[1]
    before = (folder / "pids.json").read_text()
    os.kill(running.children[-1].pid, signal.SIGKILL)

    def is_back() -> bool:
        running.check()
        return (folder / "pids.json").read_text() != before

    assert wait_for(is_back)
    running.wait_until_ready()
    assert ask(url, "/PORT") == str(urlsplit(url).port)
    assert restarts == ["generator-2 ended with status -9: starting it again"]


def test_the_death_of_a_backing_service_is_not_survived(tmp_path: Path, scripts: Path) -> None:
    with Stack.start(tmp_path / "run", StackPlan(scripts=scripts)) as stack:
        pids = [child.pid for child in stack.children]
        valkey = stack.backing.children[0]
        os.kill(valkey.pid, signal.SIGKILL)
        assert wait_for(lambda: valkey.exit_status() is not None)  # its threads take a moment longer
        with pytest.raises(ChildFailed, match="valkey ended with status -9"):
            stack.check()
    assert not any(is_running(pid) for pid in pids)
