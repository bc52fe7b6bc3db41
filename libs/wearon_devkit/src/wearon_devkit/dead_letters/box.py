from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from wearon_common import keys
from wearon_devkit.dead_letters.buried_entry import BuriedEntry
from wearon_devkit.dead_letters.letter import Letter

TIMEOUT_S = 10

# KEYS: the dead letters (list); for a requeue also the tasks (list). ARGV: the entry, then its letters, the
# oldest first. Gives how many letters were there. Only who still finds a letter about it pushes the entry.
_TAKE_OUT = """
local removed = 0
for place = 2, #ARGV do
    removed = removed + redis.call('LREM', KEYS[1], -1, ARGV[place])
end
if removed > 0 and KEYS[2] then
    redis.call('LPUSH', KEYS[2], ARGV[1])
end
return removed
"""


class BoxUnreachableError(Exception):
    """Redis does not answer, or refuses; the message says why, without secrets."""


class DeadLetterBox:
    """The dead letters in Redis. Every method raises `BoxUnreachableError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._take_out = redis.register_script(_TAKE_OUT)

    @classmethod
    @contextmanager
    def open(cls, redis_url: str) -> Iterator[Self]:
        """Connect to `redis://` or `rediss://`, whose certificate is checked."""
        try:
            redis = Redis.from_url(
                redis_url,
                socket_connect_timeout=TIMEOUT_S,
                socket_timeout=TIMEOUT_S,
                # A requeue whose answer got lost must not be sent again behind our back.
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError:
            raise BoxUnreachableError("this is no Redis URL") from None  # its own words may quote a password
        with redis:
            yield cls(redis)

    def entries(self) -> list[BuriedEntry]:
        """List the buried entries, the one that was buried last first."""
        with _reaching():
            stored = cast("list[bytes]", self._redis.lrange(keys.DEAD_LETTERS, 0, -1))
        return BuriedEntry.gather(map(Letter.read, stored))

    def requeue(self, buried: BuriedEntry) -> bool:
        """Put a restorable entry behind the others in the queue and remove its letters, in one step.

        False: its letters were gone already, and nothing was done.
        """
        if not buried.newest.restorable:
            raise ValueError(buried.number)
        return self._remove(buried, [keys.DEAD_LETTERS, keys.TASKS]) > 0

    def drop(self, buried: BuriedEntry) -> bool:
        """Remove the letters about an entry. False: they were gone already."""
        return self._remove(buried, [keys.DEAD_LETTERS]) > 0

    def _remove(self, buried: BuriedEntry, lists: list[str]) -> int:
        oldest_first = [letter.stored for letter in reversed(buried.letters)]
        entry = (buried.newest.entry or "").encode()
        with _reaching():
            return cast("int", self._take_out(keys=lists, args=[entry, *oldest_first]))


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        text = str(error).strip() or type(error).__name__
        raise BoxUnreachableError(text.splitlines()[0]) from error
