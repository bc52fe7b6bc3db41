"""Hundreds of waiting calls in one process."""

import asyncio

import httpx
from fixtures_openai_local import EDITS_PATH, GOOD_FORM, image_part, running_stub

from wearon_devkit.openai_local import LOCAL_API_KEY, LatencyRange, StubConfig

CALLS = 200
LATENCY_S = 1.0


async def edit_many(base_url: str) -> list[int]:
    limits = httpx.Limits(max_connections=CALLS)
    headers = {"authorization": f"Bearer {LOCAL_API_KEY}"}
    async with httpx.AsyncClient(base_url=base_url, limits=limits, headers=headers, timeout=60) as client:
        calls = (client.post(EDITS_PATH, data=GOOD_FORM, files=[image_part()]) for _ in range(CALLS))
        return [answer.status_code for answer in await asyncio.gather(*calls)]


def test_waiting_calls_wait_side_by_side() -> None:
    with running_stub(StubConfig(latency=LatencyRange(LATENCY_S, LATENCY_S))) as stub:
        statuses = asyncio.run(edit_many(stub.base_url))
        calls = stub.record()
    assert statuses == [200] * CALLS
    took_s = max(call["ended_s"] for call in calls) - min(call["started_s"] for call in calls)
    assert took_s < CALLS * LATENCY_S / 10
