"""The local platform's environment file."""

from dataclasses import replace
from pathlib import Path

import pytest

from wearon_devkit.environment import Environment

BACKING = Environment(
    redis_url="redis://127.0.0.1:6379/0",
    database_url="postgresql://user:password@127.0.0.1:5432/postgres",
    supabase_url="http://127.0.0.1:8001",
    supabase_service_role_key="sb_secret_key",
    supabase_anon_key="sb_publishable_key",
    supabase_storage_bucket="images",
    openai_base_url="http://127.0.0.1:8002/v1",
    openai_api_key="key==",
    image_fetch_private_hosts="127.0.0.1:8001",
    pose_model_path="/a folder/pose.task",
)
WITH_SERVICES = replace(
    BACKING,
    sizing_url="http://127.0.0.1:8000",
    consumer_health_urls=("http://127.0.0.1:9100/health", "http://127.0.0.1:9101/health"),
    generator_health_urls=("http://127.0.0.1:9102/health",),
)


@pytest.mark.parametrize("environment", [BACKING, WITH_SERVICES])
def test_what_is_written_is_read_back(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "env").write_text(environment.as_lines())
    assert Environment.read(tmp_path / "env") == environment


def test_a_shell_can_source_it() -> None:
    assert "\nPOSE_MODEL_PATH='/a folder/pose.task'\n" in BACKING.as_lines()


def test_several_urls_are_separated_by_commas() -> None:
    assert "\nCONSUMER_HEALTH_URLS=http://127.0.0.1:9100/health,http://127.0.0.1:9101/health\n" in (
        WITH_SERVICES.as_lines()
    )


def test_what_does_not_run_is_not_mentioned() -> None:
    assert "SIZING_URL" not in BACKING.as_variables()
