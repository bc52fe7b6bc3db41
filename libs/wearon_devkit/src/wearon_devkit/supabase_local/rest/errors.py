"""Failures in PostgREST's words: `{code, details, hint, message}` and the HTTP status that goes with them."""

import json

import psycopg
from psycopg_pool import PoolTimeout
from starlette.responses import Response

from wearon_devkit.supabase_local.keys import Role
from wearon_devkit.supabase_local.refusal import NotSpokenError

JSON_TYPE = "application/json; charset=utf-8"

# https://docs.postgrest.org/en/v12/references/errors.html: the longest matching prefix decides.
_STATUS_BY_SQLSTATE = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "23503": 409,
    "23505": 409,
    "25": 500,
    "25006": 405,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "42501": 403,
    "42883": 404,
    "42P01": 404,
    "53": 503,
    "54": 413,
    "55": 500,
    "57": 500,
    "57P01": 503,
    "58": 500,
    "F0": 500,
    "HV": 500,
    "P0": 500,
    "P0001": 400,
    "XX": 500,
}


class PostgrestError(Exception):
    """A failure that is answered as PostgREST would. Raised inside a transaction, it undoes it."""

    def __init__(
        self, status: int, code: str, message: str, details: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.hint = hint

    @property
    def body(self) -> str:
        """The JSON of the answer."""
        fields = {"code": self.code, "details": self.details, "hint": self.hint, "message": self.message}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    def answer(self) -> Response:
        """Return the HTTP answer."""
        return Response(self.body, self.status, media_type=JSON_TYPE)


def of_database_error(error: psycopg.Error | PoolTimeout, role: Role) -> PostgrestError:
    """Translate what PostgreSQL said; without an SQLSTATE the connection itself failed."""
    if isinstance(error, PoolTimeout):
        return PostgrestError(504, "PGRST003", "Timed out acquiring connection from connection pool.")
    if error.sqlstate is None:
        return PostgrestError(503, "PGRST001", "Database client error. Retrying the connection.", str(error))
    if error.sqlstate == "PGRST":
        raise NotSpokenError("an answer made with RAISE SQLSTATE 'PGRST'")
    diagnosis = error.diag
    return PostgrestError(
        _status(error.sqlstate, role),
        error.sqlstate,
        diagnosis.message_primary or str(error),
        diagnosis.message_detail,
        diagnosis.message_hint,
    )


def _status(sqlstate: str, role: Role) -> int:
    if sqlstate.startswith("PT") and sqlstate[2:].isdigit():
        return int(sqlstate[2:])
    if sqlstate == "42501" and role is Role.ANON:
        return 401
    prefixes = [sqlstate[:length] for length in range(len(sqlstate), 1, -1)]
    return next((_STATUS_BY_SQLSTATE[prefix] for prefix in prefixes if prefix in _STATUS_BY_SQLSTATE), 400)
