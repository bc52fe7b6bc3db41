"""A raw queue entry, before it is known to be a task."""

import hashlib
import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from wearon_common.channel import Channel
from wearon_common.logs import task_context
from wearon_common.request_id import traceable


def digest(entry: bytes) -> str:
    """Name an entry in the hash of recoveries; the same as Redis' own `sha1hex`."""
    return hashlib.sha1(entry, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class NamedSession:
    """The session that an entry names, whatever else is wrong with it."""

    channel: Channel
    session_id: str
    request_id: str | None


def named_session(entry: bytes) -> NamedSession | None:
    """Find the session that a malformed entry names, so that its charge can go back."""
    try:
        fields = json.loads(entry)
        return NamedSession(
            channel=Channel(fields["channel"]),
            session_id=_text(fields["session_id"]),
            request_id=_trace_id(fields.get("request_id")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def entry_context(session: NamedSession | None) -> AbstractContextManager[None]:
    """Put what an entry names, if anything, on every line that is logged inside."""
    if session is None:
        return nullcontext()
    return task_context(
        request_id=session.request_id, session_id=session.session_id, task_id=None, channel=session.channel
    )


def _trace_id(request_id: object) -> str | None:
    return traceable(request_id) if isinstance(request_id, str) else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
