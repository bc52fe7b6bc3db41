"""How often a task asks, and over how many connections: counted on the way to each host."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fixtures_openai_local import picture, running_stub
from service_process import service
from shop import Shop
from tcp_proxy import TcpProxy, tcp_proxy

from wearon_common.channel import Channel
from wearon_common.storage import ResultStorage
from wearon_common.supabase_client import close_supabase, connect_supabase
from wearon_devkit.backing import Backing
from wearon_devkit.environment import Environment
from wearon_devkit.openai_local import LOCAL_API_KEY, LatencyRange, StubConfig
from wearon_generator.openai.client import OpenAIImages, connect_openai
from wearon_generator.provider import EditRequest
from wearon_generator.settings import OpenAISettings

IN_FLIGHT = 200
TASKS = 6
MOST_CONNECTIONS_TO_SUPABASE = 32
MOST_CALLS_BESIDES_THE_UPLOAD = 4
UPLOAD = "POST /storage/v1/object/images/"


@dataclass(frozen=True)
class Ways:
    """The ways from a generator to its hosts."""

    supabase: TcpProxy
    openai: TcpProxy
    pictures: TcpProxy


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    """Return the ways that `TASKS` tasks, one after the other, have taken."""
    directory = tmp_path_factory.mktemp("round-trips")
    with Backing.start(directory / "backing", "0.05") as backing, ExitStack() as parts:
        real = backing.environment
        ways = Ways(
            *(
                parts.enter_context(tcp_proxy(port_of(url)))
                for url in (real.supabase_url, real.openai_base_url, real.supabase_url)
            )
        )
        serve(parts, real, ways, directory)
        # The app reads and writes pictures elsewhere; the generator alone fetches them by this way.
        by_way = replace(real, supabase_url=at(ways.pictures))
        shop = parts.enter_context(Shop.opened(by_way))
        urls = shop.pictures
        connections_of_the_app = ways.pictures.connections
        for number in range(TASKS):
            try_on = shop.submit(list(Channel)[number % 2], image_urls=urls)
            assert shop.outcome(try_on).status == "completed"
        ways.pictures.connections -= connections_of_the_app
        yield ways


def serve(parts: ExitStack, real: Environment, ways: Ways, directory: Path) -> None:
    """Run a consumer, and a generator that goes by the ways."""
    by_ways = replace(
        real,
        supabase_url=at(ways.supabase),
        openai_base_url=f"{at(ways.openai)}/v1",
        image_fetch_private_hosts=f"127.0.0.1:{ways.pictures.port}",
    )
    parts.enter_context(service("consumer", real, directory / "consumer"))
    parts.enter_context(service("generator", by_ways, directory / "generator"))


def at(way: TcpProxy) -> str:
    return f"http://127.0.0.1:{way.port}"


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def test_a_task_asks_supabase_four_times_at_most_besides_its_upload(ways: Ways) -> None:
    uploads = [request for request in ways.supabase.requests if request.startswith(UPLOAD)]
    assert len(uploads) == TASKS
    assert len(ways.supabase.requests) - TASKS <= TASKS * MOST_CALLS_BESIDES_THE_UPLOAD


def test_a_task_asks_openai_once_and_for_each_picture_once(ways: Ways) -> None:
    assert ways.openai.requests == ["POST /v1/images/edits"] * TASKS
    assert sum(request.startswith("GET ") for request in ways.pictures.requests) == TASKS * 2


def test_tasks_one_after_the_other_share_connections(ways: Ways) -> None:
    # One to each host, and one for each picture of a task, unless the machine pauses and one runs out.
    assert ways.supabase.connections < TASKS
    assert ways.openai.connections < TASKS
    assert ways.pictures.connections < TASKS


def test_hundreds_of_calls_at_once_share_a_few_connections_to_supabase(platform: Environment) -> None:
    with tcp_proxy(port_of(platform.supabase_url)) as way, Shop.opened(platform) as shop:
        shop.upload("a.jpg", picture())

        async def sign_often() -> None:
            key = platform.supabase_service_role_key
            client = connect_supabase(at(way), key, timedelta(seconds=30))
            storage = ResultStorage(client, platform.supabase_storage_bucket)

            async def sign_thrice() -> None:
                for _ in range(3):
                    await storage.sign("uploads/a.jpg")

            await asyncio.gather(*(sign_thrice() for _ in range(IN_FLIGHT)))
            await close_supabase(client)

        asyncio.run(sign_often())
        assert len(way.requests) == 3 * IN_FLIGHT
        assert way.connections <= 2 * MOST_CONNECTIONS_TO_SUPABASE


def test_calls_that_were_given_up_leave_room_for_others(platform: Environment) -> None:
    with Shop.opened(platform) as shop:
        shop.upload("a.jpg", picture())

        async def give_up_and_sign() -> str:
            key = platform.supabase_service_role_key
            client = connect_supabase(platform.supabase_url, key, timedelta(seconds=30))
            storage = ResultStorage(client, platform.supabase_storage_bucket)
            for patience_ms in range(0, 100, 5):
                calls = [asyncio.create_task(storage.sign("uploads/a.jpg")) for _ in range(IN_FLIGHT // 4)]
                await asyncio.wait(calls, timeout=patience_ms / 1000)
                for call in calls:
                    call.cancel()
                await asyncio.gather(*calls, return_exceptions=True)
            url = await storage.sign("uploads/a.jpg")
            await close_supabase(client)
            return url

        assert "token=" in asyncio.run(give_up_and_sign())


def test_a_hundred_calls_at_once_keep_their_connections_to_openai() -> None:
    in_flight = IN_FLIGHT // 2
    request = EditRequest(
        (picture(),), "Try on", "request", "owner", (Channel.B2C, "owner"), datetime.now(UTC)
    )

    async def edit_often(base_url: str) -> None:
        settings = OpenAISettings(
            redis_url="redis://localhost", openai_base_url=base_url, openai_api_key=LOCAL_API_KEY
        )
        async with connect_openai(settings) as http:
            images = OpenAIImages(http, settings)

            async def edit_twice() -> None:
                for _ in range(2):
                    await images.edit(request)

            await asyncio.gather(*(edit_twice() for _ in range(in_flight)))

    with (
        running_stub(StubConfig(latency=LatencyRange(0.5, 2.5))) as stub,
        tcp_proxy(port_of(stub.base_url)) as way,
    ):
        asyncio.run(edit_often(f"{at(way)}/v1"))
        assert len(way.requests) == 2 * in_flight
        assert way.connections <= 1.5 * in_flight
