"""Replicas come and go while tasks run, and no task notices."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from processes import wait_for
from shop import Shop

from wearon_common.channel import Channel
from wearon_devkit.books import audit
from wearon_devkit.chaos.leftovers import left_in_redis
from wearon_devkit.processes.child import Child
from wearon_devkit.producer import TryOn
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

PLAN = StackPlan(
    consumers=2, generators=2, sizing=False, openai_latency_s="1", restart_after=timedelta(seconds=0.1)
)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with Stack.start(tmp_path, PLAN, report=lambda _line: None) as stack:
        yield stack


def tending(stack: Stack, happened: Callable[[], bool]) -> Callable[[], bool]:
    def look() -> bool:
        stack.check()
        return happened()

    return look


def replace_by_a_new_one(stack: Stack, child: Child) -> None:
    """Stop a replica as a deploy does; the supervisor starts its successor."""
    old = child.pid
    os.kill(old, signal.SIGTERM)
    assert wait_for(tending(stack, lambda: child.pid != old), 30)


def some_called(shop: Shop, try_ons: list[TryOn]) -> bool:
    return any(map(shop.provider_calls, try_ons))


def submit_some(shop: Shop) -> list[TryOn]:
    return [shop.submit(channel) for channel in Channel for _ in range(4)]


def test_a_deploy_under_load_fails_nothing_and_repeats_nothing(stack: Stack) -> None:
    with Shop.opened(stack.environment) as shop:
        try_ons: list[TryOn] = []
        for service in stack.services:
            batch = submit_some(shop)
            assert wait_for(partial(some_called, shop, batch), 30)
            replace_by_a_new_one(stack, service.child)
            try_ons += batch
        assert wait_for(tending(stack, lambda: all(map(shop.has_ended, try_ons))), 60)
        outcomes = {(o.status, o.refunds, o.provider_calls) for o in map(shop.outcome, try_ons)}
        assert outcomes == {("completed", 0, 1)}
        assert left_in_redis(shop.redis) == {}
        assert audit(stack.environment.database_url).balanced
