# ruff: noqa: INP001 - a script that goes to a container by its standard input
"""Asks each database function that this release calls, by its own code, for a session that cannot be.

Ends with status 1 and one line when one is missing, takes other arguments, or refuses this key.
Usage, in a container of the consumer or the generator: `python - < database_functions.py`
"""

import asyncio
import sys
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from wearon_common.channel import Channel
from wearon_common.sessions import Attempt, Result, Sessions
from wearon_common.settings import SupabaseSettings, load_settings
from wearon_common.supabase_client import close_supabase, connect_supabase
from wearon_common.supabase_errors import SupabaseRefusedError, SupabaseUnavailableError
from wearon_common.task import GenerationTask

NOBODY = UUID(int=0)
NOTHING = Attempt(Channel.B2C, NOBODY, 1)
MOMENT = timedelta(seconds=1)
LONG_AGO = timedelta(days=36_500)  # nobody waits since then


async def main() -> None:
    """Call each of them; a session that does not exist changes nothing."""
    settings = load_settings(SupabaseSettings)
    key = settings.supabase_service_role_key.get_secret_value()
    client = connect_supabase(settings.supabase_url, key, settings.supabase_timeout)
    try:
        await _call_all(Sessions(client))
    except (SupabaseRefusedError, SupabaseUnavailableError) as error:
        sys.exit(f"{settings.supabase_url}: {error}")
    finally:
        await close_supabase(client)


async def _call_all(sessions: Sessions) -> None:
    await sessions.claim(_task(), NOBODY, MOMENT)
    await sessions.renew(NOTHING, MOMENT)
    await sessions.requeue(NOTHING, "")
    await sessions.complete(NOTHING, Result("", 0, 0, Decimal(0), MOMENT))
    await sessions.fail_and_refund(NOTHING, "", "")
    await sessions.stuck(LONG_AGO)
    await sessions.imbalances(MOMENT, MOMENT)


def _task() -> GenerationTask:
    return GenerationTask.read(
        {
            "task_id": "preflight",
            "channel": "b2c",
            "user_id": str(NOBODY),
            "session_id": str(NOBODY),
            "image_urls": ["https://example.com/nothing.jpg"],
            "prompt": "",
            "request_id": "preflight",
            "version": 1,
            "created_at": "2026-01-01T00:00:00Z",
        }
    )


asyncio.run(main())
