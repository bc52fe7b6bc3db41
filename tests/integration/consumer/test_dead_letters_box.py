"""Dead letters, gathered, requeued and dropped on a real Valkey."""

import json
import threading
from collections.abc import Iterator

import pytest
from integration.consumer.dead_letter_box import bury, letters_left, queued, task_entry
from redis import Redis

from wearon_common import keys
from wearon_devkit.dead_letters import DeadLetterBox


@pytest.fixture
def box(redis_url: str) -> Iterator[DeadLetterBox]:
    with DeadLetterBox.open(redis_url) as box:
        yield box


def test_an_empty_box_lists_nothing(box: DeadLetterBox) -> None:
    assert box.entries() == []


def test_entries_tell_why_when_and_whose(box: DeadLetterBox, redis_url: str) -> None:
    entry = task_entry()
    bury(redis_url, entry)
    [buried] = box.entries()
    assert (buried.newest.reason, buried.count, buried.named("channel")) == ("invalid_task", 1, "b2b")
    assert buried.named("session_id") == json.loads(entry)["session_id"]
    assert buried.buried_at is not None


def test_an_entry_keeps_its_number_while_others_come_and_go(box: DeadLetterBox, redis_url: str) -> None:
    bury(redis_url, b"one", b"two")
    numbers = {buried.newest.entry: buried.number for buried in box.entries()}
    box.drop(box.entries()[-1])
    bury(redis_url, b"three", b"two")
    assert {buried.newest.entry: buried.number for buried in box.entries()}["two"] == numbers["two"]


def test_an_entry_that_was_buried_again_is_listed_once_with_its_count(
    box: DeadLetterBox, redis_url: str
) -> None:
    bury(redis_url, b"twice", b"other", b"twice", b"twice")
    assert [(buried.newest.entry, buried.count) for buried in box.entries()] == [("twice", 3), ("other", 1)]


def test_requeueing_brings_back_the_same_bytes_once_and_takes_all_letters(
    box: DeadLetterBox, redis_url: str
) -> None:
    entry = '{"prompt": "Bonjour, ça \\\\xff va", "é": 1}'.encode()
    bury(redis_url, entry, entry)
    [buried] = box.entries()
    assert box.requeue(buried)
    assert queued(redis_url) == [entry]
    assert letters_left(redis_url) == 0


def test_a_requeued_entry_waits_behind_those_that_were_there(box: DeadLetterBox, redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.lpush(keys.TASKS, b"first", b"second")
    bury(redis_url, b"third")
    box.requeue(box.entries()[0])
    assert queued(redis_url) == [b"first", b"second", b"third"]


@pytest.mark.parametrize("action", ["requeue", "drop"])
def test_doing_it_again_does_nothing(box: DeadLetterBox, redis_url: str, action: str) -> None:
    bury(redis_url, b"entry")
    [buried] = box.entries()
    assert getattr(box, action)(buried)
    assert not getattr(box, action)(buried)
    assert queued(redis_url) == ([b"entry"] if action == "requeue" else [])


def test_several_people_requeue_an_entry_once(redis_url: str) -> None:
    bury(redis_url, *(b"entry %d" % number for number in range(30)))
    results: list[bool] = []

    def requeue_all() -> None:
        with DeadLetterBox.open(redis_url) as box:
            results.extend(box.requeue(buried) for buried in seen)

    with DeadLetterBox.open(redis_url) as box:
        seen = box.entries()
    people = [threading.Thread(target=requeue_all) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert results.count(True) == len(queued(redis_url)) == 30


def test_an_entry_that_is_buried_meanwhile_stays(box: DeadLetterBox, redis_url: str) -> None:
    bury(redis_url, b"entry")
    [seen] = box.entries()
    bury(redis_url, b"entry")
    assert box.drop(seen)
    assert [buried.count for buried in box.entries()] == [1]


@pytest.mark.parametrize("entry", [b'{"prompt": "\xff"}', b"\x80", b'{"a": "\xc3"}'])
def test_bytes_that_a_letter_cannot_hold_are_not_requeued(
    box: DeadLetterBox, redis_url: str, entry: bytes
) -> None:
    bury(redis_url, entry)
    [buried] = box.entries()
    assert not buried.newest.restorable
    with pytest.raises(ValueError, match=buried.number):
        box.requeue(buried)
    assert letters_left(redis_url) == 1


@pytest.mark.parametrize(
    "stored",
    [b"no json", b"[]", b"null", b"{}", b"\xff", b'{"entry": "\\ud800", "reason": "r"}', b"[" * 100_000],
)
def test_a_letter_that_nobody_can_read_can_still_be_dropped(
    box: DeadLetterBox, redis_url: str, stored: bytes
) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.lpush(keys.DEAD_LETTERS, stored)
    [buried] = box.entries()
    assert (buried.newest.reason, buried.newest.restorable) == ("unreadable letter", False)
    assert box.drop(buried)
    assert letters_left(redis_url) == 0


def test_numbers_are_made_of_the_entry_alone(redis_url: str) -> None:
    bury(redis_url, b"entry", reason="invalid_task")
    bury(redis_url, b"entry", reason="recovered_too_often")
    with DeadLetterBox.open(redis_url) as box:
        [buried] = box.entries()
    assert buried.newest.reason == "recovered_too_often"
    assert buried.number == "61c4128c81"  # sha1 of "entry"
