import asyncio
from datetime import timedelta

import pytest
from hostile_images import photo
from integration.images.hostile_servers import answering, serving, whole
from prometheus_client import CollectorRegistry

from wearon_common.images import MAX_IMAGE_BYTES, ImageFetcher, ImageRoom
from wearon_sizing.http.metered import MeteredFetcher
from wearon_sizing.http.metrics import SizingMetrics
from wearon_sizing.http.patience import NoRoom

PHOTO = photo() + bytes(100_000)  # so much of it that it needs room


def test_a_picture_that_waits_too_long_for_room_is_turned_away_and_the_next_one_comes() -> None:
    async def fetch_without_room_and_with() -> bytes:
        room = ImageRoom(total=MAX_IMAGE_BYTES)
        async with serving(answering(whole(PHOTO))) as server:
            host = f"127.0.0.1:{server.port}"
            async with ImageFetcher(frozenset({host}), room=room) as fetcher:
                metrics = SizingMetrics(CollectorRegistry(), ())
                impatient = MeteredFetcher(fetcher, timedelta(seconds=0.2), metrics)
                patient = MeteredFetcher(fetcher, timedelta(seconds=20), metrics)
                async with room.hold("elsewhere", MAX_IMAGE_BYTES):
                    with pytest.raises(NoRoom):
                        await impatient.fetched(f"http://{host}/a").__aenter__()
                async with patient.fetched(f"http://{host}/a") as picture:
                    return picture

    assert asyncio.run(fetch_without_room_and_with()) == PHOTO
