"""Settings come from the environment alone, and what is wrong is said in one line each."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from wearon_common.settings import ServiceSettings, describe_settings, load_settings
from wearon_consumer.settings import ConsumerSettings
from wearon_generator.settings import GeneratorSettings
from wearon_sizing.settings import SizingSettings

COMPLETE = {
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SUPABASE_URL": "https://x.supabase.co",
    "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_value",
    "OPENAI_API_KEY": "sk-value",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (ConsumerSettings, GeneratorSettings):
        for name, _default, _meaning in describe_settings(kind):
            monkeypatch.delenv(name, raising=False)


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> GeneratorSettings:
    set_all(monkeypatch, {**COMPLETE, **variables})
    return load_settings(GeneratorSettings)


def set_all(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def complaints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **variables: str
) -> list[str]:
    return complaints_of(GeneratorSettings, monkeypatch, capsys, variables)


def complaints_of(
    kind: type[ServiceSettings],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: Mapping[str, str],
) -> list[str]:
    set_all(monkeypatch, {**COMPLETE, **variables})
    with pytest.raises(SystemExit) as exit_:
        load_settings(kind)
    assert exit_.value.code == 2
    return capsys.readouterr().err.splitlines()


def test_the_requirements_names_and_defaults_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert settings.redis_url.get_secret_value() == COMPLETE["REDIS_URL"]
    assert settings.openai_max_retries == 3
    assert settings.worker_concurrency == 5
    assert settings.openai_requests_per_minute == 300
    assert settings.supabase_storage_bucket == "images"
    assert settings.image_fetch_private_hosts == frozenset()
    assert settings.generation_deadline == timedelta(seconds=300)


def test_durations_are_seconds_and_lists_have_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch,
        THROTTLE_DELAY_SECONDS="0.5",
        IMAGE_FETCH_PRIVATE_HOSTS="127.0.0.1:80, storage:8000,",
    )
    assert settings.throttle_delay == timedelta(milliseconds=500)
    assert settings.image_fetch_private_hosts == {"127.0.0.1:80", "storage:8000"}


def test_an_empty_variable_is_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, OPENAI_MAX_RETRIES="").openai_max_retries == 3


def test_a_level_may_be_written_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, LOG_LEVEL="debug").log_level == "DEBUG"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THROTTLE_DELAY_SECONDS", "soon"),
        ("THROTTLE_DELAY_SECONDS", "0"),
        ("THROTTLE_DELAY_SECONDS", "-1"),
        ("THROTTLE_DELAY_SECONDS", "inf"),
        ("THROTTLE_DELAY_SECONDS", "nan"),
        ("OPENAI_MAX_RETRIES", "-1"),
        ("OPENAI_MAX_RETRIES", "three"),
        ("WORKER_CONCURRENCY", "0"),
        ("OPENAI_REQUESTS_PER_MINUTE", "0"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_ends_the_service_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    [line] = complaints(monkeypatch, capsys, **{name: value})
    assert line.startswith(f"{name}: ")


@pytest.mark.parametrize("value", ["-1", "0", "65536", "http"])
@pytest.mark.parametrize("kind", [ConsumerSettings, GeneratorSettings, SizingSettings])
def test_a_port_that_there_is_not_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: type[ServiceSettings],
    value: str,
) -> None:
    [line] = complaints_of(kind, monkeypatch, capsys, {"PORT": value})
    assert line.startswith("PORT: ")


@pytest.mark.parametrize("value", ["0", "0.5", "0.999"])
def test_a_heartbeat_that_redis_would_drop_at_once_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    [line] = complaints_of(ConsumerSettings, monkeypatch, capsys, {"CONSUMER_HEARTBEAT_SECONDS": value})
    assert line.startswith("CONSUMER_HEARTBEAT_SECONDS: ")


def test_a_heartbeat_of_a_second_is_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {**COMPLETE, "CONSUMER_HEARTBEAT_SECONDS": "1"})
    assert load_settings(ConsumerSettings).heartbeat_lifetime == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("REDIS_URL", "http://:Secret9@h:6379", "must begin with redis:// or rediss://"),
        ("REDIS_URL", "redis:/:Secret9@h:6379", "must begin with redis:// or rediss://"),
        ("REDIS_URL", "REDIS://:Secret9@h", "must begin with redis:// or rediss://"),
        ("REDIS_URL", "unix:///Secret9", "must begin with redis:// or rediss://"),
        ("REDIS_URL", "redis://:Secret9#more@h:6379/0", "must name a host"),
        ("REDIS_URL", "redis://:Secret9@:6379/0", "must name a host"),
        ("REDIS_URL", "redis://[Secret9", "must name a host"),
        ("REDIS_URL", "redis://:Secret9@h:99999", "must name a host"),
        ("REDIS_URL", "redis://:Secret9@h:6379/0\n", "must not contain spaces"),
        ("SUPABASE_URL", "Secret9.supabase.co", "must begin with https:// or http://"),
        ("SUPABASE_URL", "postgresql://x:Secret9@h", "must begin with https:// or http://"),
        ("OPENAI_BASE_URL", "api.openai.com/Secret9", "must begin with https:// or http://"),
        ("OPENAI_BASE_URL", "https:///Secret9", "must name a host"),
    ],
)
def test_a_url_that_no_client_can_use_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    complaint: str,
) -> None:
    [line] = complaints(monkeypatch, capsys, **{name: value})
    assert line.startswith(f"{name}: {complaint}")
    assert "Secret9" not in line


@pytest.mark.parametrize(
    "query",
    [
        "ssl_cert_reqs=none",
        "ssl_cert_reqs=CERT_REQUIRED",
        "ssl_check_hostname=false",
        "socket_timeout=5&ssl_ca_certs=/x",
        "ssl%5Fcert_reqs=none",
        "SSL_CERT_REQS=none",
        "ssl_cert_reqs=",
    ],
)
@pytest.mark.parametrize("kind", [ConsumerSettings, GeneratorSettings, SizingSettings])
def test_no_redis_url_decides_whether_certificates_are_checked(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: type[ServiceSettings],
    query: str,
) -> None:
    redis_url = f"rediss://:Secret9@h:6380/0?{query}"
    [line] = complaints_of(kind, monkeypatch, capsys, {"REDIS_URL": redis_url})
    assert line == "REDIS_URL: must not set ssl_…: rediss:// always checks certificates"


@pytest.mark.parametrize(
    "url", ["redis://h", "rediss://u:p@h.upstash.io:6380", "redis://[::1]:6379/0?socket_timeout=5"]
)
def test_redis_is_reached_with_and_without_tls(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert load(monkeypatch, REDIS_URL=url).redis_url.get_secret_value() == url


def test_sizing_which_has_no_broker_may_use_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {"REDIS_URL": "unix:///run/redis.sock"})
    assert load_settings(SizingSettings).redis_url.get_secret_value() == "unix:///run/redis.sock"


def test_each_missing_setting_has_its_line_and_no_value_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = dict.fromkeys(COMPLETE, "")
    lines = complaints(monkeypatch, capsys, **missing, WORKER_CONCURRENCY="sk-secret")
    assert sorted(line.split(":")[0] for line in lines) == sorted([*COMPLETE, "WORKER_CONCURRENCY"])
    assert "sk-secret" not in "".join(lines)


def test_a_secret_does_not_show_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    text = repr(load(monkeypatch, REDIS_URL="redis://:secret@h/0"))
    assert not any(secret in text for secret in ("secret@", "sb_secret_value", "sk-value"))


@pytest.mark.parametrize("kind", [ConsumerSettings, GeneratorSettings])
def test_every_setting_has_a_name_in_upper_case_and_a_meaning(kind: type[ServiceSettings]) -> None:
    for name, _default, meaning in describe_settings(kind):
        assert name == name.upper()
        assert meaning
