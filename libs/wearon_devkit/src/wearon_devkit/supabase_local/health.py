"""`GET /health`: ready when the database answers."""

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_TIMEOUT_S = 1.0


class Health:
    """The health endpoint."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def answer(self, _request: Request) -> Response:
        """Return 200 when a query works, else 503."""
        try:
            async with self._pool.connection(_TIMEOUT_S) as connection:
                await connection.execute("SELECT 1")
        except (psycopg.Error, PoolTimeout):
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ok"})
