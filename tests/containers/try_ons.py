"""Try-ons asked for from inside a stack, where the stand-ins are, as the app asks for them."""

from collections.abc import Callable, Mapping
from typing import Self

from containers.production_stack import ProductionStack

from wearon_devkit.environment import Environment

Run = Callable[..., str]  # runs a command in a container of the devkit; `text` is its input

_FOLDER = "/tmp/run"  # noqa: S108 - in a container of its own


class TryOns:
    """Submits sessions and reads the books, through `wearon-dev` in a container."""

    def __init__(self, run: Run, environment: Environment) -> None:
        self._run = run
        run("sh", "-c", f"mkdir -p {_FOLDER} && cat >{_FOLDER}/env", text=environment.as_lines())

    @classmethod
    def asked_in(cls, stack: ProductionStack) -> Self:
        """Ask from within the production stack."""
        redis_url = f"redis://:{stack.settings['REDIS_PASSWORD']}@redis:6379/0"
        return cls(
            lambda *command, text=None: stack.inside("openai", *command, text=text),
            environment_of(stack.settings, redis_url),
        )

    def complete(self, count: int, channel: str = "b2c") -> str:
        """Submit and stay until all have ended; raises `CommandFailed` where one has failed."""
        return self._submit(count, channel, "--wait")

    def begin(self, count: int, channel: str = "b2c") -> None:
        """Submit and go."""
        self._submit(count, channel, "--no-wait")

    def books(self) -> str:
        """Give the books' summary; raises `CommandFailed` where they do not balance."""
        return self._run("wearon-dev", "audit", "--dir", _FOLDER).splitlines()[-1]

    def _submit(self, count: int, channel: str, wait: str) -> str:
        options = {"--dir": _FOLDER, "--channel": channel, "--count": str(count)}
        words = [word for option in options.items() for word in option]
        return self._run("wearon-dev", "submit", *words, wait).splitlines()[-1]


def environment_of(settings: Mapping[str, str], redis_url: str) -> Environment:
    """Say how a container beside the stand-ins of development reaches them."""
    return Environment(
        redis_url=redis_url,
        database_url="postgresql://supabase_admin:local-development@database:5432/postgres",
        supabase_url=settings["SUPABASE_URL"],
        supabase_service_role_key=settings["SUPABASE_SERVICE_ROLE_KEY"],
        supabase_anon_key="sb_publishable_local-development",
        supabase_storage_bucket="images",
        openai_base_url=settings["OPENAI_BASE_URL"],
        openai_api_key=settings["OPENAI_API_KEY"],
        image_fetch_private_hosts=settings["IMAGE_FETCH_PRIVATE_HOSTS"],
        pose_model_path="not-used",
    )
