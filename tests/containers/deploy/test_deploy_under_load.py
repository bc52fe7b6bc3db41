"""What shoppers notice of deployments, good and bad ones, and of scaling: nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from containers.deploy.deploy_lab import Lab
from containers.deploy.traffic_sizing import SizingTraffic
from containers.deploy.traffic_tasks import TaskTraffic
from containers.engine import own_project

from wearon_devkit.books import audit
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import GARMENTS, PERSONS
from wearon_devkit.stores import open_stores

DONE, ROLLED_BACK = 0, 3
BROKEN = {
    "3": {"sizing": 'ENTRYPOINT ["false"]'},
    "4": {"generator": 'HEALTHCHECK --interval=1s --retries=2 CMD ["false"]'},
}
LAST_TASKS_S = 300


@pytest.fixture(scope="module")
def lab(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server on which release 1 runs."""
    with Lab.opened(own_project("deploy-load"), tmp_path_factory.mktemp("lab")) as lab:
        lab.registry.publish("1")
        first = lab.server.deploy("1")
        assert first.status == DONE, first.output
        yield lab


def test_a_new_release_takes_over_without_a_failed_request(lab: Lab) -> None:
    lab.registry.publish("2")
    with nobody_notices(lab):
        deployed = lab.server.deploy("2")
    assert deployed.status == DONE, deployed.output
    for service in ("sizing", "generator", "consumer"):
        assert lab.server.releases_of(service) == ["2"]


@pytest.mark.parametrize("version", BROKEN)
def test_a_release_that_does_not_work_is_rolled_back_without_a_failed_request(lab: Lab, version: str) -> None:
    lab.registry.publish(version, BROKEN[version])
    before = lab.server.releases_of("sizing")
    with nobody_notices(lab):
        deployed = lab.server.deploy(version)
    assert deployed.status == ROLLED_BACK, deployed.output
    for service in ("sizing", "generator", "consumer"):
        assert lab.server.releases_of(service) == before


def test_generators_come_and_go_without_a_failed_task(lab: Lab) -> None:
    with nobody_notices(lab):
        for replicas in (4, 1):
            lab.server.settings["GENERATOR_REPLICAS"] = str(replicas)
            scaled = lab.server.run("deploy", "--again")
            assert scaled.status == DONE, scaled.output
            assert len(lab.server.containers("generator")) == replicas


@contextmanager
def nobody_notices(lab: Lab) -> Iterator[None]:
    """Let shoppers come meanwhile; nothing that they asked for has failed, and the books balance."""
    pictures = PictureStore(lab.environment)
    person, garment = (lab.seen_from_inside(pictures.upload(each)) for each in (PERSONS[0], GARMENTS[0]))
    with open_stores(lab.environment) as stores:
        sizing = SizingTraffic(lab.url, person, PERSONS[0].height_cm, shoppers=2, pause_s=0.5)
        tasks = TaskTraffic(stores, [person, garment], every_s=2)
        with sizing.flowing(), tasks.flowing():
            yield
        ended = tasks.wait_until_ended(LAST_TASKS_S)
    books = audit(lab.environment.database_url)
    seen = f"sizing: {dict(sizing.answers)}, slowest {sizing.slowest_s:.1f} s; tasks: {dict(ended)}"
    print(f"{seen}; {books.summary}")  # noqa: T201 - the counts, for whoever runs it with -s
    assert sizing.answers["200"] > 0
    assert sizing.failed == 0
    assert ended == {"completed": len(tasks.asked)}
    assert books.balanced
