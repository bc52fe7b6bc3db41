"""OpenAI's error answers become failures that say what happens next."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from wearon_generator.failures import (
    GenerationFailure,
    ModerationBlocked,
    ProviderModelGone,
    ProviderQuotaExhausted,
    ProviderRefusesUs,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
)
from wearon_generator.openai.refusal import refusal_of


def body(code: object) -> bytes:
    return json.dumps({"error": {"message": "…", "type": "…", "param": None, "code": code}}).encode()


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (400, "moderation_blocked", ModerationBlocked),
        (400, "invalid_value", ProviderRejected),
        (413, "", ProviderRejected),
        (422, "", ProviderRejected),
        (401, "invalid_api_key", ProviderRefusesUs),
        (403, "unsupported_country_region_territory", ProviderRefusesUs),
        (404, "model_not_found", ProviderModelGone),
        (408, "", ProviderUnavailable),
        (409, "", ProviderUnavailable),
        (429, "rate_limit_exceeded", ProviderThrottled),
        (429, "slow_down", ProviderThrottled),
        (429, "", ProviderThrottled),
        (429, "insufficient_quota", ProviderQuotaExhausted),
        (429, "credit_balance_exhausted", ProviderQuotaExhausted),
        (429, "project_spend_limit_exceeded", ProviderQuotaExhausted),
        (400, "billing_hard_limit_reached", ProviderQuotaExhausted),
        (500, "server_error", ProviderUnavailable),
        (503, "server_is_overloaded", ProviderUnavailable),
        (301, "", ProviderRejected),
    ],
)
def test_a_status_and_a_code_mean_one_failure(
    status: int, code: str, failure: type[GenerationFailure]
) -> None:
    assert type(refusal_of(status, {}, body(code))) is failure


@pytest.mark.parametrize(
    "error",
    [
        {"type": "insufficient_quota"},
        {"type": "insufficient_quota", "code": None},
        {"type": "insufficient_quota", "code": ""},
        {"code": "insufficient_quota"},
        {"type": "requests", "code": "insufficient_quota"},
        {"type": "insufficient_quota", "code": "billing_error"},
    ],
)
def test_an_empty_account_is_known_by_its_code_or_its_type(error: dict[str, object]) -> None:
    answer = json.dumps({"error": {"message": "…", **error}}).encode()
    assert type(refusal_of(429, {}, answer)) is ProviderQuotaExhausted


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>502</html>",
        b"[]",
        b'{"error": null}',
        b'{"error": "text"}',
        b"\xff",
        b"[" * 100_000,
        body(7),
    ],
)
def test_a_body_that_says_nothing_leaves_the_status_to_speak(answer: bytes) -> None:
    assert type(refusal_of(502, {}, answer)) is ProviderUnavailable


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_every_failure_tells_people_something(status: int) -> None:
    message = refusal_of(status, {}, b"").message
    assert "You were not charged." in message


def test_only_what_a_person_must_mend_needs_one() -> None:
    needs = {
        code: refusal_of(429, {}, body(code)).needs_a_person for code in ("insufficient_quota", "slow_down")
    }
    assert needs == {"insufficient_quota": True, "slow_down": False}
    assert refusal_of(404, {}, b"").needs_a_person


def wait(value: str | None, status: int = 429) -> timedelta | None:
    headers = {} if value is None else {"retry-after": value}
    failure = refusal_of(status, headers, b"")
    assert isinstance(failure, ProviderUnavailable)
    return failure.wait


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("0.5", 0.5), ("0", 0), ("3600", 60), ("99999999999999999999", 60)],
)
def test_a_wait_in_seconds_is_taken_up_to_a_minute(value: str, seconds: float) -> None:
    assert wait(value) == timedelta(seconds=seconds)


def test_a_wait_until_a_moment_is_taken_up_to_a_minute() -> None:
    soon, late, past = (datetime.now(UTC) + timedelta(seconds=s) for s in (30, 3_600, -3_600))
    assert (
        timedelta(seconds=20)
        < (wait(format_datetime(soon, usegmt=True)) or timedelta())
        <= timedelta(seconds=30)
    )
    assert wait(format_datetime(late, usegmt=True)) == timedelta(seconds=60)
    assert wait(format_datetime(past, usegmt=True)) == timedelta(0)


@pytest.mark.parametrize("value", [None, "", "soon", "-1", "1e9", "nan", "٣", "²", "1.2.3", "9" * 5_000])
def test_a_wait_that_is_none_is_none_or_bounded(value: str | None) -> None:
    given = wait(value)
    assert given is None or given <= timedelta(seconds=60)


def test_an_overloaded_provider_may_name_a_wait_too() -> None:
    assert wait("7", status=503) == timedelta(seconds=7)
