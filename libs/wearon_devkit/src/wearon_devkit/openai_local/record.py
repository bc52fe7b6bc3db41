"""What was called, when, and how it ended: enough to count calls and to prove rates."""

import hashlib
import itertools
import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from wearon_devkit.openai_local.faults import FaultKind
from wearon_devkit.openai_local.preview_cache import InputFacts

RATE_WINDOW_S = 60.0
RECORD_FILE = "openai-record.jsonl"


def now_text() -> str:
    """Return the wall time, ISO 8601 with microseconds, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


@dataclass(slots=True)
class Call:
    """One call of the image edits.

    `started_s` and `ended_s` are seconds of the machine's monotonic clock, comparable between processes;
    `started_at` and `ended_at` the wall time. `status` is None while nothing has been answered, and
    stays so when nothing ever was. The prompt is kept as its SHA-256 alone.
    """

    sequence: int
    client_request_id: str | None
    request_id: str = field(default_factory=lambda: f"req_{uuid.uuid4().hex}")
    started_s: float = field(default_factory=time.monotonic)
    started_at: str = field(default_factory=now_text)
    ended_s: float | None = None
    ended_at: str | None = None
    status: int | None = None
    fault: FaultKind | None = None
    model: str | None = None
    prompt_sha256: str | None = None
    images: Sequence[InputFacts] = ()

    def keep_prompt(self, prompt: str) -> None:
        """Keep a digest by which equal prompts can be told, and nothing else."""
        self.prompt_sha256 = hashlib.sha256(prompt.encode()).hexdigest()

    def end(self) -> None:
        """Note that the call is over."""
        self.ended_s, self.ended_at = time.monotonic(), now_text()

    def as_json(self) -> dict[str, object]:
        """Return the call as JSON-ready values."""
        return asdict(self)


class CallRecord:
    """All calls since the start, or since the record was cleared.

    Finished calls are also appended to `openai-record.jsonl` in `directory`, one JSON object a line.
    """

    def __init__(self, directory: Path | None) -> None:
        self._file = None if directory is None else directory / RECORD_FILE
        self._numbers = itertools.count(1)
        self._calls: list[Call] = []

    def begin(self, client_request_id: str | None) -> Call:
        """Open the record of a call that has just arrived."""
        call = Call(next(self._numbers), client_request_id)
        self._calls.append(call)
        return call

    def finish(self, call: Call) -> None:
        """Close the record of a call."""
        call.end()
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(call.as_json()) + "\n")

    def clear(self) -> None:
        """Forget the calls; numbers go on and the file stays."""
        self._calls.clear()

    def as_json(self) -> list[dict[str, object]]:
        """Return all calls, oldest first."""
        return [call.as_json() for call in self._calls]

    def calls_in_last_minute(self) -> int:
        """Return how many calls began within the last 60 s."""
        oldest_s = time.monotonic() - RATE_WINDOW_S
        recent = itertools.takewhile(lambda call: call.started_s >= oldest_s, reversed(self._calls))
        return sum(1 for _ in recent)
