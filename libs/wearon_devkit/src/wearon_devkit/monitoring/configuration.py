"""What a local Prometheus asks, as production's asks its services."""

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from wearon_devkit.environment import Environment

# As in infra/monitoring/prometheus/prometheus.yml: the rules reckon with them.
SCRAPE_INTERVAL = "15s"
EVALUATION_INTERVAL = "15s"


def local_configuration(environment: Environment, rules: Path) -> str:
    """Return a configuration for Prometheus: the services of a run as targets, and all rules in a folder.

    The jobs are named as in production, because rules name them. JSON is what YAML is a superset of.
    """
    jobs = {
        "consumer": environment.consumer_health_urls,
        "generator": environment.generator_health_urls,
        "sizing": (environment.sizing_url,) if environment.sizing_url else (),
    }
    configuration = {
        "global": {"scrape_interval": SCRAPE_INTERVAL, "evaluation_interval": EVALUATION_INTERVAL},
        "rule_files": [f"{rules}/*.yml"],
        "scrape_configs": [_job(name, urls) for name, urls in jobs.items()],
    }
    return json.dumps(configuration, indent=2) + "\n"


def _job(name: str, urls: Sequence[str]) -> dict[str, object]:
    return {"job_name": name, "static_configs": [{"targets": [urlsplit(url).netloc for url in urls]}]}
