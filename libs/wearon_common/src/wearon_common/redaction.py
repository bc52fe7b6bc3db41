"""Nothing private in logs: masks what a log event must never show."""

import re
from collections.abc import Mapping, Sequence

from structlog.typing import EventDict, WrappedLogger

MASK = "[redacted]"

_PRIVATE_FIELDS = frozenset(
    {
        "api_key",
        "authorization",
        "email",
        "image_urls",
        "password",
        "prompt",
        "secret",
        "shopper_email",
        "token",
    }
)

# Each takes linear time, whatever the text: anybody may send us a long one.
_PRIVATE_TEXT = (
    (re.compile(r"(?<=://)[^\s/@]+@"), f"{MASK}@"),  # user:password@ in a URL
    (
        re.compile(r"(?<=\?)[^\s\"'<>?]*=[^\s\"'<>]*"),
        MASK,
    ),  # a URL's query: signed URLs keep their token there
    (re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]+)*"), MASK),  # JSON web tokens
    (re.compile(r"\b(?:sk|sb)[-_][\w-]{6,}"), MASK),  # OpenAI and Supabase keys
    (re.compile(r"(?i)\bbearer\s+[^\s\"']+"), f"Bearer {MASK}"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), MASK),  # e-mail addresses
)
_MAY_BE_PRIVATE = re.compile(r"[@?]|eyJ|(?:sk|sb)[-_]|bearer", re.IGNORECASE)  # each needs one of these


def redact(value: object) -> object:
    """Return `value` with everything private masked, whatever its depth."""
    if isinstance(value, str):
        return _redact_text(value)
    if isinstance(value, Mapping):
        return {key: MASK if _is_private(key) else redact(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [redact(item) for item in value]
    return value if isinstance(value, int | float | None) else _redact_text(str(value))


def redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask a structlog event; the last processor before it is rendered."""
    return {key: MASK if _is_private(key) else redact(item) for key, item in event.items()}


def _is_private(field: object) -> bool:
    return isinstance(field, str) and field.lower() in _PRIVATE_FIELDS


def _redact_text(text: str) -> str:
    if not _MAY_BE_PRIVATE.search(text):
        return text
    for pattern, replacement in _PRIVATE_TEXT:
        text = pattern.sub(replacement, text)
    return text
