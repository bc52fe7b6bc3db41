"""`wearon-dev dead-letters`."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from integration.consumer.dead_letter_box import bury, letters_left, queued, task_entry
from redis import Redis
from typer.testing import CliRunner, Result

from wearon_common import keys
from wearon_devkit.commands.app import app
from wearon_devkit.dead_letters import DeadLetterBox


def run(redis_url: str | None, *arguments: str) -> Result:
    command = ["dead-letters", *arguments, "--from-environment"]
    return CliRunner().invoke(app, command, env={"REDIS_URL": redis_url})


def number_of(redis_url: str, entry: bytes) -> str:
    with DeadLetterBox.open(redis_url) as box:
        return next(buried.number for buried in box.entries() if buried.newest.entry == entry.decode())


def test_the_list_has_a_line_for_each_entry(redis_url: str) -> None:
    entry = task_entry()
    bury(redis_url, entry, b"not a task", entry)
    result = run(redis_url, "list")
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if number_of(redis_url, entry) in line)
    for shown in ("invalid_task", " 2 ", "b2b", json.loads(entry)["session_id"], " s "):
        assert shown in line
    assert result.stdout.splitlines()[-1] == "dead-letters: 2 entries"


def test_a_shown_entry_keeps_its_secrets(redis_url: str) -> None:
    entry = task_entry(note="see https://x/y?token=SECRET", again=json.dumps({"prompt": "PROMPTTEXT"}))
    bury(redis_url, entry)
    result = run(redis_url, "show", number_of(redis_url, entry)[:6])
    assert result.exit_code == 0
    for shown in ("invalid_task", "this release reads version 1", "/uploads/model.jpg?[redacted]", "task_id"):
        assert shown in result.stdout
    for secret in ("SECRET", "PROMPTTEXT", "jo@example.com"):
        assert secret not in result.stdout


@pytest.mark.parametrize(
    "entry",
    [
        b'{"task_id": "1", "prompt": "PROMPTTEXT',
        b"{'Prompt': 'PROMPTTEXT'}",
        b'"{\\"prompt\\": \\"PROMPTTEXT\\"}"',
        b'[{"prompt": "PROMPTTEXT"}]',
        b'{"image_urls": ["data:image/png;base64,PROMPTTEXT", {"x": "PROMPTTEXT"}, "https://x/y?PROMPTTEXT"]}',
        b'{"image_urls": "https://x/y?token=PROMPTTEXT"}',
        b"\x1b[2J Bearer PROMPTTEXT",
        b'{"channel": "\\u001b[2J", "request_id": "jo@PROMPTTEXT.com"}',
        b'{"\xff": "https://x/y?token=PROMPTTEXT"}',
        b'{"a":' * 900 + b'"https://x/y?token=PROMPTTEXT"' + b"}" * 900,
    ],
)
def test_whatever_was_pushed_can_be_shown_without_its_secrets(redis_url: str, entry: bytes) -> None:
    bury(redis_url, entry)
    with DeadLetterBox.open(redis_url) as box:
        [buried] = box.entries()
    for result in (run(redis_url, "show", buried.number), run(redis_url, "list")):
        assert result.exit_code == 0
        assert "PROMPTTEXT" not in result.stdout
        assert "\x1b" not in result.stdout


def test_requeue_puts_the_chosen_entries_back_and_says_so(redis_url: str) -> None:
    bury(redis_url, b"one", b"two", b"three")
    numbers = [number_of(redis_url, entry) for entry in (b"one", b"three")]
    result = run(redis_url, "requeue", *numbers)
    assert result.exit_code == 0
    assert queued(redis_url) == [b"one", b"three"]
    assert letters_left(redis_url) == 1
    assert f"{numbers[0]}: requeued" in result.stdout
    assert "dead-letters: 2 entries requeued" in result.stdout
    assert "its claim is refused, nothing is charged" in result.stdout


def test_requeue_all_keeps_the_order_of_burial(redis_url: str) -> None:
    bury(redis_url, b"one", b"two", b"three")
    assert run(redis_url, "requeue", "--all").exit_code == 0
    assert queued(redis_url) == [b"one", b"two", b"three"]


def test_requeue_refuses_lost_bytes_and_does_the_rest(redis_url: str) -> None:
    bury(redis_url, b"\xff", b"fine")
    result = run(redis_url, "requeue", "--all")
    assert result.exit_code == 1
    assert "refused, its original bytes are not in the letter" in result.stderr
    assert queued(redis_url) == [b"fine"]
    assert letters_left(redis_url) == 1


def test_drop_removes_for_good(redis_url: str) -> None:
    bury(redis_url, b"one", b"two")
    result = run(redis_url, "drop", number_of(redis_url, b"one"))
    assert result.exit_code == 0
    assert "dead-letters: 1 entry dropped" in result.stdout
    assert run(redis_url, "drop", "--all", "--yes").exit_code == 0
    assert letters_left(redis_url) == 0
    assert queued(redis_url) == []


def test_everything_is_not_dropped_unasked(redis_url: str) -> None:
    bury(redis_url, b"one")
    result = run(redis_url, "drop", "--all")  # there is no terminal here
    assert result.exit_code == 2
    assert "--all needs --yes" in result.stderr
    assert letters_left(redis_url) == 1


@pytest.mark.parametrize("action", ["show", "requeue", "drop"])
def test_an_unknown_number_is_an_error_and_nothing_is_done(redis_url: str, action: str) -> None:
    bury(redis_url, b"one")
    known = [] if action == "show" else [number_of(redis_url, b"one")]
    result = run(redis_url, action, *known, "zzzz")
    assert result.exit_code == 1
    assert result.stderr == "dead-letters: no dead letter has the number 'zzzz'; nothing was done\n"
    assert letters_left(redis_url) == 1


def test_the_beginning_of_two_numbers_is_refused(redis_url: str) -> None:
    bury(redis_url, *(b"%d" % number for number in range(17)))  # more than there are hexadecimal digits
    with DeadLetterBox.open(redis_url) as box:
        firsts = [buried.number[0] for buried in box.entries()]
    twice = next(first for first in firsts if firsts.count(first) > 1)
    result = run(redis_url, "drop", twice)
    assert result.exit_code == 1
    assert f"'{twice}' begins the numbers of {firsts.count(twice)} dead letters" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["requeue"], ["requeue", "abc", "--all"], ["drop"], ["drop", "a", "--all"]]
)
def test_what_to_act_on_must_be_said(redis_url: str, arguments: list[str]) -> None:
    assert run(redis_url, *arguments).exit_code == 2


@pytest.mark.parametrize(
    "url",
    [
        None,
        "redis://:Secret9@127.0.0.1:1/0",
        "rediss://:Secret9@127.0.0.1:1/0",
        "Secret9",
        "redis://x:Secret9",
    ],
)
def test_an_unreachable_redis_is_one_line_and_status_2(url: str | None) -> None:
    result = run(url, "list")
    assert result.exit_code == 2
    [line] = result.stderr.splitlines()
    assert line.startswith("dead-letters: cannot be read: ")
    assert "Secret9" not in line


def test_a_key_of_another_type_is_one_line_and_status_2(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.set(keys.DEAD_LETTERS, "text")
    result = run(redis_url, "list")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("answer", "options", "left"), [(b"n\n", [], 1), (b"y\n", [], 0), (b"", ["--yes"], 0)]
)
def test_a_person_at_a_terminal_is_asked(
    redis_url: str, answer: bytes, options: list[str], left: int
) -> None:
    bury(redis_url, b"one")
    person, terminal = pty.openpty()
    os.write(person, answer)
    script = Path(sys.executable).with_name("wearon-dev")
    command = [str(script), "dead-letters", "drop", "--all", *options, "--from-environment"]
    done = subprocess.run(  # noqa: S603 - it is ours
        command,
        stdin=terminal,
        capture_output=True,
        timeout=30,
        check=False,
        env={**os.environ, "REDIS_URL": redis_url},
    )
    os.close(person)
    os.close(terminal)
    assert letters_left(redis_url) == left
    assert done.returncode == (1 if left else 0)
    question = b"drop 1 entry of the Redis that the environment names?"
    assert (question in done.stdout + done.stderr) == (not options)
