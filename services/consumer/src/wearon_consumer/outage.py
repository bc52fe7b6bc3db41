from redis.exceptions import RedisError

from wearon_common.supabase_errors import SupabaseError

_OUTAGES = (RedisError, SupabaseError, OSError)


def is_bug(error: Exception) -> bool:
    """Tell whether an error is more than Redis or the database being away: then its trace is wanted too."""
    return not isinstance(error, _OUTAGES)
