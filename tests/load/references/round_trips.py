"""The round trips of the plain way alone: take an entry, push the same bytes, and do nothing else."""

from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_common.settings import RedisSettings, load_settings


def main() -> None:
    """Move bytes until killed."""
    settings = load_settings(RedisSettings)
    redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=None)
    while True:
        _, entry = redis.brpop([keys.TASKS])  # type: ignore[misc] # waits for ever: never None
        redis.lpush(Channel.B2C.traits.queue, entry)


if __name__ == "__main__":
    main()
