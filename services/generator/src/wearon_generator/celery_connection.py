"""Connections that tell a Redis that cannot work at the moment from one that is asked wrongly."""

from typing import Any

from redis import Connection, SSLConnection
from redis.exceptions import ResponseError

# Each passes by itself or by an operator's hand. Any other error answer is a mistake in what was asked.
_OUTAGES = {"READONLY", "NOREPLICAS", "UNBLOCKED", "MISCONF", "MASTERDOWN", "CLUSTERDOWN", "OOM"}
_AT_EXEC = "Transaction discarded because of: "


class RedisRefusesError(ResponseError):
    """Redis answered that it cannot do what it could do before: a failover, a full disk, a full memory.

    To redis-py it is an answer: a lost connection would have it repeat a watched transaction without an end.
    """


class _Outages:
    """Raises `RedisRefusesError`."""

    def read_response(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - redis-py's
        try:
            return super().read_response(*args, **options)  # type: ignore[misc] # of the connection beside it
        except ResponseError as error:
            if not _is_outage(error):
                raise
            raise RedisRefusesError(str(error)) from error


class OutageConnection(_Outages, Connection):
    """Without TLS."""


class OutageSSLConnection(_Outages, SSLConnection):
    """With TLS."""


def _is_outage(error: ResponseError) -> bool:
    codes = {error.status_code, str(error).removeprefix(_AT_EXEC).split(" ", 1)[0]}
    return not codes.isdisjoint(_OUTAGES)
