"""The OpenAI stand-in's rules that need no server."""

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from itertools import combinations
from typing import Any

import pytest
from fixtures_openai_local import picture

from wearon_devkit.openai_local import Fault, FaultKind, LatencyRange, Match, Rule
from wearon_devkit.openai_local.edit_request import EditRequest
from wearon_devkit.openai_local.errors import ApiError
from wearon_devkit.openai_local.image_size import parse_size, size_for_auto
from wearon_devkit.openai_local.preview import card_boxes
from wearon_devkit.openai_local.preview_cache import PreviewCache
from wearon_devkit.openai_local.script import Script
from wearon_devkit.openai_local.uploads import UploadedImage
from wearon_devkit.openai_local.usage import output_tokens


def test_a_latency_is_fixed_or_a_range() -> None:
    assert LatencyRange.parse("0.5") == LatencyRange(0.5, 0.5)
    assert LatencyRange.parse("20-30") == LatencyRange(20, 30)


@pytest.mark.parametrize("text", ["", "fast", "30-20", "-1", "1-2-3"])
def test_another_text_is_no_latency(text: str) -> None:
    with pytest.raises(ValueError, match=r"latency|float"):
        LatencyRange.parse(text)


def test_equal_seeds_draw_equal_latencies() -> None:
    latency = LatencyRange(20, 30)
    first, second = random.Random(7), random.Random(7)  # noqa: S311 - latencies are no secrets
    drawn = [latency.draw_s(first) for _ in range(50)]
    assert drawn == [latency.draw_s(second) for _ in range(50)]
    assert all(20 <= latency_s <= 30 for latency_s in drawn)


@pytest.mark.parametrize("text", ["1024x1536", "1536x1024", "1088x1920", "3840x2160"])
def test_the_later_models_take_free_sizes(text: str) -> None:
    width_px, height_px = parse_size(text, "gpt-image-2.6-flare") or (0, 0)
    assert f"{width_px}x{height_px}" == text


@pytest.mark.parametrize(
    "text", ["1024x1537", "512x512", "3856x2160", "3088x1024", "3840x3840", "axb", "1024"]
)
def test_a_size_that_breaks_a_rule_is_refused(text: str) -> None:
    with pytest.raises(ApiError):
        parse_size(text, "gpt-image-2.6-flare")


def test_auto_follows_the_first_picture() -> None:
    assert parse_size("auto", "gpt-image-1.5") is None
    assert [size_for_auto(size) for size in ((3, 4), (4, 3), (4, 4))] == [
        (1024, 1536),
        (1536, 1024),
        (1024, 1024),
    ]


def test_output_tokens_are_those_of_the_price_list() -> None:
    listed = {"low": (272, 408), "medium": (1056, 1584), "high": (4160, 6240)}
    for quality, tokens in listed.items():
        assert (output_tokens((1024, 1024), quality), output_tokens((1024, 1536), quality)) == tokens


@pytest.mark.parametrize("count", range(1, 16))
@pytest.mark.parametrize("size_px", [(1024, 1359), (1536, 906), (2160, 720)])
def test_cards_lie_apart_and_inside_the_sheet(count: int, size_px: tuple[int, int]) -> None:
    boxes = card_boxes(count, *size_px)
    assert len(boxes) == count
    assert all(0 <= box[0] < box[2] <= size_px[0] and 0 <= box[1] < box[3] <= size_px[1] for box in boxes)
    assert not any(
        one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
        for one, two in combinations(boxes, 2)
    )


def test_the_first_rule_that_fires_decides_and_is_used_up() -> None:
    script = Script()
    error = Fault(kind=FaultKind.SERVER_ERROR)
    blocked = Fault(kind=FaultKind.MODERATION_BLOCKED)
    script.append(
        [Rule(fault=error), Rule(match=Match(prompt_contains="hat", nth=2), times=None, fault=blocked)]
    )
    prompts = ["a hat", "a coat", "a hat", "a hat"]
    assert [script.fault_for(prompt) for prompt in prompts] == [error, None, blocked, blocked]


class CountingExecutor(Executor):
    """Runs each task at once and counts them by name."""

    def __init__(self) -> None:
        self.runs: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> "Future[Any]":
        """Run a task."""
        self.runs.append(fn.__name__)
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except ApiError as error:
            future.set_exception(error)
        return future


def edit_of(content: bytes) -> EditRequest:
    image = UploadedImage("image/jpeg", content)
    return EditRequest((image,), "try it on", "gpt-image-2.6-flare", (1024, 1024), "low", "jpeg", 80, 1)


def test_equal_calls_share_one_composition() -> None:
    executor = CountingExecutor()

    async def three_calls() -> None:
        cache = PreviewCache(executor)
        await asyncio.gather(
            *(cache.preview_of(edit_of(picture(colour))) for colour in ("red", "red", "blue"))
        )

    asyncio.run(three_calls())
    assert executor.runs.count("make_preview") == 2


def test_a_failed_composition_is_tried_again() -> None:
    executor = CountingExecutor()

    async def two_calls() -> None:
        cache = PreviewCache(executor)
        for _ in range(2):
            with pytest.raises(ApiError):
                await cache.preview_of(edit_of(b"nothing"))

    asyncio.run(two_calls())
    assert executor.runs.count("make_preview") == 2


def test_only_the_latest_previews_are_kept() -> None:
    executor = CountingExecutor()

    async def calls() -> None:
        cache = PreviewCache(executor, capacity=1)
        for colour in ("red", "red", "blue", "red"):
            await cache.preview_of(edit_of(picture(colour)))

    asyncio.run(calls())
    assert executor.runs.count("make_preview") == 3
