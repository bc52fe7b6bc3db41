import asyncio
from collections.abc import Iterator
from contextlib import nullcontext
from io import BytesIO

import pytest
from integration.sizing.sizing_estimators import open_estimator
from PIL import Image

from wearon_sizing.estimator import Estimate, Estimator, Overloaded
from wearon_sizing.measurement import NoFullBody, Person
from wearon_sizing.sizes import SizeChart

MOST_IN_HAND = 16
PERSON = Person(height_cm=170, weight_kg=None, sex=None)
CHART = SizeChart(("S", "L"), (100,))


def blank() -> bytes:
    file = BytesIO()
    Image.new("RGB", (300, 400), "grey").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture(scope="module")
def estimator() -> Iterator[Estimator]:
    with open_estimator() as estimator:
        yield estimator


def begin(estimator: Estimator, pictures: int) -> list[asyncio.Task[Estimate]]:
    return [
        asyncio.create_task(estimator.estimate(nullcontext(blank()), PERSON, CHART)) for _ in range(pictures)
    ]


def test_more_pictures_than_can_be_measured_soon_are_refused_at_once(estimator: Estimator) -> None:
    async def ask_for_all() -> list[Estimate | BaseException]:
        return await asyncio.gather(*begin(estimator, 25), return_exceptions=True)

    refused = [isinstance(answer, Overloaded) for answer in asyncio.run(ask_for_all())]
    assert refused == [False] * MOST_IN_HAND + [True] * 9


def test_who_is_refused_costs_nothing(estimator: Estimator) -> None:
    async def ask_beside_many() -> None:
        running = begin(estimator, MOST_IN_HAND)
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):  # it would be another error had it been decoded
            await estimator.estimate(nullcontext(b"no picture at all"), PERSON, CHART)
        await asyncio.gather(*running, return_exceptions=True)
        with pytest.raises(NoFullBody):
            await estimator.estimate(nullcontext(blank()), PERSON, CHART)

    asyncio.run(ask_beside_many())


def test_a_picture_that_is_given_up_makes_room(estimator: Estimator) -> None:
    async def give_one_up() -> bool:
        running = begin(estimator, MOST_IN_HAND)
        await asyncio.sleep(0)
        assert estimator.is_overloaded
        running[0].cancel()
        await asyncio.gather(running[0], return_exceptions=True)
        has_room = not estimator.is_overloaded
        await asyncio.gather(*running, return_exceptions=True)
        return has_room

    assert asyncio.run(give_one_up())
