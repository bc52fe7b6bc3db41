"""What a client may write as its request id, and what of it is shown."""

import pytest

from wearon_common.request_id import traceable


@pytest.mark.parametrize("request_id", ["req_5b0f", "order 17/b: #9", "x", "!" * 128])
def test_an_id_that_is_fit_to_be_shown_stays_as_it_is(request_id: str) -> None:
    assert traceable(request_id) == request_id


@pytest.mark.parametrize(
    "request_id",
    [
        "",
        " ",
        "x" * 129,
        "x" * 10_000_000,
        " padded",
        "two\nlines",
        "naïve",
        "\x00",
        "\ud800",
        "jane.doe@example.com",
        "sk-proj-abcdefghijkl",
        "https://x.example/?token=T1",
    ],
)
def test_any_other_is_shown_as_its_digest(request_id: str) -> None:
    shown = traceable(request_id)
    assert shown.startswith("sha256:")
    assert len(shown) == len("sha256:") + 32
    assert shown.isascii()


def test_a_digest_is_one_that_anybody_can_compute() -> None:
    # printf %s 'naïve' | sha256sum
    assert traceable("naïve") == "sha256:f86fd89de87a848a45bfe77708d91a5d"


def test_what_is_shown_stays_as_it_is_when_it_is_shown_again() -> None:
    assert traceable(traceable("jane.doe@example.com")) == traceable("jane.doe@example.com")
