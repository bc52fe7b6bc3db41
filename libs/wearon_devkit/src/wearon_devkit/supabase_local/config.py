"""What one stand-in process is told at its start."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of the stand-in.

    Args:
        database_url: PostgreSQL with the platform's schema; its user may `SET ROLE` to service_role and anon.
        storage_dir: where stored objects lie, as `bucket/path`; made when missing.
        service_key: any text, a legacy JWT or `sb_secret_…`; its holder acts as service_role.
        anon_key: any text, a legacy JWT or `sb_publishable_…`; its holder acts as anon.
        bucket: the one private bucket.
        max_connections: how many requests talk to the database at once; the others wait.
    """

    database_url: str
    storage_dir: Path
    service_key: str
    anon_key: str
    bucket: str = "images"
    max_connections: int = 20
