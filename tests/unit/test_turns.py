"""Who is next when everybody takes turns."""

from wearon_common.channel import Channel
from wearon_generator.turns import Turns


def order_of(*waiting: tuple[Channel, str, str]) -> list[str]:
    turns: Turns[str] = Turns()
    for channel, owner, item in waiting:
        turns.join((channel, owner), item)
    served = []
    while turns:
        served.append(turns.next())
    return served


def test_one_owner_is_served_in_order() -> None:
    assert order_of(*((Channel.B2B, "a", f"a{number}") for number in range(4))) == ["a0", "a1", "a2", "a3"]


def test_owners_of_a_channel_take_turns() -> None:
    a = [(Channel.B2B, "a", f"a{number}") for number in range(3)]
    b = [(Channel.B2B, "b", f"b{number}") for number in range(2)]
    assert order_of(*a, *b) == ["a0", "b0", "a1", "b1", "a2"]


def test_channels_take_turns_however_many_owners_each_has() -> None:
    stores = [(Channel.B2B, f"store {number}", f"s{number}") for number in range(4)]
    users = [(Channel.B2C, "user", f"u{number}") for number in range(2)]
    assert order_of(*stores, *users) == ["s0", "u0", "s1", "u1", "s2", "s3"]


def test_who_comes_late_does_not_go_behind_a_batch() -> None:
    turns: Turns[str] = Turns()
    for number in range(10):
        turns.join((Channel.B2B, "batch"), f"batch {number}")
    turns.next()
    turns.join((Channel.B2B, "late"), "late")
    assert [turns.next(), turns.next()] == ["batch 1", "late"]
