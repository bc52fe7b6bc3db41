import re

import pytest

from wearon_sizing.http.request_context import accept_request_id


@pytest.mark.parametrize("given", ["req_1", "a b~!", "x" * 200])
def test_a_printable_id_is_taken_over(given: str) -> None:
    assert accept_request_id(given) == given


@pytest.mark.parametrize(
    "given", [None, "", "x" * 201, "a\nb", "a\tb", "a\x00", "ä", "a\x7f", "ok\n", "a@b.example"]
)
def test_any_other_id_is_replaced(given: str | None) -> None:
    assert re.fullmatch(r"req_[0-9a-f-]{36}", accept_request_id(given))
