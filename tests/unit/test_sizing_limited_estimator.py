import asyncio
from typing import cast

import pytest

from wearon_sizing.estimator import Estimate, Estimator
from wearon_sizing.http.limited_estimator import LimitedEstimator
from wearon_sizing.landmarkers import Overloaded
from wearon_sizing.measurement import Person
from wearon_sizing.sizes import SizeChart

PERSON = Person(height_cm=170, weight_kg=None, sex=None)
CHART = SizeChart(("S", "L"), (100,))


class Slow:
    """An estimator whose answers wait for `may_end`."""

    is_overloaded = False

    def __init__(self) -> None:
        self.pictures: list[bytes] = []
        self.may_end = asyncio.Event()

    async def estimate(self, picture: bytes, _person: Person, _chart: SizeChart) -> None:
        self.pictures.append(picture)
        await self.may_end.wait()


def limited(slow: Slow) -> LimitedEstimator:
    return LimitedEstimator(cast("Estimator", slow), most_pictures=2)


def begin(estimator: LimitedEstimator, picture: bytes) -> asyncio.Task[Estimate]:
    return asyncio.create_task(estimator.estimate(picture, PERSON, CHART))


def test_more_pictures_than_may_be_in_hand_are_refused_without_work() -> None:
    async def scenario() -> list[bytes]:
        slow = Slow()
        estimator = limited(slow)
        running = [begin(estimator, picture) for picture in (b"one", b"two")]
        await asyncio.sleep(0)
        assert estimator.is_overloaded
        with pytest.raises(Overloaded):
            await estimator.estimate(b"three", PERSON, CHART)
        slow.may_end.set()
        await asyncio.gather(*running)
        await estimator.estimate(b"four", PERSON, CHART)
        return slow.pictures

    assert asyncio.run(scenario()) == [b"one", b"two", b"four"]


def test_a_picture_that_is_given_up_makes_room() -> None:
    async def scenario() -> bool:
        estimator = limited(Slow())
        running = [begin(estimator, picture) for picture in (b"one", b"two")]
        await asyncio.sleep(0)
        running[0].cancel()
        await asyncio.gather(running[0], return_exceptions=True)
        return estimator.is_overloaded

    assert not asyncio.run(scenario())
