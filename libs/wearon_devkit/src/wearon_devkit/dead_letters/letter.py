import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

_REPLACED_BYTE = re.compile(r"\\x[89a-f][0-9a-f]")


@dataclass(frozen=True)
class Letter:
    """One burial of one entry, as a consumer wrote it.

    `stored` are its bytes in Redis. `entry` is None when the letter itself cannot be read: it can only be
    dropped.
    """

    stored: bytes
    entry: str | None = None
    reason: str = "unreadable letter"
    detail: str = ""
    buried_at: datetime | None = None

    @classmethod
    def read(cls, stored: bytes) -> Self:
        """Read what lies in Redis, whatever it is."""
        try:
            fields: dict[str, Any] = json.loads(stored)
            entry = str(fields["entry"])
            entry.encode()
            buried_at = datetime.fromisoformat(fields["buried_at"])
            return cls(
                stored, entry, str(fields["reason"]), str(fields.get("detail", "")), buried_at.astimezone(UTC)
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            return cls(stored)

    @property
    def restorable(self) -> bool:
        r"""Whether the entry is, byte by byte, what was in the queue.

        A letter holds text: bytes that were not UTF-8 were written as `\xff`. JSON has no such escape, so
        valid JSON is what it seems to be.
        """
        return self.entry is not None and (not _REPLACED_BYTE.search(self.entry) or _is_json(self.entry))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
