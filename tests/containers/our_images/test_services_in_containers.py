"""The three real images against Redis and PostgreSQL."""

from collections.abc import Iterator

import httpx
import pytest
from containers.our_images.health import health_of, wait_for_health
from containers.our_images.shop_of_containers import ShopOfContainers, service_on, shop_of_containers
from processes import wait_for
from testcontainers.core.container import DockerContainer

from wearon_devkit.pictures import PERSONS

SERVICES = ["consumer", "generator", "sizing"]
FROZEN = "unhealthy"


@pytest.fixture(scope="module")
def shop(images: None) -> Iterator[ShopOfContainers]:
    with shop_of_containers() as shop:
        yield shop


def test_tasks_of_both_channels_complete_and_the_books_balance(shop: ShopOfContainers) -> None:
    assert shop.try_ons.complete(3, "b2c") == "submit: 3 completed"
    assert shop.try_ons.complete(2, "b2b") == "submit: 2 completed"
    assert shop.try_ons.books() == "audit: 5 deducted = 5 completed + 0 refunded + 0 live; books balance"


def test_a_photo_is_measured(shop: ShopOfContainers) -> None:
    sizing = shop.services["sizing"]
    url = f"http://{sizing.get_container_host_ip()}:{sizing.get_exposed_port(8000)}/estimate-body/upload"

    answer = httpx.post(
        url,
        files={"image": PERSONS[0].path.read_bytes()},
        data={"height_cm": "170"},
        timeout=30,
        trust_env=False,
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["measurements"]["chest_cm"] > 60


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_hangs_turns_unhealthy_and_recovers(shop: ShopOfContainers, name: str) -> None:
    service = shop.services[name]

    service.get_wrapped_container().kill("STOP")
    wait_for_health(service, status="unhealthy")

    service.get_wrapped_container().kill("CONT")
    wait_for_health(service)


def test_a_loop_that_waits_for_a_redis_that_hangs_turns_unhealthy_and_recovers(
    shop: ShopOfContainers,
) -> None:
    loops = [shop.services["consumer"], shop.services["generator"]]

    shop.redis.get_wrapped_container().pause()
    try:
        wait_for_health(*loops, status="unhealthy")
        assert health_of(shop.services["sizing"]) == "healthy", "it measures without Redis"
    finally:
        shop.redis.get_wrapped_container().unpause()

    wait_for_health(*loops)
    assert shop.try_ons.complete(1) == "submit: 1 completed"


def test_sizing_without_its_model_is_unhealthy(shop: ShopOfContainers) -> None:
    with service_on(shop.network, "sizing", POSE_MODEL_PATH="/nowhere.task") as sizing:
        assert isinstance(sizing, DockerContainer)
        assert wait_for(lambda: b"pose_model_unavailable" in sizing.get_wrapped_container().logs(), 60, 0.5)
        wait_for_health(sizing, status="unhealthy")
