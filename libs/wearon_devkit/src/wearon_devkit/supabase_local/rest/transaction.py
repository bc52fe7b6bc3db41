"""One request, one transaction, under the caller's own database role."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.requests import Request

from wearon_devkit.supabase_local.keys import Keys
from wearon_devkit.supabase_local.rest.catalogue import Cursor
from wearon_devkit.supabase_local.rest.errors import of_database_error

# What PostgREST sets for the length of a transaction, so that rights and policies are really enforced.
_SETTINGS = """
SELECT
    set_config('transaction_read_only', %(read_only)s, true),
    set_config('role', %(role)s, true),
    set_config('search_path', '"public", "extensions"', true),
    set_config('request.jwt.claims', %(claims)s, true),
    set_config('request.method', %(method)s, true),
    set_config('request.path', %(path)s, true)
"""
_READING = {"GET", "HEAD"}


class Transactions:
    """Opens the transactions of requests on a pool.

    A transaction commits when its block ends, before the answer is sent, and is undone by any exception.
    Reading requests run read-only.
    """

    def __init__(self, pool: AsyncConnectionPool, keys: Keys) -> None:
        self._pool = pool
        self._keys = keys

    @asynccontextmanager
    async def begin(self, request: Request) -> AsyncIterator[Cursor]:
        """Give a cursor; whatever the database says becomes a PostgrestError.

        Raises MissingKeyError and UnknownKeyError before the database is touched.
        """
        role = self._keys.role_of(request)
        try:
            async with self._pool.connection() as connection, connection.cursor() as cursor:
                await cursor.execute(
                    _SETTINGS,
                    {
                        "read_only": "on" if request.method in _READING else "off",
                        "role": role,
                        "claims": json.dumps({"role": role}),
                        "method": request.method,
                        "path": request.url.path,
                    },
                )
                yield cursor
        except (psycopg.Error, PoolTimeout) as error:
            raise of_database_error(error, role) from error
