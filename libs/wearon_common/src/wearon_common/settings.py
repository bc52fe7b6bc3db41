"""Settings come from the environment alone. Each service composes the groups below."""

import sys
from datetime import timedelta
from typing import Annotated, Literal, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _from_seconds(value: object) -> object:
    return float(value) if isinstance(value, str) else value


def _from_commas(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _in_upper_case(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _url_of(*schemes: str) -> AfterValidator:
    """Refuse what no client could use; the message never shows the value, which may hold a password."""
    prefixes = tuple(f"{scheme}://" for scheme in schemes)

    def check(value: str | SecretStr) -> str | SecretStr:
        url = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not url.startswith(prefixes):
            raise PydanticCustomError("url_scheme", f"must begin with {' or '.join(prefixes)}")
        if any(map(str.isspace, url)):
            raise PydanticCustomError("url_space", "must not contain spaces or line breaks")
        if not (url.startswith("unix://") or _names_a_host(url)):
            raise PydanticCustomError("url_host", "must name a host, and a port only as a number up to 65535")
        return value

    return AfterValidator(check)


def _names_a_host(url: str) -> bool:
    try:
        address = urlsplit(url)
        return bool(address.hostname) and address.port != 0
    except ValueError:
        return False


def _tls_is_ours(value: SecretStr) -> SecretStr:
    """Refuse what would override our settings of TLS: the clients take a URL's query for the last word."""
    query = parse_qs(urlsplit(value.get_secret_value()).query, keep_blank_values=True)
    if any(key.lower().startswith("ssl_") for key in query):
        raise PydanticCustomError("url_tls", "must not set ssl_…: rediss:// always checks certificates")
    return value


LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_in_upper_case)]
Seconds = Annotated[timedelta, BeforeValidator(_from_seconds), Field(gt=timedelta(0))]
Port = Annotated[int, Field(ge=1, le=65535)]
HttpUrl = Annotated[str, _url_of("https", "http")]
_OurTls = AfterValidator(_tls_is_ours)
RedisUrl = Annotated[SecretStr, _url_of("redis", "rediss", "unix"), _OurTls]
BrokerUrl = Annotated[SecretStr, _url_of("redis", "rediss"), _OurTls]  # Celery knows no unix://
CommaSeparated = Annotated[frozenset[str], NoDecode, BeforeValidator(_from_commas)]

_REDIS_URL = "redis://… or rediss://… (TLS, certificates are checked)"


class ServiceSettings(BaseSettings):
    """What every service has."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, env_ignore_empty=True)

    log_level: LogLevel = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    release: str = Field(
        "",
        validation_alias="WEARON_VERSION",
        description="What this build is called at /metrics; the version of the package when empty",
    )


class RedisSettings(ServiceSettings):
    """Where the queues are."""

    redis_url: RedisUrl = Field(description=_REDIS_URL)


class SupabaseSettings(ServiceSettings):
    """Where sessions are."""

    supabase_url: HttpUrl = Field(description="https://<project>.supabase.co")
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

    redis_url: BrokerUrl = Field(description=_REDIS_URL)
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
