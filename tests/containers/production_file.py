"""docker-compose.prod.yml as compose reads it, with the settings that a test gives it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from containers.engine import docker
from containers.images import image_of

from wearon_devkit.checkout import CHECKOUT

PRODUCTION_FILE = CHECKOUT / "docker-compose.prod.yml"
STAND_INS_FILE = CHECKOUT / "tests" / "containers" / "production_stand_ins.yml"

# Every setting that has no default, and whatever makes this a test.
SETTINGS: Mapping[str, str] = {
    "CONSUMER_IMAGE": image_of("consumer"),
    "GENERATOR_IMAGE": image_of("generator"),
    "SIZING_IMAGE": image_of("sizing"),
    "DOMAIN": "localhost",
    "REDIS_PASSWORD": "secret-of-redis",
    "SUPABASE_URL": "http://supabase:54321",
    "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_local-development",
    "OPENAI_API_KEY": "sk-local-preview",
    "GRAFANA_ADMIN_PASSWORD": "secret-of-grafana",
    "WHATSAPP_TOKEN": "secret-of-whatsapp",
    "COMPOSE_PROFILES": "redis",
}

_NO_ENV_FILE = ("--env-file", "/dev/null")  # a developer's own has no say


def read_production(settings: Mapping[str, str] = SETTINGS, files: Sequence[Path] = ()) -> dict[str, Any]:
    """Return the whole configuration. Raises `CommandFailed` where compose refuses it."""
    config: dict[str, Any] = json.loads(
        docker(*compose_words(files), "config", "--format", "json", variables=dict(settings))
    )
    return config


def compose_words(files: Sequence[Path] = (), project: str = "wearon") -> list[str]:
    """Give the words of a docker command that come before compose's own command."""
    chosen = [word for file in (PRODUCTION_FILE, *files) for word in ("--file", str(file))]
    place = ["--project-name", project, "--project-directory", str(CHECKOUT)]
    return ["compose", *place, *_NO_ENV_FILE, *chosen]
