"""Everything that WearOn's services stand on, on this machine."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from wearon_devkit.checkout import POSE_MODEL
from wearon_devkit.database import Database
from wearon_devkit.embedded.valkey import Valkey
from wearon_devkit.environment import Environment
from wearon_devkit.openai_local.config import LOCAL_API_KEY
from wearon_devkit.ports import free_port
from wearon_devkit.processes.child import Child, running
from wearon_devkit.run_folder import RunFolder
from wearon_devkit.stand_ins import openai_local, supabase_local

BUCKET = "images"
OPENAI_LATENCY_S = "0.5"


@dataclass(frozen=True)
class Backing:
    """Running Valkey, PostgreSQL with schema and migrations, and stand-ins of Supabase and OpenAI."""

    environment: Environment
    children: tuple[Child, ...]

    @classmethod
    @contextmanager
    def start(cls, directory: Path, openai_latency_s: str = OPENAI_LATENCY_S) -> Iterator[Self]:
        """Start everything in `directory`, empty and ready, until the context ends.

        How to reach it is written to `directory/env`. The OpenAI stub takes `openai_latency_s` for an answer:
        `0.5`, or `20-30` for a range. Raises `RunFailed`.
        """
        with RunFolder.claim(directory) as folder, cls.run(folder, openai_latency_s) as backing:
            folder.publish(
                backing.environment.as_lines(), {child.name: child.pid for child in backing.children}
            )
            yield backing

    @classmethod
    @contextmanager
    def run(cls, folder: RunFolder, openai_latency_s: str) -> Iterator[Self]:
        """Start everything in a folder that is claimed already, and write nothing down."""
        valkey, openai_port, supabase_port = Valkey(folder), free_port(), free_port()
        # In front of the database, which takes the longest, what does not need it; behind it what does.
        with (
            running(
                [valkey.server(), openai_local(openai_port, openai_latency_s, folder)], folder
            ) as independent,
            Database.run(folder) as database,
        ):
            environment = _environment(valkey.url, database.url, supabase_port, openai_port)
            with running([supabase_local(supabase_port, environment, folder)], folder) as [supabase]:
                for child in (*independent, supabase):
                    child.wait_until_ready()
                yield cls(environment, (*independent, database.server, supabase))

    def check(self) -> None:
        """Raise `ChildFailed` if one of them has ended."""
        for child in self.children:
            child.require_running()


def _environment(redis_url: str, database_url: str, supabase_port: int, openai_port: int) -> Environment:
    return Environment(
        redis_url=redis_url,
        database_url=database_url,
        supabase_url=f"http://127.0.0.1:{supabase_port}",
        supabase_service_role_key=f"sb_secret_{secrets.token_urlsafe(24)}",
        supabase_anon_key=f"sb_publishable_{secrets.token_urlsafe(24)}",
        supabase_storage_bucket=BUCKET,
        openai_base_url=f"http://127.0.0.1:{openai_port}/v1",
        openai_api_key=LOCAL_API_KEY,
        image_fetch_private_hosts=f"127.0.0.1:{supabase_port}",
        pose_model_path=str(POSE_MODEL),
    )
