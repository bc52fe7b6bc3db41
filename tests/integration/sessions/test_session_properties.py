"""The session functions keep their promises in any order of calls, whoever else writes.

`SESSION_EXAMPLES=2000` looks longer, and elsewhere each time.
"""

import os
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from integration.sessions.session_machine import NobodyElse, OwnWorkers
from integration.sessions.session_other_writers import WithAMeddlingUser, WithTheProducer
from integration.sessions.session_world import connections_to, new_world
from redis import Redis

_EXAMPLES = os.environ.get("SESSION_EXAMPLES")
_SETTINGS = settings(
    max_examples=int(_EXAMPLES or 40),
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=_EXAMPLES is None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.timeout(0 if _EXAMPLES else 300)
@pytest.mark.parametrize("writers", [NobodyElse, WithTheProducer, WithAMeddlingUser])
def test_any_interleaving_keeps_the_promises(
    writers: type[OwnWorkers], postgres: str, redis_url: str
) -> None:
    with connections_to(postgres, 3) as connections, Redis.from_url(redis_url) as redis:

        class OnOurServers(writers):  # type: ignore[valid-type, misc] # the base is a parameter
            new_world = partial(new_world, postgres, connections, redis)

        run_state_machine_as_test(OnOurServers, settings=_SETTINGS)
