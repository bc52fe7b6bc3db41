"""A running Supabase stand-in, and the official clients to it."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from wearon_devkit.ports import free_port
from wearon_devkit.processes.child import Child, running
from wearon_devkit.processes.program import Program
from wearon_devkit.processes.readiness import answers_health
from wearon_devkit.run_folder import RunFolder

BUCKET = "images"
SECRET_KEY = "sb_secret_Vb3w-local_only"
PUBLISHABLE_KEY = "sb_publishable_Vb3w-local_only"


@dataclass(frozen=True)
class StandIn:
    """How to reach a stand-in that runs as a process of its own."""

    url: str
    service_key: str
    anon_key: str
    child: Child

    def http(self, key: str | None = None) -> httpx.Client:
        """Return a plain HTTP client that sends `key`, by default the service key, as Supabase wants it."""
        key = key or self.service_key
        headers = {"apikey": key, "authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=10, trust_env=False)

    @asynccontextmanager
    async def client(self, key: str | None = None) -> AsyncIterator[AsyncClient]:
        """Give the official client, on HTTP/1.1 as the services use it."""
        async with httpx.AsyncClient(http2=False, timeout=10, trust_env=False) as http:
            options = AsyncClientOptions(httpx_client=http, auto_refresh_token=False, persist_session=False)
            yield await acreate_client(self.url, key or self.service_key, options)


@contextmanager
def running_stand_in(
    database_url: str, directory: Path, service_key: str = SECRET_KEY, anon_key: str = PUBLISHABLE_KEY
) -> Iterator[StandIn]:
    """Run the stand-in as a process until the context ends."""
    port = free_port()
    with RunFolder.claim(directory) as folder:
        program = _program(port, database_url, folder.folder("storage"), service_key, anon_key)
        with running([program], folder) as [child]:
            child.wait_until_ready()
            yield StandIn(f"http://127.0.0.1:{port}", service_key, anon_key, child)


def _program(port: int, database_url: str, storage: Path, service_key: str, anon_key: str) -> Program:
    options = {
        "--port": str(port),
        "--database-url": database_url,
        "--storage-dir": str(storage),
        "--service-key": service_key,
        "--anon-key": anon_key,
        "--bucket": BUCKET,
    }
    words = [word for option in options.items() for word in option]
    command = (sys.executable, "-m", "wearon_devkit.supabase_local", *words)
    return Program("supabase", command, answers_health(port))
