import asyncio

from wearon_sizing.turns import Turns


def test_a_thing_goes_past_a_caller_that_was_cancelled_a_moment_ago() -> None:
    async def lend() -> str:
        turns = Turns(["it"])
        thing = await turns.borrow()
        gives_up, waits = (asyncio.create_task(turns.borrow()) for _ in range(2))
        await asyncio.sleep(0)
        gives_up.cancel()
        turns.give_back(thing)
        return await asyncio.wait_for(waits, 1)

    assert asyncio.run(lend()) == "it"


def test_a_thing_that_nobody_waits_for_any_more_is_kept() -> None:
    async def lend() -> str:
        turns = Turns(["it"])
        thing = await turns.borrow()
        gives_up = asyncio.create_task(turns.borrow())
        await asyncio.sleep(0)
        gives_up.cancel()
        turns.give_back(thing)
        return await asyncio.wait_for(turns.borrow(), 1)

    assert asyncio.run(lend()) == "it"


def test_what_was_idle_longest_goes_out_first() -> None:
    async def lend() -> list[str]:
        turns = Turns(["one", "other"])
        borrowed = [await turns.borrow() for _ in range(2)]
        for thing in borrowed:
            turns.give_back(thing)
        return [*borrowed, await turns.borrow()]

    first, _, third = asyncio.run(lend())
    assert third == first
