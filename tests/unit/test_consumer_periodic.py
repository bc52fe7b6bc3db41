import asyncio
from datetime import timedelta

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from structlog.testing import capture_logs

from wearon_common.supabase_errors import SupabaseUnavailableError
from wearon_consumer.periodic import repeat


def logged(*errors: Exception) -> list[bool]:
    """Tell for each error that an action raises, run after run, whether its trace is logged."""
    left = iter(errors)

    async def action() -> None:
        for error in left:
            raise error
        raise asyncio.CancelledError

    with capture_logs() as lines, pytest.raises(asyncio.CancelledError):
        asyncio.run(repeat("sweep", action, timedelta(0)))
    assert [line["error"] for line in lines] == [type(error).__name__ for error in errors]
    return [line["exc_info"] for line in lines]


def test_what_fails_is_tried_again_and_only_a_bug_leaves_its_trace() -> None:
    away = RedisConnectionError("refused"), SupabaseUnavailableError("claim: 503"), TimeoutError()
    assert logged(*away, KeyError("bug"), *away) == [False, False, False, True, False, False, False]
