"""A server that answers a byte at a time keeps nobody waiting for ever."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from wearon_common.sessions import Sessions
from wearon_common.storage import ResultStorage
from wearon_common.supabase_client import close_supabase, connect_supabase
from wearon_common.supabase_errors import SupabaseUnavailableError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
PATIENCE_S = 10  # the call itself may take one second


async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def call_a_dripping_server(call: str) -> None:
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = connect_supabase(f"http://127.0.0.1:{port}", "sb_secret_test", timedelta(seconds=1))
    calls: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "stuck": lambda: Sessions(client).stuck(timedelta(0)),
        "upload": lambda: ResultStorage(client, "images").upload("a.jpg", b"jpeg"),
        "sign": lambda: ResultStorage(client, "images").sign("a.jpg"),
    }
    try:
        await asyncio.wait_for(calls[call](), PATIENCE_S)
    finally:
        await close_supabase(client)
        server.close()


@pytest.mark.parametrize("call", ["stuck", "upload", "sign"])
def test_a_dripping_answer_counts_as_no_answer(call: str) -> None:
    with pytest.raises(SupabaseUnavailableError):
        asyncio.run(call_a_dripping_server(call))
