"""The stand-in answers for functions as PostgREST does, byte for byte."""

import json
from collections.abc import Mapping

import pytest
from contract.both_servers import Answer, BothServers, Call

USER = "11111111-1111-4111-8111-111111111111"
ID = "00000000-0000-4000-8000-00000000000"

CALLS: dict[str, tuple[str, Mapping[str, object]]] = {
    "a scalar": ("add_numbers", {"a": 1, "b": 3}),
    "a default": ("add_numbers", {"a": 1}),
    "a null": ("add_numbers", {"a": None}),
    "nothing": ("do_nothing", {"p_message": "quiet"}),
    "a row": ("one_session", {"p_id": f"{ID}1"}),
    "a row that is not there": ("one_session", {"p_id": f"{ID}9"}),
    "a set of rows": ("all_sessions", {}),
    "a set of scalars": ("session_ids", {}),
    "a table": ("counted", {"p_count": 2}),
    "an empty table": ("counted", {"p_count": 0}),
    "two out parameters": ("two_results", {"p": 1}),
    "one out parameter": ("one_result", {"p": 1}),
    "a JSON object": ("echo_json", {"p": {"a": [1, None, "ö"]}}),
    "a JSON text": ("echo_json", {"p": "text"}),
    "a JSON null": ("echo_json", {"p": None}),
    "an array": ("echo_numbers", {"p": [1, 2]}),
    "a moment": ("a_moment", {}),
    "the role and its claims": ("who_am_i", {}),
    "a refund": ("refund_credits", {"p_user_id": USER, "p_amount": 1}),
    "a deduction": ("deduct_credits", {"p_user_id": USER, "p_amount": 1, "p_description": "try-on"}),
    "a raised exception": ("do_nothing", {"p_message": "boom"}),
    "an argument of the wrong type": ("add_numbers", {"a": "x"}),
}

NOT_FOUND: dict[str, tuple[str, Mapping[str, object]]] = {
    "a missing argument": ("add_numbers", {"b": 1}),
    "an unknown argument": ("add_numbers", {"a": 1, "c": 3}),
    "no argument where one is needed": ("add_numbers", {}),
    "an unknown function": ("nothing_like_this", {"z": 1, "a": 2}),
    "an unknown function without arguments": ("nothing_like_this", {}),
    "a call that shares some names": ("refund_credits", {"p_user_id": USER, "p_total": 1}),
}

# Not 40001 and 40P01: PostgREST 12 repeats such a transaction by itself, without end if it fails each time.
SQLSTATES = [
    "P0001", "P0002", "22P02", "23503", "23505", "23514", "42501", "42883", "42P01", "42P17", "57014",
    "57P03", "55P03", "53300", "54001", "08006", "25006", "25000", "28000", "40000", "2D000",
    "0L000", "XX000", "PT402", "ABCDE",
]  # fmt: skip


def rpc(name: str, arguments: Mapping[str, object]) -> Call:
    return lambda c: c.supabase.rpc(name, dict(arguments)).execute()


@pytest.mark.parametrize(("name", "arguments"), CALLS.values(), ids=CALLS)
def test_a_call_is_answered_as_postgrest_answers_it(
    as_service: BothServers, name: str, arguments: Mapping[str, object]
) -> None:
    postgrest, stand_in = as_service.answers(rpc(name, arguments))
    assert stand_in == postgrest


@pytest.mark.parametrize(("name", "arguments"), NOT_FOUND.values(), ids=NOT_FOUND)
def test_a_call_that_fits_no_function_fails_as_in_postgrest(
    as_service: BothServers, name: str, arguments: Mapping[str, object]
) -> None:
    postgrest, stand_in = as_service.answers(rpc(name, arguments))
    assert (stand_in.status, stand_in.headers) == (404, postgrest.headers)
    assert postgrest.status == 404
    assert without_hint(stand_in) == without_hint(postgrest)


def without_hint(answer: Answer) -> dict[str, object]:
    """Return an error without its hint, which PostgREST finds by a fuzzy search over all names."""
    error: dict[str, object] = json.loads(answer.body)
    return {**error, "hint": None}


@pytest.mark.parametrize("sqlstate", SQLSTATES)
def test_a_failure_has_the_status_that_postgrest_gives_it(as_service: BothServers, sqlstate: str) -> None:
    postgrest, stand_in = as_service.answers(rpc("fail_with", {"p_sqlstate": sqlstate}))
    assert stand_in == postgrest


@pytest.mark.parametrize("name", ["one_session", "all_sessions"])
def test_a_single_object_is_demanded_of_a_function_as_postgrest_demands_it(
    as_service: BothServers, name: str
) -> None:
    arguments = {"p_id": f"{ID}1"} if name == "one_session" else {}
    postgrest, stand_in = as_service.answers(lambda c: c.supabase.rpc(name, arguments).single().execute())
    assert stand_in == postgrest


def test_a_call_without_a_body_has_no_arguments_in_both(as_service: BothServers) -> None:
    postgrest, stand_in = as_service.answers(lambda c: c.http.post("/rest/v1/rpc/session_ids"))
    assert stand_in == postgrest
    assert postgrest.status == 200


def test_anon_may_not_execute_what_was_revoked_in_both(as_anon: BothServers) -> None:
    postgrest, stand_in = as_anon.answers(rpc("for_the_service_alone", {}))
    assert stand_in == postgrest
    assert postgrest.status == 401


def test_anon_may_execute_what_everybody_may_in_both(as_anon: BothServers) -> None:
    postgrest, stand_in = as_anon.answers(rpc("who_am_i", {}))
    assert stand_in == postgrest
    assert postgrest.status == 200
