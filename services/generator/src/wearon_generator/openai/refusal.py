"""What OpenAI's error answers mean for us."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

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

_LONGEST_WAIT = timedelta(seconds=60)
_NO_MONEY = (
    "insufficient_quota",
    "credit_balance_exhausted",
    "billing_hard_limit_reached",
    "billing_not_active",
)
_SPEND_LIMIT = "_spend_limit_exceeded"

# An overloaded provider is left alone by all replicas, also when it does not say for how long.
_WITHOUT_RETRY_AFTER: dict[int, timedelta] = {httpx.codes.SERVICE_UNAVAILABLE: timedelta(seconds=2)}

_BY_STATUS: dict[int, type[GenerationFailure]] = {
    httpx.codes.UNAUTHORIZED: ProviderRefusesUs,
    httpx.codes.FORBIDDEN: ProviderRefusesUs,
    httpx.codes.NOT_FOUND: ProviderModelGone,
    httpx.codes.REQUEST_TIMEOUT: ProviderUnavailable,
    httpx.codes.CONFLICT: ProviderUnavailable,
    httpx.codes.TOO_MANY_REQUESTS: ProviderThrottled,
}


def refusal_of(status: int, headers: Mapping[str, str], body: bytes) -> GenerationFailure:
    """Name the failure of an answer that is not 200."""
    names = _error_names(body)
    kind = _kind_of(status, names)
    detail = " ".join([str(status), *names[:1]])
    if issubclass(kind, ProviderUnavailable):
        wait = _retry_after(headers)
        return kind(detail, _WITHOUT_RETRY_AFTER.get(status) if wait is None else wait)
    return kind(detail)


def _kind_of(status: int, names: Sequence[str]) -> type[GenerationFailure]:
    if any(name in _NO_MONEY or name.endswith(_SPEND_LIMIT) for name in names):
        return ProviderQuotaExhausted
    if "moderation_blocked" in names:
        return ModerationBlocked
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ProviderUnavailable
    return _BY_STATUS.get(status, ProviderRejected)


def _error_names(body: bytes) -> Sequence[str]:
    """Give the error's code and its type, those that it has: either may be the one that tells."""
    try:
        error = json.loads(body)["error"]
        return [str(name) for name in (error.get("code"), error.get("type")) if name]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Read seconds or an HTTP date (RFC 9110, 10.2.3); never longer than anybody would wait."""
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        wait = _seconds(value) if _is_number(value) else _until(value)
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).isdecimal()


def _seconds(number: str) -> timedelta:
    return timedelta(seconds=min(float(number), _LONGEST_WAIT.total_seconds()))


def _until(http_date: str) -> timedelta:
    moment = parsedate_to_datetime(http_date)
    return moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)
