"""What runs beside the consumer's main loop."""

import asyncio
from datetime import timedelta

from wearon_consumer.periodic import beside, repeat


def test_what_fails_is_done_again() -> None:
    tries: list[int] = []
    third = asyncio.Event()

    async def fail() -> None:
        tries.append(len(tries))
        if len(tries) == 3:
            third.set()
        raise ConnectionError

    async def run() -> None:
        async with beside([repeat("failing", fail, timedelta(milliseconds=1))]), asyncio.timeout(10):
            await third.wait()

    asyncio.run(run())
    assert tries[:3] == [0, 1, 2]


def test_a_loop_that_loses_its_cancellation_holds_nobody_up() -> None:
    async def deaf() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                await asyncio.sleep(0.5)  # asyncio.run cancels again

    async def run() -> None:
        async with asyncio.timeout(10), beside([deaf()]):
            await asyncio.sleep(0)

    asyncio.run(run())
