"""What deploy and rollback check, do and leave alone, on a server with a real stack."""

import fcntl
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import pytest
from containers.deploy.deploy_lab import Lab
from containers.engine import docker, own_project
from processes import wait_for

from wearon_devkit.checkout import CHECKOUT

DONE, REFUSED, ROLLED_BACK, LOCKED, TERMINATED = 0, 1, 3, 5, 143
OURS = ("sizing", "generator", "consumer")
SECURITY_HEADERS = "infra/nginx/snippets/security-headers.conf"


@pytest.fixture(scope="module")
def bare(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server on which nothing was ever deployed, for the tests that come before `live`."""
    with Lab.opened(
        own_project("deploy-steps"), tmp_path_factory.mktemp("lab"), openai_latency_s="1-2"
    ) as lab:
        for version in ("1", "2"):
            lab.registry.publish(version)
        yield lab


@pytest.fixture(scope="module")
def live(bare: Lab) -> Lab:
    """The same server, with release 1 on it."""
    deployed = bare.server.deploy("1")
    assert deployed.status == DONE, deployed.output
    return bare


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "SUPABASE_URL", "DOMAIN", "GRAFANA_ADMIN_PASSWORD"])
def test_a_missing_setting_is_named_before_anything_starts(bare: Lab, name: str) -> None:
    value = bare.server.settings.pop(name)
    refused = bare.server.deploy("1")
    bare.server.settings[name] = value
    assert refused.status == REFUSED
    assert name in refused.output
    assert nothing_runs(bare)


def test_of_several_names_one_must_be_said_to_be_grafanas(bare: Lab) -> None:
    domain = bare.server.settings["DOMAIN"]
    bare.server.settings["DOMAIN"] = f"{domain} shop.example.com"
    refused = bare.server.deploy("1")
    bare.server.settings["DOMAIN"] = domain
    assert refused.status == REFUSED
    assert "GRAFANA_DOMAIN" in refused.output


def test_a_setting_that_a_service_would_not_take_is_named(bare: Lab) -> None:
    bare.server.settings["WORKER_CONCURRENCY"] = "many"
    refused = bare.server.deploy("1")
    del bare.server.settings["WORKER_CONCURRENCY"]
    assert refused.status == REFUSED
    assert "WORKER_CONCURRENCY" in refused.output
    assert nothing_runs(bare)


def test_a_database_without_a_function_that_the_release_calls_is_refused(bare: Lab) -> None:
    rename = "alter function public.{} rename to {}"
    with psycopg.connect(bare.stand_ins.database_url, autocommit=True) as database:
        database.execute(rename.format("renew_generation", "renamed"))
        try:
            refused = bare.server.deploy("1")
        finally:
            database.execute(rename.format("renamed", "renew_generation"))
    assert refused.status == REFUSED
    assert "renew_generation" in refused.output
    assert nothing_runs(bare)


def test_files_that_nginx_would_not_take_are_refused(bare: Lab) -> None:
    broken = {SECURITY_HEADERS: "no_such_directive on;\n", "images.env": bare.registry.images_env("1")}
    refused = bare.server.deploy("broken", changes=broken)
    assert refused.status == REFUSED
    assert "no_such_directive" in refused.output
    assert nothing_runs(bare)


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(bare: Lab) -> None:
    before = files_of(bare)
    planned = bare.server.deploy("2", "--dry-run")
    assert planned.status == DONE, planned.output
    assert "from 0 to 1" in planned.output
    assert files_of(bare) == before
    assert nothing_runs(bare)


def test_what_runs_is_named_by_its_digest(live: Lab) -> None:
    for service in OURS:
        [container] = live.server.containers(service)
        assert "@sha256:" in docker("inspect", "--format", "{{.Config.Image}}", container)


def test_the_same_release_again_leaves_everything_as_it_is(live: Lab) -> None:
    before = running_containers(live)
    again = live.server.run("deploy", "--again")
    assert again.status == DONE, again.output
    assert running_containers(live) == before


def test_changed_files_of_nginx_are_read_without_another_container(live: Lab) -> None:
    before = running_containers(live)
    text = (CHECKOUT / SECURITY_HEADERS).read_text()
    changes = {SECURITY_HEADERS: f"{text}\nadd_header X-Of-This-Release yes always;\n"}
    deployed = live.server.deploy("header", changes={**changes, "images.env": live.registry.images_env("1")})
    assert deployed.status == DONE, deployed.output
    assert httpx.get(f"{live.url}/health", verify=False).headers["X-Of-This-Release"] == "yes"  # noqa: S501 - it signs for itself
    assert running_containers(live) == before
    back = live.server.run("rollback")
    assert back.status == DONE, back.output
    assert "X-Of-This-Release" not in httpx.get(f"{live.url}/health", verify=False).headers  # noqa: S501 - as above


def test_a_release_with_other_content_under_the_same_version_is_refused(live: Lab) -> None:
    refused = live.server.deploy("1", changes={SECURITY_HEADERS: "# other\n"})
    assert refused.status == REFUSED
    assert "other content" in refused.output


def test_two_cannot_run_at_once(live: Lab) -> None:
    with (live.server.home / "state/lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("deploy 9, by somebody")
        lock.flush()
        refused = live.server.deploy("2")
    assert refused.status == LOCKED
    assert "deploy 9, by somebody" in refused.output


def test_settings_that_do_not_work_are_taken_back_with_the_release_that_runs(live: Lab) -> None:
    live.server.settings["REDIS_URL"] = "redis://nowhere:6379/0"
    failed = live.server.run("deploy", "--again")
    del live.server.settings["REDIS_URL"]
    assert failed.status == ROLLED_BACK, failed.output
    assert "settings of before" in failed.output
    assert answers(live)
    for service in OURS:
        [container] = live.server.containers(service)
        assert "nowhere" not in docker("inspect", "--format", "{{.Config.Env}}", container)


def test_what_redis_held_comes_back_from_a_backup(live: Lab, tmp_path: Path) -> None:
    backup = str(tmp_path / "wearon.rdb")
    live.server.inside("redis", "redis-cli", "set", "kept", "yes")
    assert live.server.run("backup-redis", backup).status == DONE
    live.server.inside("redis", "redis-cli", "set", "kept", "no")
    restored = live.server.run("backup-redis", "--restore", backup)
    assert restored.status == DONE, restored.output
    assert live.server.inside("redis", "redis-cli", "get", "kept") == "yes"


def test_a_backup_that_redis_does_not_give_is_refused_with_its_reason(live: Lab, tmp_path: Path) -> None:
    backup = tmp_path / "wearon.rdb"
    [redis] = live.server.containers("redis")
    docker("pause", redis)
    try:
        refused = live.server.run("backup-redis", str(backup))
    finally:
        docker("unpause", redis)
    assert refused.status == REFUSED
    assert "is paused" in refused.output
    assert list(tmp_path.iterdir()) == []


def test_the_password_of_redis_can_be_changed(live: Lab) -> None:
    new = "another-secret-of-redis"
    live.server.inside("redis", "redis-cli", "ACL", "SETUSER", "default", f">{new}")
    old = live.server.settings["REDIS_PASSWORD"]
    live.server.settings["REDIS_PASSWORD"] = new
    changed = live.server.run("deploy", "--again")
    assert changed.status == DONE, changed.output
    assert answers(live)
    assert "PONG" not in live.server.inside("redis", "redis-cli", "--pass", old, "ping")


def test_an_interrupted_deployment_leaves_a_running_stack_and_goes_on_when_started_again(live: Lab) -> None:
    deploying = live.server.start("deploy", "2", "--archive", str(live.server.archive("2")))
    assert deploying.stdout is not None
    for line in deploying.stdout:
        if "sizing: " in line and "is healthy" in line:
            break
    deploying.send_signal(signal.SIGTERM)
    said = deploying.communicate(timeout=60)[0]
    assert deploying.returncode == TERMINATED
    assert "stopped by TERM on the way to 2" in said
    assert answers(live)
    assert live.server.releases_of("generator") == ["1"]
    went_on = live.server.deploy("2")
    assert went_on.status == DONE, went_on.output
    assert all(live.server.releases_of(service) == ["2"] for service in OURS)


def test_rollback_brings_back_the_release_before(live: Lab) -> None:
    assert live.server.deploy("2").status == DONE
    back = live.server.run("rollback")
    assert back.status == DONE, back.output
    assert all(live.server.releases_of(service) == ["1"] for service in OURS)
    assert live.server.run("rollback").status == REFUSED


def nothing_runs(lab: Lab) -> bool:
    return running_containers(lab) == []


def running_containers(lab: Lab) -> list[str]:
    label = f"label=com.docker.compose.project={lab.server.project}"
    return sorted(docker("ps", "--quiet", "--filter", label).split())


def files_of(lab: Lab) -> list[tuple[Path, bytes]]:
    return [(file, file.read_bytes()) for file in sorted(lab.server.home.rglob("*")) if file.is_file()]


def answers(lab: Lab) -> bool:
    def is_well() -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{lab.url}/health", verify=False, timeout=10).status_code == httpx.codes.OK  # noqa: S501 - it signs for itself
        return False

    return wait_for(is_well, 60, every_s=0.5)
