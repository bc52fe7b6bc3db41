"""The faults of a broken server or network: answers that are none."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse

from wearon_devkit.openai_local.faults import FaultKind
from wearon_devkit.openai_local.waiting import CallerGoneError, wait_until_gone

DRIP_INTERVAL_S = 0.2
GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


async def broken_answer(kind: FaultKind, good_answer: dict[str, object], request: Request) -> Response:
    """Return, or bring about, what a fault does to the answer that would have been sent.

    Raises CallerGoneError: the fault ended with the connection instead of an answer.
    """
    match kind:
        case FaultKind.BAD_GATEWAY:
            return HTMLResponse(GATEWAY_PAGE, 502)
        case FaultKind.NOT_JSON:
            return PlainTextResponse("upstream connect error or disconnect before headers", 200)
        case FaultKind.NO_DATA:
            return JSONResponse({key: value for key, value in good_answer.items() if key != "data"})
        case FaultKind.NOT_AN_IMAGE:
            text = base64.b64encode(b"this is not a picture").decode()
            return JSONResponse(good_answer | {"data": [{"b64_json": text}]})
        case FaultKind.TRUNCATED:
            return half_of(good_answer, request)
        case FaultKind.DRIP:
            return StreamingResponse(drops(), media_type="application/json")
        case FaultKind.HANG:
            pass
        case FaultKind.DISCONNECT:
            request.state.connection.close()
        case FaultKind.RESET:
            request.state.connection.reset()
        case _:
            raise AssertionError(f"{kind} is an API error or no fault at all")
    await wait_until_gone(request.receive)
    raise CallerGoneError


def half_of(good_answer: dict[str, object], request: Request) -> Response:
    """Promise the whole body, send half of it, then close the connection."""
    body = json.dumps(good_answer).encode()

    async def half() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        request.state.connection.close()
        await wait_until_gone(request.receive)

    headers = {"content-length": str(len(body))}
    return StreamingResponse(half(), media_type="application/json", headers=headers)


async def drops() -> AsyncIterator[bytes]:
    """Yield one byte at a time for ever: blanks, which JSON allows before a value."""
    while True:
        yield b" "
        await asyncio.sleep(DRIP_INTERVAL_S)
