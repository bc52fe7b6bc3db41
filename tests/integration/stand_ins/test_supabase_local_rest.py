"""supabase-py's REST and RPC calls against the stand-in, with both kinds of keys."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import jwt
import psycopg
import pytest
from fixtures_supabase_local import SECRET_KEY, StandIn, running_stand_in
from postgrest import APIError, APIResponse
from postgrest.types import CountMethod, ReturnMethod
from supabase import AsyncClient

from wearon_devkit.supabase_local import Config, create_app

pytestmark = pytest.mark.anyio

LEGACY_KEY = jwt.encode({"role": "service_role"}, "a secret that is long enough for HS256", "HS256")
USER = str(uuid4())


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=[SECRET_KEY, LEGACY_KEY], ids=["sb_secret key", "legacy JWT key"])
def stand_in(
    postgres: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[StandIn]:
    with running_stand_in(postgres, tmp_path_factory.mktemp("supabase"), request.param) as stand_in:
        yield stand_in


@pytest.fixture
async def supabase(stand_in: StandIn, database_url: str) -> AsyncIterator[AsyncClient]:
    async with stand_in.client() as client:
        yield client


@pytest.fixture
def session_id(database_url: str) -> str:
    return add_session(database_url)


def add_session(database_url: str, status: str = "queued") -> str:
    """Insert a session as the producer does, and return its id."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "insert into public.generation_sessions (user_id, status, model_image_url, prompt_system)"
            " values (%s, %s, 'https://a.test/m.jpg', 'p') returning id::text",
            (USER, status),
        ).fetchone()
    assert row is not None
    return str(row[0])


def status_of(database_url: str, session_id: str) -> str:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "select status from public.generation_sessions where id = %s", (session_id,)
        ).fetchone()
    assert row is not None
    return str(row[0])


def rows(answer: APIResponse) -> list[dict[str, Any]]:
    """Return the rows of an answer, whose library type is any JSON."""
    return cast("list[dict[str, Any]]", answer.data)


async def test_a_guarded_update_returns_the_row_that_it_changed(
    supabase: AsyncClient, session_id: str
) -> None:
    update = supabase.table("generation_sessions").update({"status": "processing", "credits_used": 2})
    answer = await update.eq("id", session_id).in_("status", ["queued", "processing"]).execute()
    [row] = rows(answer)
    assert (row["id"], row["status"], row["credits_used"]) == (session_id, "processing", 2)


async def test_a_guarded_update_of_an_ended_session_changes_nothing(
    supabase: AsyncClient, database_url: str
) -> None:
    ended = add_session(database_url, "failed")
    update = supabase.table("generation_sessions").update({"status": "completed"})
    answer = await update.eq("id", ended).in_("status", ["queued", "processing"]).execute()
    assert answer.data == []
    assert status_of(database_url, ended) == "failed"


async def test_an_update_without_filters_is_refused(
    supabase: AsyncClient, database_url: str, session_id: str
) -> None:
    with pytest.raises(APIError) as refused:
        await supabase.table("generation_sessions").update({"status": "failed"}).execute()
    assert refused.value.code == "21000"
    assert status_of(database_url, session_id) == "queued"


async def test_a_page_comes_with_the_count_of_all_rows(supabase: AsyncClient, database_url: str) -> None:
    for _ in range(3):
        add_session(database_url)
    select = supabase.table("generation_sessions").select("id", "status", count=CountMethod.exact)
    answer = await select.order("created_at", desc=True).limit(2).execute()
    assert (len(answer.data), answer.count) == (2, 3)


async def test_a_single_row_that_is_missing_is_an_error(supabase: AsyncClient, database_url: str) -> None:
    select = supabase.table("generation_sessions").select("*").eq("id", str(uuid4()))
    with pytest.raises(APIError) as missing:
        await select.single().execute()
    assert missing.value.code == "PGRST116"


async def test_asking_for_one_row_and_writing_several_undoes_the_write(
    stand_in: StandIn, database_url: str
) -> None:
    sessions = [add_session(database_url) for _ in range(2)]
    headers = {"accept": "application/vnd.pgrst.object+json", "prefer": "return=representation"}
    with stand_in.http() as http:
        path = f"/rest/v1/generation_sessions?user_id=eq.{USER}"
        assert http.patch(path, json={"status": "failed"}, headers=headers).status_code == 406
    assert [status_of(database_url, each) for each in sessions] == ["queued", "queued"]


async def test_an_insert_and_its_upsert_meet_in_one_row(supabase: AsyncClient, database_url: str) -> None:
    balances = supabase.table("user_credits")
    await balances.insert({"user_id": USER, "balance": 1}).execute()
    await balances.upsert({"user_id": USER, "balance": 5}, on_conflict="user_id").execute()
    answer = await balances.select("balance").eq("user_id", USER).execute()
    assert answer.data == [{"balance": 5}]


async def test_an_event_is_written_without_being_sent_back(supabase: AsyncClient, database_url: str) -> None:
    event = {"event_type": "generation_completed", "user_id": USER, "metadata": {"attempt": 1}}
    answer = await supabase.table("analytics_events").insert(event, returning=ReturnMethod.minimal).execute()
    assert answer.data == []
    kept = await supabase.table("analytics_events").select("metadata").execute()
    assert kept.data == [{"metadata": {"attempt": 1}}]


async def test_deleted_rows_are_returned(supabase: AsyncClient, session_id: str) -> None:
    answer = await supabase.table("generation_sessions").delete().eq("id", session_id).execute()
    assert [row["id"] for row in rows(answer)] == [session_id]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"user_id": USER, "balance": -1}, "23514"),
        ({"user_id": "no uuid"}, "22P02"),
        ({"balance": 1}, "23502"),
        ({"user_id": USER, "nothing": 1}, "PGRST204"),
    ],
)
async def test_a_row_that_the_database_refuses_is_an_error_with_its_code(
    supabase: AsyncClient, database_url: str, row: dict[str, object], code: str
) -> None:
    with pytest.raises(APIError) as refused:
        await supabase.table("user_credits").insert(row).execute()
    assert refused.value.code == code


async def test_a_void_function_returns_nothing_and_has_its_effect(
    supabase: AsyncClient, database_url: str
) -> None:
    await supabase.table("user_credits").insert({"user_id": USER, "balance": 1}).execute()
    answer = await supabase.rpc("refund_credits", {"p_user_id": USER, "p_amount": 2}).execute()
    assert answer.data == []
    balance = await supabase.table("user_credits").select("balance").single().execute()
    assert balance.data == {"balance": 3}


async def test_a_second_refund_under_one_request_id_is_a_duplicate(
    supabase: AsyncClient, database_url: str
) -> None:
    refund = {"p_store_id": USER, "p_amount": 1, "p_request_id": "req_1"}
    await supabase.table("store_credits").insert({"store_id": USER, "balance": 0}).execute()
    await supabase.rpc("refund_store_credits", refund).execute()
    with pytest.raises(APIError) as duplicate:
        await supabase.rpc("refund_store_credits", refund).execute()
    assert duplicate.value.code == "23505"


async def test_a_boolean_function_returns_the_bare_value(supabase: AsyncClient, database_url: str) -> None:
    await supabase.table("user_credits").insert({"user_id": USER, "balance": 1}).execute()
    deduction = {"p_user_id": USER, "p_amount": 1, "p_description": "try-on"}
    assert (await supabase.rpc("deduct_credits", deduction).execute()).data is True


async def test_a_function_that_nobody_has_is_an_error(supabase: AsyncClient, database_url: str) -> None:
    with pytest.raises(APIError) as missing:
        await supabase.rpc("nothing_like_this", {"p": 1}).execute()
    assert missing.value.code == "PGRST202"


async def test_anon_sees_no_rows_and_may_not_write(stand_in: StandIn, session_id: str) -> None:
    async with stand_in.client(stand_in.anon_key) as anon:
        assert (await anon.table("generation_sessions").select("*").execute()).data == []
        with pytest.raises(APIError) as refused:
            await anon.table("user_credits").insert({"user_id": USER}).execute()
    assert refused.value.code == "42501"


@pytest.mark.parametrize("path", ["/rest/v1/generation_sessions", "/rest/v1/rpc/refund_credits"])
def test_a_caller_without_a_known_key_is_unauthorized(stand_in: StandIn, path: str) -> None:
    method = "POST" if "rpc" in path else "GET"
    users_jwt = jwt.encode({"role": "authenticated"}, "a secret that is long enough for HS256", "HS256")
    with stand_in.http("sb_secret_unknown") as stranger, httpx.Client(base_url=stand_in.url) as nobody:
        assert stranger.request(method, path).status_code == 401
        assert nobody.request(method, path).status_code == 401
        headers = {"apikey": stand_in.anon_key, "authorization": f"Bearer {users_jwt}"}
        assert nobody.request(method, path, headers=headers).status_code == 401


async def test_without_its_database_the_stand_in_is_unhealthy(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:9/none?connect_timeout=1"
    app = create_app(Config(nowhere, tmp_path, "service", "anon"))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stand-in") as http,
    ):
        assert (await http.get("/health")).status_code == 503
