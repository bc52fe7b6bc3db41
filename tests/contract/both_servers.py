"""The same call to PostgREST and to the stand-in, and what each answered on the wire."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import psycopg
from postgrest import APIError
from supabase import Client, ClientOptions, create_client

PREFIX = "/rest/v1"
COMPARED_HEADERS = ("content-range", "content-type", "content-profile", "preference-applied")
# PostgREST 12.0.2 joins two media types in the failure of a single-object request; later ones do not.
DOUBLED_TYPE = "application/json; charset=utf-8, application/vnd.pgrst.object+json; charset=utf-8"

# Deleting is many times faster here than `truncate`.
SEED = """
delete from public.generation_sessions;
delete from public.user_credits;
delete from public.credit_transactions;
delete from public.store_credit_transactions;
insert into public.generation_sessions
    (id, user_id, status, model_image_url, outfit_image_url, accessories, prompt_system, created_at,
     estimated_cost_usd)
values
    ('00000000-0000-4000-8000-000000000000', '11111111-1111-4111-8111-111111111111', 'queued',
     'https://a.test/x.jpg?token=1,2(3)"4"', null, null, 'a', '2026-01-02 03:04:05.6+00', null),
    ('00000000-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111', 'processing',
     'b', 'o', '["a", 1, {"b": null}]', 'größer 👗', '2026-01-03 03:04:05+00', 0.0412),
    ('00000000-0000-4000-8000-000000000002', '22222222-2222-4222-8222-222222222222', 'completed',
     'c', 'o', '{}', E'two\\nlines', '2026-01-04 03:04:05.123456+00', 12.5);
insert into public.user_credits (id, user_id, balance, total_earned)
values ('00000000-0000-4000-8000-00000000000c', '11111111-1111-4111-8111-111111111111', 3, 10);
insert into public.store_credit_transactions (id, store_id, amount, type, request_id, created_at)
values ('00000000-0000-4000-8000-00000000000d', '33333333-3333-4333-8333-333333333333', -1, 'deduction',
        'req_1', '2026-01-02 03:04:05+00');
"""


class Recorder(httpx.HTTPTransport):
    """Sends for real, to where the server has its REST API, and keeps the last answer."""

    def __init__(self, rest_path: str) -> None:
        super().__init__()
        self._rest_path = rest_path
        self.answer: httpx.Response | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send and keep."""
        path = request.url.raw_path.decode().replace(PREFIX, self._rest_path, 1)
        request.url = request.url.copy_with(raw_path=path.encode())
        self.answer = super().handle_request(request)
        self.answer.read()
        return self.answer


@dataclass(frozen=True)
class Answer:
    """What was on the wire, as far as it must agree."""

    status: int
    headers: dict[str, str | None]
    body: bytes

    @classmethod
    def of(cls, response: httpx.Response) -> "Answer":
        """Keep what is compared."""
        headers = {name: response.headers.get(name) for name in COMPARED_HEADERS}
        if headers["content-type"] == DOUBLED_TYPE:
            headers["content-type"] = "application/json; charset=utf-8"
        return cls(response.status_code, headers, response.content)


@dataclass(frozen=True)
class Caller:
    """One server, through supabase-py and through plain HTTP with the same keys."""

    supabase: Client
    http: httpx.Client
    recorder: Recorder = field(repr=False)


Call = Callable[[Caller], object]


def make_caller(url: str, rest_path: str, key: str) -> Caller:
    """Return a caller of the server whose REST API is at `url` + `rest_path`."""
    recorder = Recorder(rest_path)
    headers = {"apikey": key, "authorization": f"Bearer {key}"}
    http = httpx.Client(transport=recorder, base_url=url, headers=headers, timeout=10)
    options = ClientOptions(
        httpx_client=httpx.Client(transport=recorder, timeout=10),
        auto_refresh_token=False,
        persist_session=False,
    )
    return Caller(create_client(url, key, options), http, recorder)


@dataclass(frozen=True)
class BothServers:
    """PostgREST and the stand-in on one database."""

    database_url: str
    postgrest: Caller
    stand_in: Caller

    def answers(self, call: Call) -> tuple[Answer, Answer]:
        """Make the call to each, from the same rows; return PostgREST's answer and the stand-in's."""
        return self._answer(self.postgrest, call), self._answer(self.stand_in, call)

    def _answer(self, caller: Caller, call: Call) -> Answer:
        with psycopg.connect(self.database_url) as connection:
            connection.execute(SEED)
        with suppress(APIError):
            call(caller)
        assert caller.recorder.answer is not None
        return Answer.of(caller.recorder.answer)
