"""Nothing private passes the last step before a log line."""

import pytest

from wearon_common.redaction import MASK, redact, redact_event

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET https://x.supabase.co/object/sign/a.jpg?token=SECRET failed", "SECRET"),
        ("https://x.co/a?width=3&token=SECRET&b=1", "SECRET"),
        ("https://x.co/a?b?token=SECRET", "SECRET"),
        ("redis://default:SECRET@redis.example.com:6379/0", "SECRET"),
        ("rediss://:SECRET@redis.example.com", "SECRET"),
        (f"apikey={JWT}", "c2lnbmF0dXJl"),
        (f"({JWT})", "eyJyb2xl"),
        ("Bearer SECRET", "SECRET"),
        ("authorization: bearer  SECRET,", "SECRET"),
        ("key sk-proj-SECRET12345 is wrong", "SECRET"),
        ("sb_secret_SECRET12345", "SECRET"),
        ("sb_publishable_SECRET12345", "SECRET"),
        ("mail to anna.secret+shop@mail.example.co.uk now", "anna.secret"),
        ("<Anna.Secret@example.com>", "Anna.Secret"),
    ],
)
def test_what_looks_private_in_a_text_is_masked(text: str, secret: str) -> None:
    redacted = str(redact(text))
    assert secret not in redacted
    assert MASK in redacted


@pytest.mark.parametrize(
    "text",
    [
        "generation_completed",
        "01a2014c-1dac-7eae-b784-d1afdf411841",
        "req_5b0f8a52-6a3e-4b3f-9b5f-3f6c9f8b1d11",
        "https://x.supabase.co/rest/v1/rpc/claim_generation",
        "Error 111 connecting to 127.0.0.1:6379.",
        "429 slow_down",
        "What happened? Nothing.",
        "a risk-averse disk_usage",
        "generator-12@host ready.",
    ],
)
def test_what_is_not_private_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("field", ["prompt", "Prompt", "shopper_email", "token", "api_key", "image_urls"])
def test_a_private_field_is_masked_whatever_it_holds(field: str) -> None:
    assert redact_event(None, "info", {field: "harmless", "event": "e"}) == {field: MASK, "event": "e"}


def test_depth_hides_nothing() -> None:
    event = {"event": "e", "task": {"images": [{"url": "https://x/a?token=SECRET"}], "prompt": "SECRET"}}
    assert "SECRET" not in str(redact_event(None, "info", event))


def test_plain_values_keep_their_types_and_others_become_text() -> None:
    event = {
        "event": "e",
        "count": 3,
        "share": 0.5,
        "none": None,
        "flag": True,
        "error": ValueError("a@b.cd"),
    }
    assert redact_event(None, "info", event) == {**event, "error": MASK}


@pytest.mark.parametrize(
    "piece", ["a", "?", "ey-", "eyJ-", "a.b-", "x@", "@a-", "://a:", "sk-", "bearer ", "=?"]
)
def test_a_long_text_takes_no_longer_than_its_length_deserves(piece: str) -> None:
    redact(piece * (2_000_000 // len(piece)))  # in quadratic time: hours
