"""`wearon-dev backing`: what the services stand on, for scripts and for people."""

import os
import signal
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from processes import is_running, processes_with, wait_for
from wearon_dev import wearon_dev

from wearon_devkit.environment import Environment

CHILDREN = {"valkey", "postgres", "supabase", "openai"}


def health_of(url: str) -> int:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=5)
    connection.request("GET", "/health")
    return connection.getresponse().status


def test_everything_is_ready_when_the_line_is_printed_and_gone_after_sigterm(tmp_path: Path) -> None:
    with wearon_dev(tmp_path / "run", "backing") as dev:
        assert dev.ready_line().startswith("wearon-dev: backing services are ready")
        environment = Environment.read(tmp_path / "run" / "env")
        pids = dev.pids()

        assert set(pids) == CHILDREN
        assert (tmp_path / "run" / "env").stat().st_mode & 0o777 == 0o600
        assert health_of(environment.supabase_url) == 200
        assert health_of(environment.openai_base_url) == 200
        with redis.Redis.from_url(environment.redis_url) as client:
            assert client.ping()
        with psycopg.connect(environment.database_url) as connection:
            assert connection.execute("select count(*) from wearon.generations").fetchone() == (0,)

        dev.process.send_signal(signal.SIGTERM)
        assert dev.end() == (0, "", "")
    assert not any(is_running(pid) for pid in pids.values())
    assert processes_with(str(tmp_path)) == []
    assert not (tmp_path / "run" / "env").exists()


def test_a_second_start_in_the_same_folder_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with wearon_dev(tmp_path / "run", "backing") as first:
        assert first.ready_line()
        with wearon_dev(tmp_path / "run", "backing") as second:
            status, stdout, stderr = second.end()
        assert (status, stdout) == (1, "")
        assert stderr == f"wearon-dev: wearon-dev is already running in {tmp_path / 'run'}\n"
        assert all(is_running(pid) for pid in first.pids().values())


def test_the_death_of_a_child_ends_everything_and_is_told(tmp_path: Path) -> None:
    with wearon_dev(tmp_path / "run", "backing") as dev:
        assert dev.ready_line()
        os.kill(dev.pids()["valkey"], signal.SIGKILL)
        status, _, stderr = dev.end()
    assert status == 1
    assert stderr.startswith("wearon-dev: valkey ended with status -9; the end of ")
    assert processes_with(str(tmp_path)) == []


def test_a_kill_leaves_nothing_running_and_its_folder_is_used_again(tmp_path: Path) -> None:
    with wearon_dev(tmp_path / "run", "backing") as dev:
        assert dev.ready_line()
        pids = dev.pids()
        dev.process.kill()
        assert wait_for(lambda: not any(is_running(pid) for pid in pids.values()))
    with wearon_dev(tmp_path / "run", "backing") as again:
        assert again.ready_line()
        assert not set(again.pids().values()) & set(pids.values())


def test_a_signal_during_the_start_stops_what_has_started(tmp_path: Path) -> None:
    with wearon_dev(tmp_path / "run", "backing") as dev:
        assert wait_for((tmp_path / "run" / "logs" / "valkey.log").exists)
        dev.process.send_signal(signal.SIGINT)
        assert dev.end() == (130, "", "wearon-dev: interrupted\n")
    assert wait_for(lambda: processes_with(str(tmp_path)) == [])


def test_every_test_is_handed_an_empty_platform(platform: Environment) -> None:
    with redis.Redis.from_url(platform.redis_url) as client:
        assert client.dbsize() == 0
    with psycopg.connect(platform.database_url) as connection:
        assert connection.execute("select count(*) from generation_sessions").fetchone() == (0,)
