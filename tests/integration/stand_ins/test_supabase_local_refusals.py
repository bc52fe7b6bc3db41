"""What the stand-in does not speak it refuses: nothing that production would act on is ignored."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from fixtures_supabase_local import BUCKET, running_stand_in

SESSIONS = "/rest/v1/generation_sessions"
OBJECT = "/storage/v1/object"
JPEG = {"file": ("f.jpg", b"\xff\xd8\xff", "image/jpeg")}

REFUSED: dict[str, tuple[str, str, Mapping[str, Any]]] = {
    "an unknown path": ("GET", "/auth/v1/user", {}),
    "the root of the REST API": ("GET", "/rest/v1/", {}),
    "a path below a table": ("GET", f"{SESSIONS}/1", {}),
    "PUT on a table": ("PUT", f"{SESSIONS}?id=eq.1", {"json": {}}),
    "OPTIONS": ("OPTIONS", SESSIONS, {}),
    "an unknown header": ("GET", SESSIONS, {"headers": {"x-region": "eu"}}),
    "a range header": ("GET", SESSIONS, {"headers": {"range": "0-9"}}),
    "an unknown preference": ("GET", SESSIONS, {"headers": {"prefer": "tx=rollback"}}),
    "a planned count": ("GET", SESSIONS, {"headers": {"prefer": "count=planned"}}),
    "a preference of another method": ("GET", SESSIONS, {"headers": {"prefer": "return=minimal"}}),
    "strict handling": (
        "PATCH",
        f"{SESSIONS}?id=eq.1",
        {"headers": {"prefer": "handling=strict"}},
    ),
    "defaults for missing columns": (
        "POST",
        SESSIONS,
        {"headers": {"prefer": "missing=default"}},
    ),
    "CSV": ("GET", SESSIONS, {"headers": {"accept": "text/csv"}}),
    "stripped nulls": (
        "GET",
        SESSIONS,
        {"headers": {"accept": "application/vnd.pgrst.array+json;nulls=stripped"}},
    ),
    "a query plan": ("GET", SESSIONS, {"headers": {"accept": "application/vnd.pgrst.plan+json"}}),
    "a form": ("POST", SESSIONS, {"data": {"a": "b"}}),
    "an unknown operator": ("GET", f"{SESSIONS}?status=fts.cat", {}),
    "a filter without an operator": ("GET", f"{SESSIONS}?status=queued", {}),
    "a doubled negation": ("GET", f"{SESSIONS}?status=not.not.eq.queued", {}),
    "a quantified operator": ("GET", f"{SESSIONS}?status=eq(any).{{queued}}", {}),
    "is with another word": ("GET", f"{SESSIONS}?status=is.empty", {}),
    "a list without its end": ("GET", f"{SESSIONS}?status=in.(a,b", {}),
    "a list with an empty element": ("GET", f"{SESSIONS}?status=in.(a,,b)", {}),
    "a list with something after a quote": ("GET", f'{SESSIONS}?status=in.("a"b)', {}),
    "logic": ("GET", f"{SESSIONS}?or=(status.eq.a,status.eq.b)", {}),
    "negated logic": ("GET", f"{SESSIONS}?not.and=(status.eq.a,status.eq.b)", {}),
    "an embedded table": ("GET", f"{SESSIONS}?select=id,users(name)", {}),
    "a filter on an embedded table": ("GET", f"{SESSIONS}?users.name=eq.a", {}),
    "an alias": ("GET", f"{SESSIONS}?select=name:status", {}),
    "a cast": ("GET", f"{SESSIONS}?select=id::text", {}),
    "a JSON path": ("GET", f"{SESSIONS}?select=accessories->0", {}),
    "a JSON path in a filter": ("GET", f"{SESSIONS}?accessories->>0=eq.a", {}),
    "an empty column": ("GET", f"{SESSIONS}?select=id,", {}),
    "an aggregate": ("GET", f"{SESSIONS}?select=credits_used.sum()", {}),
    "an odd order": ("GET", f"{SESSIONS}?order=id.down", {}),
    "a limit that is no number": ("GET", f"{SESSIONS}?limit=x", {}),
    "a negative offset": ("GET", f"{SESSIONS}?offset=-1", {}),
    "a parameter twice": ("GET", f"{SESSIONS}?limit=1&limit=2", {}),
    "an order of written rows": ("PATCH", f"{SESSIONS}?id=eq.1&order=id", {"json": {"status": "failed"}}),
    "a limited update": ("PATCH", f"{SESSIONS}?id=eq.1&limit=1", {"json": {"status": "failed"}}),
    "an update with an array": ("PATCH", f"{SESSIONS}?id=eq.1", {"json": [{"status": "failed"}]}),
    "an update of nothing": (
        "PATCH",
        f"{SESSIONS}?id=eq.00000000-0000-4000-8000-000000000000",
        {"json": {}},
    ),
    "columns back that nobody gets": (
        "PATCH",
        f"{SESSIONS}?id=eq.00000000-0000-4000-8000-000000000000&select=id",
        {"json": {"status": "failed"}},
    ),
    "a filtered insert": ("POST", f"{SESSIONS}?id=eq.1", {"json": {}}),
    "an insert of nothing": ("POST", SESSIONS, {"json": []}),
    "an insert of bare values": ("POST", SESSIONS, {"json": [1]}),
    "a delete with a body": ("DELETE", f"{SESSIONS}?id=eq.1", {"json": {"a": 1}}),
    "a function by GET": ("GET", "/rest/v1/rpc/refund_credits?p_amount=1", {}),
    "a filtered function": ("POST", "/rest/v1/rpc/stuck_generations?limit=1", {"json": {}}),
    "a counted function": (
        "POST",
        "/rest/v1/rpc/stuck_generations",
        {"json": {}, "headers": {"prefer": "count=exact"}},
    ),
    "arguments in an array": ("POST", "/rest/v1/rpc/refund_credits", {"json": [{}]}),
    "making a bucket": ("POST", "/storage/v1/bucket", {"json": {"name": "b"}}),
    "signing several at once": ("POST", f"{OBJECT}/sign/{BUCKET}", {"json": {"paths": []}}),
    "a transformed picture": (
        "POST",
        f"{OBJECT}/sign/{BUCKET}/a.jpg",
        {"json": {"expiresIn": "60", "transform": {"width": 10}}},
    ),
    "a named download": ("GET", f"{OBJECT}/sign/{BUCKET}/a.jpg?token=x&download=b", {}),
    "moving": ("POST", f"{OBJECT}/move", {"json": {}}),
    "copying": ("POST", f"{OBJECT}/copy", {"json": {}}),
    "info": ("GET", f"{OBJECT}/info/{BUCKET}/a.jpg", {}),
    "a public object": ("GET", f"{OBJECT}/public/{BUCKET}/a.jpg", {}),
    "a signed upload": ("POST", f"{OBJECT}/upload/sign/{BUCKET}/a.jpg", {}),
    "the second listing": ("POST", f"{OBJECT}/list-v2/{BUCKET}", {"json": {}}),
    "a search": ("POST", f"{OBJECT}/list/{BUCKET}", {"json": {"prefix": "", "search": "a"}}),
    "a listing by time": (
        "POST",
        f"{OBJECT}/list/{BUCKET}",
        {"json": {"prefix": "", "sortBy": {"column": "created_at", "order": "asc"}}},
    ),
    "deleting one object by its path": ("DELETE", f"{OBJECT}/{BUCKET}/a.jpg", {}),
    "a raw upload": ("POST", f"{OBJECT}/{BUCKET}/a.jpg", {"content": b"x"}),
    "metadata of an upload": (
        "POST",
        f"{OBJECT}/{BUCKET}/a.jpg",
        {"files": JPEG, "data": {"metadata": "{}"}},
    ),
    "an unknown upload header": (
        "POST",
        f"{OBJECT}/{BUCKET}/a.jpg",
        {"files": JPEG, "headers": {"x-metadata": "e30="}},
    ),
    "an odd x-upsert": ("POST", f"{OBJECT}/{BUCKET}/a.jpg", {"files": JPEG, "headers": {"x-upsert": "True"}}),
    "a parameter of a download": ("GET", f"{OBJECT}/{BUCKET}/a.jpg?width=10", {}),
}


@pytest.fixture(scope="module")
def http(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running_stand_in(postgres, tmp_path_factory.mktemp("supabase")) as stand_in, stand_in.http() as http:
        yield http


@pytest.mark.parametrize(("method", "path", "request_parts"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_spoken_is_refused(
    http: httpx.Client, method: str, path: str, request_parts: Mapping[str, Any]
) -> None:
    answer = http.request(method, path, **request_parts)
    assert answer.status_code == 501
    assert answer.json()["message"].startswith("the local Supabase stand-in does not speak this: ")


def test_both_clients_can_parse_a_refusal(http: httpx.Client) -> None:
    body = http.get("/nothing").json()
    assert body.keys() == {"code", "details", "hint", "message", "statusCode", "error"}
