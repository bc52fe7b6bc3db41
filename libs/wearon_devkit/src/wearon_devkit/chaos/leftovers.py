"""What still lies in Redis when nothing should."""

from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel


def left_in_redis(redis: Redis) -> dict[str, int]:
    """Count the entries of every list that a task may lie in, empty lists and dead letters left out."""
    processing = [key.decode() for key in redis.keys(keys.processing("*")) if isinstance(key, bytes)]
    lists = [keys.TASKS, *processing, *(channel.traits.queue for channel in Channel)]
    counts = {name: int(redis.llen(name)) for name in lists}
    counts["unacked"] = int(redis.hlen("unacked"))
    return {name: count for name, count in counts.items() if count}
