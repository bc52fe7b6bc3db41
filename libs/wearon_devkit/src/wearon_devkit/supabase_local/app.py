"""The ASGI application: which path goes where, and which failure is answered how."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ExceptionHandler, Lifespan

from wearon_devkit.supabase_local.config import Config
from wearon_devkit.supabase_local.faults import Faults
from wearon_devkit.supabase_local.health import Health
from wearon_devkit.supabase_local.keys import Keys, MissingKeyError, UnknownKeyError
from wearon_devkit.supabase_local.refusal import NotSpokenError, not_spoken_answer
from wearon_devkit.supabase_local.rest.errors import PostgrestError
from wearon_devkit.supabase_local.rest.functions import Functions
from wearon_devkit.supabase_local.rest.tables import Tables
from wearon_devkit.supabase_local.rest.transaction import Transactions
from wearon_devkit.supabase_local.storage.downloads import Downloads
from wearon_devkit.supabase_local.storage.errors import StorageError
from wearon_devkit.supabase_local.storage.listing import Listing
from wearon_devkit.supabase_local.storage.objects import Objects
from wearon_devkit.supabase_local.storage.tokens import Tokens
from wearon_devkit.supabase_local.storage.uploads import Uploads

_POOL_TIMEOUT_S = 10.0  # PostgREST's own db-pool-acquisition-timeout


def create_app(config: Config) -> Starlette:
    """Make the stand-in. It connects when the server starts it; without the database it answers 503."""
    pool = AsyncConnectionPool(
        config.database_url,
        min_size=1,
        max_size=config.max_connections,
        timeout=_POOL_TIMEOUT_S,
        open=False,
        check=AsyncConnectionPool.check_connection,
    )
    keys = Keys(config.service_key, config.anon_key)
    app = Starlette(
        routes=[
            Route("/health", Health(pool).answer),
            *_rest_routes(Transactions(pool, keys)),
            *_storage_routes(config, keys),
        ],
        middleware=[Middleware(Faults)],
        exception_handlers=_EXCEPTION_HANDLERS,
        lifespan=_lifespan_of(pool),
    )
    app.router.redirect_slashes = False
    return app


def _lifespan_of(pool: AsyncConnectionPool) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with pool:
            yield

    return lifespan


def _rest_routes(transactions: Transactions) -> list[Route]:
    tables, functions = Tables(transactions), Functions(transactions)
    return [
        Route("/rest/v1/rpc/{function}", functions.call, methods=["POST"]),
        Route("/rest/v1/{table}", tables.read, methods=["GET", "HEAD"]),
        Route("/rest/v1/{table}", tables.insert, methods=["POST"]),
        Route("/rest/v1/{table}", tables.update, methods=["PATCH"]),
        Route("/rest/v1/{table}", tables.delete, methods=["DELETE"]),
    ]


def _storage_routes(config: Config, keys: Keys) -> list[Route]:
    objects = Objects(config.storage_dir, config.bucket)
    uploads = Uploads(objects, config.bucket, keys)
    downloads = Downloads(objects, Tokens(config.service_key), config.bucket, keys)
    listing = Listing(objects, config.bucket, keys)
    at = "/storage/v1/object"
    return [
        Route(at + "/sign/{bucket}/{path:path}", downloads.sign, methods=["POST"]),
        Route(at + "/sign/{bucket}/{path:path}", downloads.download_signed, methods=["GET"]),
        Route(at + "/list/{bucket}", listing.list, methods=["POST"]),
        Route(at + "/authenticated/{bucket}/{path:path}", downloads.download, methods=["GET"]),
        Route(at + "/{bucket}/{path:path}", uploads.create, methods=["POST"]),
        Route(at + "/{bucket}/{path:path}", uploads.replace, methods=["PUT"]),
        Route(at + "/{bucket}/{path:path}", downloads.download, methods=["GET"]),
        Route(at + "/{bucket}", listing.remove, methods=["DELETE"]),
    ]


async def _answer_own(_request: Request, error: Exception) -> Response:
    assert isinstance(error, PostgrestError | StorageError)  # noqa: S101 - registered for these two
    return error.answer()


async def _answer_not_spoken(request: Request, error: Exception) -> Response:
    if not isinstance(error, NotSpokenError):
        error = NotSpokenError(f"{request.method} {request.url.path}")
    return not_spoken_answer(error)


async def _answer_missing_key(_request: Request, _error: Exception) -> Response:
    hint = "No `apikey` request header or url param was found."
    return JSONResponse({"message": "No API key found in request", "hint": hint}, 401)


async def _answer_unknown_key(_request: Request, _error: Exception) -> Response:
    hint = "Double check your Supabase `anon` or `service_role` API key."
    return JSONResponse({"message": "Invalid API key", "hint": hint}, 401)


_EXCEPTION_HANDLERS: dict[Any, ExceptionHandler] = {
    PostgrestError: _answer_own,
    StorageError: _answer_own,
    NotSpokenError: _answer_not_spoken,
    MissingKeyError: _answer_missing_key,
    UnknownKeyError: _answer_unknown_key,
    # Starlette's own: no such path, no such method on it.
    404: _answer_not_spoken,
    405: _answer_not_spoken,
}
