"""How a try-on ends when OpenAI refuses, breaks or hangs: all of them side by side, then one look at each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from served_shop import ServedShop
from shop import CREDITS, Outcome

from wearon_common.channel import Channel
from wearon_devkit.openai_local.faults import FaultKind
from wearon_devkit.producer import TryOn

ONCE, ALWAYS = 1, None

BUSY = "Image generation is very busy right now. You were not charged. Please try again in a few minutes."
UNAVAILABLE = "Image generation is unavailable at the moment. You were not charged. Please try again later."
OUR_SIDE = "Something went wrong on our side. You were not charged. Please try again."
BLOCKED = (
    "Your image was flagged by the safety filter. "
    "Please use different images that comply with content guidelines."
)


def completed(calls: int) -> Outcome:
    return Outcome("completed", None, CREDITS - 1, refunds=0, provider_calls=calls)


def failed(message: str, calls: int) -> Outcome:
    return Outcome("failed", message, CREDITS, refunds=1, provider_calls=calls)


@dataclass(frozen=True)
class Case:
    """A fault that befalls the first `times` calls, and how the try-on must end."""

    kind: FaultKind
    times: int | None
    ending: Outcome
    options: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.kind}-{'once' if self.times else 'always'}"


# Nothing was done: the call is repeated, three times by default.
SERVED_LATER = [
    case
    for kind in (
        FaultKind.OVERLOADED,
        FaultKind.SERVER_ERROR,
        FaultKind.BAD_GATEWAY,
        FaultKind.REQUEST_TIMEOUT,
        FaultKind.CONFLICT,
    )
    for case in (Case(kind, ONCE, completed(2)), Case(kind, ALWAYS, failed(BUSY, 4)))
]
# All replicas are too fast: back to the queue, once.
THROTTLED = [
    case
    for kind, options in (
        (FaultKind.RATE_LIMIT_EXCEEDED, {"retry_after_s": 1.0}),
        (FaultKind.SLOW_DOWN, {}),
    )
    for case in (
        Case(kind, ONCE, completed(2), options),
        Case(kind, ALWAYS, failed(BUSY, 2), options),
    )
]
# Perhaps the image was made and billed: once more, and no more.
OUTCOME_UNKNOWN = [
    case
    for kind in (
        FaultKind.NOT_JSON,
        FaultKind.NO_DATA,
        FaultKind.TRUNCATED,
        FaultKind.DRIP,
        FaultKind.HANG,
        FaultKind.DISCONNECT,
        FaultKind.RESET,
    )
    for case in (Case(kind, ONCE, completed(2)), Case(kind, ALWAYS, failed(OUR_SIDE, 2)))
]
# Asking again would change nothing.
FINAL = [
    *(
        Case(kind, ONCE, failed(UNAVAILABLE, 1))
        for kind in (
            FaultKind.INSUFFICIENT_QUOTA,
            FaultKind.CREDIT_BALANCE_EXHAUSTED,
            FaultKind.PROJECT_SPEND_LIMIT_EXCEEDED,
            FaultKind.ORGANIZATION_SPEND_LIMIT_EXCEEDED,
            FaultKind.INVALID_API_KEY,
            FaultKind.FORBIDDEN,
            FaultKind.MODEL_NOT_FOUND,
        )
    ),
    Case(FaultKind.MODERATION_BLOCKED, ONCE, failed(BLOCKED, 1)),
    Case(FaultKind.INVALID_REQUEST, ONCE, failed(OUR_SIDE, 1)),
    Case(FaultKind.NOT_AN_IMAGE, ONCE, failed(OUR_SIDE, 1)),
]
CASES = [*SERVED_LATER, *THROTTLED, *OUTCOME_UNKNOWN, *FINAL]


@pytest.fixture(scope="module")
def try_ons(served: ServedShop) -> Mapping[Case, TryOn]:
    """A try-on for each case, all of them asked for at once."""
    shop = served.shop
    asked = {case: shop.try_on(channel) for case, channel in zip(CASES, _channels(), strict=False)}
    for case, try_on in asked.items():
        shop.script(try_on, case.kind, times=case.times, **case.options)
    for try_on in asked.values():
        shop.producer.submit(try_on)
    shop.wait_until_ended(*asked.values())
    return asked


def _channels() -> list[Channel]:
    return list(Channel) * len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_ends_as_its_kind_demands(
    case: Case, try_ons: Mapping[Case, TryOn], served: ServedShop
) -> None:
    assert served.shop.outcome(try_ons[case]) == case.ending


def test_every_kind_of_fault_has_a_case() -> None:
    assert {case.kind for case in CASES} == set(FaultKind) - {FaultKind.SLOW}


def test_what_only_a_person_can_mend_is_logged_as_an_error(
    try_ons: Mapping[Case, TryOn], served: ServedShop
) -> None:
    levels = {
        event["session_id"]: (event["reason"], event["level"])
        for event in served.generator.events("generation_failed")
    }
    of_kind = {case.kind: levels.get(str(try_on.session_id)) for case, try_on in try_ons.items()}
    assert of_kind[FaultKind.INSUFFICIENT_QUOTA] == ("provider_quota_exhausted", "error")
    assert of_kind[FaultKind.MODEL_NOT_FOUND] == ("provider_misconfigured", "error")
    assert of_kind[FaultKind.MODERATION_BLOCKED] == ("moderation_blocked", "warning")
