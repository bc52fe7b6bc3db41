import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx
from prometheus_client import CollectorRegistry, Counter, Histogram

from wearon_common.metrics.series import at_zero

_FUNCTIONS = "/rest/v1/rpc/"
_OPERATIONS = {
    f"{_FUNCTIONS}claim_generation": "claim",
    f"{_FUNCTIONS}renew_generation": "renew",
    f"{_FUNCTIONS}requeue_generation": "requeue",
    f"{_FUNCTIONS}complete_generation": "complete",
    f"{_FUNCTIONS}fail_and_refund_generation": "fail_and_refund",
    f"{_FUNCTIONS}stuck_generations": "stuck",
    f"{_FUNCTIONS}generation_imbalances": "books",
    "/storage/v1/object/sign/": "sign",
    "/storage/v1/object/": "upload",
}
_OTHER = "other"
_STATUSES = ("ok", "refused", "failed", "timeout", "unreachable", "cancelled")
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)


class SupabaseCall:
    """One call under way."""

    status = "unreachable"

    def answered(self, status_code: int) -> None:
        """Note that the answer has come."""
        if status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            self.status = "failed"
        else:
            self.status = "ok" if httpx.codes.is_success(status_code) else "refused"


class SupabaseCalls:
    """The HTTP calls to Supabase, as they are on the wire: those that are repeated count each time."""

    def __init__(self, registry: CollectorRegistry, operations: Iterable[str]) -> None:
        operations = (*operations, _OTHER)
        self._calls = at_zero(
            Counter(
                "wearon_supabase_calls_total",
                "HTTP calls to Supabase; a call that is repeated counts each time.",
                ["operation", "status"],
                registry=registry,
            ),
            operations,
            _STATUSES,
        )
        self._seconds = at_zero(
            Histogram(
                "wearon_supabase_call_seconds",
                "Seconds that an HTTP call to Supabase took, however it ended.",
                ["operation"],
                buckets=_BUCKETS_S,
                registry=registry,
            ),
            operations,
        )

    @contextmanager
    def watched(self, path: str) -> Iterator[SupabaseCall]:
        """Count the call that is made inside, and how it ends."""
        call, began_s = SupabaseCall(), time.monotonic()
        try:
            yield call
        except httpx.TimeoutException:
            call.status = "timeout"
            raise
        except asyncio.CancelledError:
            call.status = "cancelled"
            raise
        finally:
            operation = _operation_of(path)
            self._calls.labels(operation, call.status).inc()
            self._seconds.labels(operation).observe(time.monotonic() - began_s)


def _operation_of(path: str) -> str:
    return next((name for prefix, name in _OPERATIONS.items() if path.startswith(prefix)), _OTHER)
