"""What can go wrong at Supabase, told apart by what to do next."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from postgrest import APIError
from storage3.exceptions import StorageApiError
from supabase import StorageException


class SupabaseError(Exception):
    """A call to Supabase failed. Its text names the call and a code, never a value."""


class SupabaseUnavailableError(SupabaseError):
    """The answer is unknown or 'not now': the same call may be repeated."""


class SupabaseRefusedError(SupabaseError):
    """The call is wrong or forbidden: repeating it changes nothing."""


# PostgreSQL classes that pass by themselves: connection, rollback (serialization, deadlock), resources,
# operator intervention; PGRST000 to 003 are PostgREST's own connection troubles.
_PASSING_CLASSES = ("08", "40", "53", "57")
_PASSING_CODES = ("PGRST000", "PGRST001", "PGRST002", "PGRST003")


@contextmanager
def translate_supabase_errors(call: str) -> Iterator[None]:
    """Turn whatever supabase-py raises inside into one of ours."""
    try:
        yield
    except httpx.HTTPError as error:
        raise SupabaseUnavailableError(f"{call}: {type(error).__name__}") from error
    except APIError as error:
        raise _of_database(call, error) from error
    except StorageApiError as error:
        raise _of_status(call, str(error.status)) from error
    except (StorageException, ValueError) as error:  # not what was asked for: a gateway in between
        raise SupabaseUnavailableError(f"{call}: {type(error).__name__}") from error


def _of_database(call: str, error: APIError) -> SupabaseError:
    code = str(error.code or "")
    is_sqlstate = len(code) == len("40001")  # and no HTTP status, which a gateway may have put there
    if code in _PASSING_CODES or (is_sqlstate and code.startswith(_PASSING_CLASSES)):
        return SupabaseUnavailableError(f"{call}: {code}")
    return _of_status(call, code)


def _of_status(call: str, code: str) -> SupabaseError:
    is_http_status = len(code) == len("500") and code.isdigit()
    if not code or (is_http_status and (code.startswith("5") or code in {"408", "429"})):
        return SupabaseUnavailableError(f"{call}: {code or 'no code'}")
    return SupabaseRefusedError(f"{call}: {code}")
