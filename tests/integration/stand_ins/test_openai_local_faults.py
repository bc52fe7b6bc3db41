"""Each scripted fault, seen from the caller's side."""

import base64
import time
from collections.abc import Iterator

import httpx
import pytest
from fixtures_openai_local import EDITS_PATH, GOOD_FORM, StubCaller, image_part, running_stub
from PIL import Image, UnidentifiedImageError

from wearon_devkit.openai_local import FaultKind, LatencyRange, StubConfig

API_ERRORS = {
    "rate_limit_exceeded": (429, "requests", "rate_limit_exceeded"),
    "slow_down": (429, "rate_limit_error", "slow_down"),
    "insufficient_quota": (429, "insufficient_quota", "insufficient_quota"),
    "credit_balance_exhausted": (429, "insufficient_quota", "credit_balance_exhausted"),
    "project_spend_limit_exceeded": (429, "insufficient_quota", "project_spend_limit_exceeded"),
    "organization_spend_limit_exceeded": (429, "insufficient_quota", "organization_spend_limit_exceeded"),
    "overloaded": (503, "service_unavailable_error", "server_is_overloaded"),
    "server_error": (500, "server_error", None),
    "invalid_api_key": (401, "invalid_request_error", "invalid_api_key"),
    "forbidden": (403, "request_forbidden", "unsupported_country_region_territory"),
    "model_not_found": (404, "invalid_request_error", "model_not_found"),
    "request_timeout": (408, "server_error", None),
    "conflict": (409, "server_error", None),
    "moderation_blocked": (400, "image_generation_user_error", "moderation_blocked"),
    "invalid_request": (400, "invalid_request_error", "invalid_value"),
}
BROKEN_ANSWERS = {"bad_gateway", "not_json", "no_data", "not_an_image", "truncated", "drip"}
NO_ANSWERS = {"hang", "disconnect", "reset"}


@pytest.fixture(scope="module")
def server() -> Iterator[StubCaller]:
    with running_stub(StubConfig(latency=LatencyRange(0, 0))) as caller:
        yield caller


@pytest.fixture
def stub(server: StubCaller) -> StubCaller:
    server.forget()
    return server


def test_every_fault_has_a_test() -> None:
    assert set(API_ERRORS) | BROKEN_ANSWERS | NO_ANSWERS | {"slow"} == set(FaultKind)


@pytest.mark.parametrize("kind", API_ERRORS)
def test_an_api_error_comes_once_and_then_the_picture(stub: StubCaller, kind: str) -> None:
    stub.script(kind)
    answer = stub.edit()
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == API_ERRORS[kind]
    assert "retry-after" not in answer.headers
    assert answer.headers["x-request-id"].startswith("req_")
    assert stub.edit().status_code == 200


@pytest.mark.parametrize("kind", ["rate_limit_exceeded", "slow_down", "overloaded"])
def test_a_throttling_answer_can_say_when_to_come_back(stub: StubCaller, kind: str) -> None:
    stub.script(kind, retry_after_s=7)
    assert stub.edit().headers["retry-after"] == "7"


def test_a_bad_gateway_answers_in_html(stub: StubCaller) -> None:
    stub.script("bad_gateway")
    answer = stub.edit()
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")


def test_a_good_status_can_come_without_json(stub: StubCaller) -> None:
    stub.script("not_json")
    answer = stub.edit()
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


def test_a_good_status_can_come_without_data(stub: StubCaller) -> None:
    stub.script("no_data")
    answer = stub.edit()
    assert answer.status_code == 200
    assert "usage" in answer.json()
    assert "data" not in answer.json()


def test_the_data_can_be_no_picture(stub: StubCaller, tmp_path_factory: pytest.TempPathFactory) -> None:
    stub.script("not_an_image")
    path = tmp_path_factory.mktemp("answer") / "picture"
    path.write_bytes(base64.b64decode(stub.edit().json()["data"][0]["b64_json"]))
    with pytest.raises(UnidentifiedImageError):
        Image.open(path)


def test_an_answer_can_break_off_in_the_middle(stub: StubCaller) -> None:
    stub.script("truncated")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        stub.edit()
    assert stub.edit().status_code == 200


def test_an_answer_can_drip_for_ever(stub: StubCaller) -> None:
    stub.script("drip")
    start_s = time.monotonic()
    with stub.http.stream("POST", EDITS_PATH, data=GOOD_FORM, files=[image_part()]) as answer:
        drops = answer.iter_raw()
        received = [next(drops) for _ in range(3)]
    assert (answer.status_code, b"".join(received).strip()) == (200, b"")
    assert time.monotonic() - start_s >= 0.4


def test_an_answer_can_stay_away_until_the_caller_gives_up(stub: StubCaller) -> None:
    stub.script("hang")
    with pytest.raises(httpx.ReadTimeout):
        stub.edit(timeout_s=0.3)
    call = ended_call(stub)
    assert (call["status"], call["fault"]) == (None, "hang")


@pytest.mark.parametrize(
    ("kind", "failure"), [("disconnect", httpx.RemoteProtocolError), ("reset", httpx.ReadError)]
)
def test_the_connection_can_end_without_an_answer(
    stub: StubCaller, kind: str, failure: type[Exception]
) -> None:
    stub.script(kind)
    with pytest.raises(failure):
        stub.edit()
    assert ended_call(stub)["status"] is None
    assert stub.edit().status_code == 200


def test_one_answer_can_be_slow(stub: StubCaller) -> None:
    stub.script("slow", latency_s=0.3)
    assert stub.edit().status_code == 200
    [call] = stub.record()
    assert call["ended_s"] - call["started_s"] >= 0.3


def test_a_fault_can_come_late(stub: StubCaller) -> None:
    stub.script("server_error", latency_s=0.3)
    assert stub.edit().status_code == 500
    [call] = stub.record()
    assert call["ended_s"] - call["started_s"] >= 0.3


def test_a_fault_can_befall_one_task_by_its_prompt(stub: StubCaller) -> None:
    stub.script("moderation_blocked", times=None, match={"prompt_contains": "bikini"})
    statuses = [
        stub.edit(prompt=prompt).status_code for prompt in ("a coat", "a bikini", "a bikini", "a hat")
    ]
    assert statuses == [200, 400, 400, 200]


def test_faults_follow_each_other_in_their_order(stub: StubCaller) -> None:
    stub.script("rate_limit_exceeded", times=2)
    stub.script("server_error", match={"nth": 4})
    assert [stub.edit().status_code for _ in range(5)] == [429, 429, 200, 500, 200]


def test_a_call_that_fails_its_checks_uses_up_no_fault(stub: StubCaller) -> None:
    stub.script("server_error")
    assert [stub.edit(n="0").status_code, stub.edit().status_code] == [400, 500]


def test_a_malformed_script_is_refused_as_a_whole(stub: StubCaller) -> None:
    rules = [{"fault": {"kind": "server_error"}}, {"fault": {"kind": "explosion"}}]
    assert stub.http.post("/__script", json=rules).status_code == 422
    assert stub.edit().status_code == 200


def test_a_dropped_script_does_nothing_more(stub: StubCaller) -> None:
    stub.script("server_error", times=None)
    assert stub.edit().status_code == 500
    stub.http.delete("/__script")
    assert stub.edit().status_code == 200


def ended_call(stub: StubCaller) -> dict[str, object]:
    """Return the only call once the stub has noticed that it is over."""
    for _ in range(200):
        [call] = stub.record()
        if call["ended_s"] is not None:
            return call
        time.sleep(0.02)
    raise AssertionError("the call never ended")
