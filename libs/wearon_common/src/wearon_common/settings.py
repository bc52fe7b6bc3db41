"""Settings come from the environment alone. Each service composes the groups below."""

import sys
from datetime import timedelta
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _from_seconds(value: object) -> object:
    return float(value) if isinstance(value, str) else value


def _from_commas(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _in_upper_case(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_in_upper_case)]
Seconds = Annotated[timedelta, BeforeValidator(_from_seconds), Field(gt=timedelta(0))]
CommaSeparated = Annotated[frozenset[str], NoDecode, BeforeValidator(_from_commas)]


class ServiceSettings(BaseSettings):
    """What every service has."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, env_ignore_empty=True)

    log_level: LogLevel = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")


class RedisSettings(ServiceSettings):
    """Where the queues are."""

    redis_url: SecretStr = Field(description="redis://… or rediss://… (TLS, certificates are checked)")


class SupabaseSettings(ServiceSettings):
    """Where sessions are."""

    supabase_url: str = Field(description="https://<project>.supabase.co")
    supabase_service_role_key: SecretStr = Field(description="Legacy service_role JWT or sb_secret_… key")
    supabase_timeout: Seconds = Field(
        timedelta(seconds=15),
        validation_alias="SUPABASE_TIMEOUT_SECONDS",
        description="Longest wait for one database or storage call",
    )


class StorageSettings(SupabaseSettings):
    """Where finished images are."""

    supabase_storage_bucket: str = Field("images", description="Private bucket of the finished images")


class ImageFetchSettings(ServiceSettings):
    """How far an image URL may reach."""

    image_fetch_private_hosts: CommaSeparated = Field(
        frozenset(),
        description="host:port pairs that may be private or plain http, comma-separated; empty in production",
    )


class BrokerSettings(RedisSettings):
    """How Celery uses Redis; the consumer and the generator must agree."""

    broker_visibility_timeout: Seconds = Field(
        timedelta(seconds=420),
        validation_alias="BROKER_VISIBILITY_TIMEOUT_SECONDS",
        description="A dead generator's task comes back after this; above deadline plus lease",
    )


S = TypeVar("S", bound=ServiceSettings)


def load_settings(kind: type[S]) -> S:
    """Read the settings, or end the process with status 2 and one line for each that is missing or wrong."""
    try:
        return kind()
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            sys.stderr.write(f"{str(detail['loc'][0]).upper()}: {detail['msg']}\n")
        raise SystemExit(2) from None


def describe_settings(kind: type[ServiceSettings]) -> list[tuple[str, str, str]]:
    """List every setting as (environment name, default or "required", one line of meaning)."""
    return [
        (str(field.validation_alias or name).upper(), _default_text(field), field.description or "")
        for name, field in kind.model_fields.items()
    ]


def _default_text(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "automatic"
    match field.default:
        case timedelta() as duration:
            return f"{duration.total_seconds():g}"
        case frozenset() as parts:
            return ",".join(sorted(parts))
        case default:
            return "" if default is None else str(default)
