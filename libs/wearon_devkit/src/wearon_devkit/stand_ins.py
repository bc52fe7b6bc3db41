"""The local Supabase and OpenAI, as programs."""

import sys

from wearon_devkit.environment import Environment
from wearon_devkit.processes.program import Program
from wearon_devkit.processes.readiness import answers_health
from wearon_devkit.run_folder import RunFolder


def supabase_local(port: int, environment: Environment, folder: RunFolder) -> Program:
    """Return the Supabase stand-in that `environment` describes."""
    return _module(
        "supabase",
        port,
        {
            "database-url": environment.database_url,
            "storage-dir": str(folder.folder("storage")),
            "service-key": environment.supabase_service_role_key,
            "anon-key": environment.supabase_anon_key,
            "bucket": environment.supabase_storage_bucket,
        },
    )


def openai_local(port: int, latency_s: str, folder: RunFolder) -> Program:
    """Return the OpenAI stub, whose answers take `latency_s`: `0.5`, or `20-30` for a range."""
    return _module("openai", port, {"dir": str(folder.folder("openai")), "latency": latency_s})


def _module(name: str, port: int, options: dict[str, str]) -> Program:
    words = [word for option, value in options.items() for word in (f"--{option}", value)]
    command = (sys.executable, "-m", f"wearon_devkit.{name}_local", "--port", str(port), *words)
    return Program(name, command, answers_health(port))
