"""The local Prometheus works as production's, or says why it does not."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from wearon_devkit.checkout import ALERT_RULES, CHECKOUT
from wearon_devkit.commands.app import app
from wearon_devkit.environment import Environment
from wearon_devkit.monitoring.configuration import local_configuration
from wearon_devkit.monitoring.prometheus import IMAGE

PRODUCTION = (ALERT_RULES.parent / "prometheus.yml").read_text()
ENVIRONMENT = Environment(
    redis_url="",
    database_url="",
    supabase_url="",
    supabase_service_role_key="",
    supabase_anon_key="",
    supabase_storage_bucket="",
    openai_base_url="",
    openai_api_key="",
    image_fetch_private_hosts="",
    pose_model_path="",
    sizing_url="http://127.0.0.1:20001",
    consumer_health_urls=("http://127.0.0.1:20002/health",),
    generator_health_urls=("http://127.0.0.1:20003/health", "http://127.0.0.1:20004/health"),
)
CONFIGURATION = json.loads(local_configuration(ENVIRONMENT, ALERT_RULES))


def test_every_replica_is_a_target_of_its_service() -> None:
    targets = {
        job["job_name"]: job["static_configs"][0]["targets"] for job in CONFIGURATION["scrape_configs"]
    }
    assert targets == {
        "consumer": ["127.0.0.1:20002"],
        "generator": ["127.0.0.1:20003", "127.0.0.1:20004"],
        "sizing": ["127.0.0.1:20001"],
    }


def test_the_jobs_are_named_as_in_production() -> None:
    named = set(re.findall(r"job_name: (\S+)", PRODUCTION))
    assert {job["job_name"] for job in CONFIGURATION["scrape_configs"]} <= named


def test_the_intervals_are_those_of_production() -> None:
    for name, interval in CONFIGURATION["global"].items():
        assert f"  {name}: {interval}\n" in PRODUCTION


def test_the_image_is_that_of_production() -> None:
    assert f"image: {IMAGE}\n" in (CHECKOUT / "docker-compose.prod.yml").read_text()


def test_monitoring_a_folder_in_which_nothing_runs_says_what_to_start(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["monitor", "--dir", str(tmp_path / "run")])
    assert result.exit_code == 1
    assert "nothing runs in" in result.stderr
    assert "wearon-dev up" in result.stderr
