"""The benchmarks of the queue, with so few tasks that only their honesty shows."""

from collections import Counter
from pathlib import Path

from load.benchmark import Bench
from load.queue.backlog import backlog
from load.queue.consumer_backlog import backlog_rows
from load.queue.growth_rows import Figure, growth_rows
from load.queue.growth_with_generators import rows_with_generators
from load.queue.growth_with_waiting import rows_with_waiting
from load.queue.redis_commands import CommandWatch
from redis import Redis

from wearon_common.task import GenerationTask

TASKS = 300


def bench(directory: Path) -> Bench:
    return Bench(full=False, seed=1, directory=directory, tell=lambda _: None)


def test_everybody_moves_the_whole_backlog_and_nothing_is_lost(tmp_path: Path) -> None:
    rows = {row.what: row for row in backlog_rows(bench(tmp_path), TASKS)}
    moved = rows["moved, against BRPOP + .delay()"]
    assert moved.measured > 0
    assert moved.reference
    assert rows["lost"].measured == 0
    assert rows["longest queue of Celery"].kept
    assert rows["in line before them"].measured > 0


def test_a_task_takes_as_many_commands_however_many_wait(tmp_path: Path) -> None:
    rows = {row.what: row for row in rows_with_waiting(bench(tmp_path), (TASKS, 3 * TASKS))}
    assert rows[f"Redis commands in scripts for a task, {TASKS} waiting"].measured > 1
    assert rows[f"Redis commands in scripts for a task, {3 * TASKS} waiting"].kept
    assert rows[f"Redis commands sent for a task, {TASKS} waiting"].measured < 1


def test_a_task_takes_at_most_twelve_commands_from_the_apps_list_to_its_end(tmp_path: Path) -> None:
    rows = {row.what: row for row in rows_with_generators(bench(tmp_path), [1], tasks=60)}
    in_all = rows["Redis commands for a task in all, 1 generator"]
    assert in_all.measured > 5
    assert in_all.kept


def test_what_a_script_does_is_told_from_what_its_client_sends(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis, CommandWatch.on(redis_url) as watch:
        redis.eval("redis.call('SET', 'a', 1) redis.call('GET', 'a')", 0)
        redis.get("a")
        commands = watch.seen()
        assert commands.of(frozenset(commands.by_port)) == Counter(EVAL=1, GET=1)
        assert commands.in_scripts == Counter(SET=1, GET=1)
        redis.set("a", 2)
        commands = watch.seen()
        assert commands.of(frozenset(commands.by_port)) == Counter(SET=1)


def test_a_backlog_is_of_real_tasks_and_the_same_for_the_same_seed() -> None:
    entries = list(backlog(TASKS, seed=7))
    assert entries == list(backlog(TASKS, seed=7))
    assert entries != list(backlog(TASKS, seed=8))
    tasks = [GenerationTask.parse(entry) for entry in entries]
    assert len({task.session_id for task in tasks}) == TASKS
    assert {task.channel.value for task in tasks} == {"b2c", "b2b"}
    assert {len(url) for task in tasks for url in task.image_urls} == {250}
    assert {len(task.prompt) for task in tasks} == {600}


def test_what_grows_is_held_against_the_smallest_size() -> None:
    by_size = {
        "1": {"flat": Figure(2, "ms"), "free": Figure(2, "s", flat=False)},
        "9": {"flat": Figure(4, "ms"), "free": Figure(4, "s", flat=False)},
    }
    rows = list(growth_rows(by_size))
    assert [(row.what, row.reference, row.kept) for row in rows] == [
        ("flat, 1", None, None),
        ("flat, 9", 2, False),
        ("free, 1", None, None),
        ("free, 9", 2, None),
    ]
