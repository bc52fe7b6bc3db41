"""Whatever supabase-py raises says afterwards whether to try again."""

import json

import httpx
import pytest
from postgrest import APIError
from storage3.exceptions import StorageApiError
from supabase import StorageException

from wearon_common.supabase_errors import (
    SupabaseRefusedError,
    SupabaseUnavailableError,
    translate_supabase_errors,
)

SECRET = "sb_secret_value"


def api_error(code: object) -> APIError:
    return APIError({"code": code, "message": SECRET, "details": SECRET, "hint": None})


def storage_error(status: int | str) -> StorageApiError:
    return StorageApiError(SECRET, "code", status)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("no"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("cut"),
        api_error("08006"),
        api_error("40001"),
        api_error("40P01"),
        api_error("53300"),
        api_error("57014"),
        api_error("PGRST000"),
        api_error("PGRST003"),
        api_error("503"),
        api_error(502),
        api_error("429"),
        api_error(None),
        storage_error(503),
        storage_error("500"),
        storage_error(429),
        StorageException("?"),
        json.JSONDecodeError("?", "", 0),
    ],
    ids=repr,
)
def test_what_may_pass_is_worth_another_try(error: Exception) -> None:
    with pytest.raises(SupabaseUnavailableError), translate_supabase_errors("call"):
        raise error


@pytest.mark.parametrize(
    "error",
    [
        api_error("23505"),
        api_error("42501"),
        api_error("22P02"),
        api_error("P0001"),
        api_error("PGRST202"),
        api_error("401"),
        storage_error("404"),
        storage_error("403"),
        storage_error(413),
        storage_error(400),
    ],
    ids=repr,
)
def test_what_is_wrong_stays_wrong(error: Exception) -> None:
    with pytest.raises(SupabaseRefusedError), translate_supabase_errors("call"):
        raise error


@pytest.mark.parametrize("error", [api_error("23505"), api_error("57014"), storage_error(413)], ids=repr)
def test_the_text_names_the_call_and_the_code_and_no_value(error: Exception) -> None:
    with (
        pytest.raises((SupabaseRefusedError, SupabaseUnavailableError)) as caught,
        translate_supabase_errors("upload"),
    ):
        raise error
    assert str(caught.value).startswith("upload: ")
    assert SECRET not in str(caught.value)


def test_our_own_mistakes_are_left_alone() -> None:
    with pytest.raises(KeyError), translate_supabase_errors("call"):
        raise KeyError
