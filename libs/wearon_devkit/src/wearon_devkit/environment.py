"""The variables by which the local platform is reached."""

import shlex
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Environment:
    """What `DIR/env` says. Each field is a variable in upper case; the last three need running services."""

    redis_url: str
    database_url: str
    supabase_url: str
    supabase_service_role_key: str
    supabase_anon_key: str
    supabase_storage_bucket: str
    openai_base_url: str
    openai_api_key: str
    image_fetch_private_hosts: str
    pose_model_path: str
    sizing_url: str = ""
    consumer_health_urls: tuple[str, ...] = ()
    generator_health_urls: tuple[str, ...] = ()

    def as_variables(self) -> dict[str, str]:
        """Return the variables that are known; several URLs are separated by commas."""
        values = {field.name.upper(): getattr(self, field.name) for field in fields(self)}
        texts = {
            name: ",".join(value) if isinstance(value, tuple) else value for name, value in values.items()
        }
        return {name: text for name, text in texts.items() if text}

    def as_lines(self) -> str:
        """Return `NAME=value` lines, which a shell can source."""
        return "".join(f"{name}={shlex.quote(value)}\n" for name, value in self.as_variables().items())

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `as_lines` wrote. Raises `OSError` when the file is not there, so when nothing runs."""
        pairs = (word.split("=", 1) for word in shlex.split(path.read_text()))
        values: dict[str, Any] = {name.lower(): text for name, text in pairs}
        for name in ("consumer_health_urls", "generator_health_urls"):
            values[name] = tuple(values[name].split(",")) if name in values else ()
        return cls(**values)
