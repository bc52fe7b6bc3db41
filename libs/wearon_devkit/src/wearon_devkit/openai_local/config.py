"""What one stub process is told at its start."""

from dataclasses import dataclass
from pathlib import Path

from wearon_devkit.openai_local.latency import LatencyRange

LOCAL_API_KEY = "sk-local-preview"
"""The bearer key that the stub takes unless told otherwise. It opens nothing but the stub."""

DEFAULT_LATENCY = LatencyRange(0.5, 0.5)


@dataclass(frozen=True, slots=True)
class StubConfig:
    """Settings of the stub.

    - `record_dir`: finished calls are appended to `openai-record.jsonl` in it; None keeps them in memory.
    - `latency`: how long a good answer takes.
    - `seed`: makes the drawn latencies repeatable; None draws anew each time.
    - `api_key`: the only bearer key that is accepted.
    - `requests_per_minute`: what the `x-ratelimit-*` headers claim. The stub reports it and never enforces
      it: a rate is proved from the record, a refusal is scripted.
    """

    record_dir: Path | None = None
    latency: LatencyRange = DEFAULT_LATENCY
    seed: int | None = None
    api_key: str = LOCAL_API_KEY
    requests_per_minute: int = 300
