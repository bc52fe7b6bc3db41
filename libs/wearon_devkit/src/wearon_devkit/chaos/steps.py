"""Every step boundary of the services: where a crash could come between two effects."""

from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """When, relative to a call, the process dies."""

    BEFORE = "before"
    DURING = "during"  # a moment after it began: its outcome is unknown
    AFTER = "after"


class Need(StrEnum):
    """What must happen to a task so that it comes to a step."""

    NOTHING = "nothing"
    FAILS = "fails"  # the provider refuses it
    THROTTLED = "throttled"  # the provider slows it down, once
    MALFORMED = "malformed"  # the entry does not fit the contract, though it names its session
    LOST = "lost"  # the entry never reaches Redis


@dataclass(frozen=True)
class Step:
    """A boundary: the call `target` ("module:Class.method") of a service, and the moment."""

    name: str
    service: str
    target: str
    moment: Moment
    need: Need = Need.NOTHING
    call: int = 1  # the nth such call for the session


_B, _D, _A = Moment.BEFORE, Moment.DURING, Moment.AFTER
_C, _G = "consumer", "generator"
_SESSIONS = "wearon_common.sessions:Sessions"
_INBOX = "wearon_consumer.inbox:Inbox"
_LETTERS = "wearon_consumer.dead_letters:DeadLetters"
_SWEEPER = "wearon_consumer.sweeper:Sweeper"
_STORAGE = "wearon_common.storage:ResultStorage"
_OPENAI = "wearon_generator.openai.client:OpenAIImages"
_LIMITER = "wearon_generator.rate_limiter:RateLimiter"

STEPS = (
    Step("after the move", _C, f"{_INBOX}.take", _A),
    Step("after validation", _C, "wearon_consumer.publisher:Publisher.publish", _B),
    Step("while publishing", _C, "wearon_consumer.publisher:Publisher.publish", _D),
    Step("after publish, before LREM", _C, f"{_INBOX}.finish", _B),
    Step("after LREM", _C, f"{_INBOX}.finish", _A),
    Step("before refunding a malformed task", _C, f"{_SESSIONS}.fail_and_refund_unheld", _B, Need.MALFORMED),
    Step("while refunding a malformed task", _C, f"{_SESSIONS}.fail_and_refund_unheld", _D, Need.MALFORMED),
    Step("after refunding a malformed task", _C, f"{_SESSIONS}.fail_and_refund_unheld", _A, Need.MALFORMED),
    Step("after burying it", _C, f"{_LETTERS}.bury", _A, Need.MALFORMED),
    Step("before sweeping a lost session", _C, f"{_SWEEPER}._end", _B, Need.LOST),
    Step("while sweeping it", _C, f"{_SWEEPER}._end", _D, Need.LOST),
    Step("after sweeping it", _C, f"{_SWEEPER}._end", _A, Need.LOST),
    Step("before the claim", _G, f"{_SESSIONS}.claim", _B),
    Step("while claiming", _G, f"{_SESSIONS}.claim", _D),
    Step("after the claim", _G, f"{_SESSIONS}.claim", _A),
    Step("after the first download", _G, "wearon_common.images:ImageFetcher.fetch", _A),
    Step("after the second download", _G, "wearon_common.images:ImageFetcher.fetch", _A, call=2),
    Step("after the images are ready", _G, "wearon_generator.inputs:Inputs.prepare", _A),
    Step("while waiting for the rate limiter", _G, f"{_LIMITER}.acquire", _D),
    Step("after the rate limiter", _G, f"{_LIMITER}.acquire", _A),
    Step("during the provider call", _G, f"{_OPENAI}.edit", _D),
    Step("after the provider call", _G, f"{_OPENAI}.edit", _A),
    Step("while uploading", _G, f"{_STORAGE}.upload", _D),
    Step("after the upload", _G, f"{_STORAGE}.upload", _A),
    Step("after signing", _G, f"{_STORAGE}.sign", _A),
    Step("before complete", _G, f"{_SESSIONS}.complete", _B),
    Step("inside complete", _G, f"{_SESSIONS}.complete", _D),
    Step("after complete", _G, f"{_SESSIONS}.complete", _A),
    Step("before the acknowledgement", _G, "wearon_generator.worker:_handle", _A),
    Step("before fail_and_refund", _G, f"{_SESSIONS}.fail_and_refund", _B, Need.FAILS),
    Step("inside fail_and_refund", _G, f"{_SESSIONS}.fail_and_refund", _D, Need.FAILS),
    Step("after fail_and_refund", _G, f"{_SESSIONS}.fail_and_refund", _A, Need.FAILS),
    Step("before pausing all replicas", _G, f"{_LIMITER}.pause", _B, Need.THROTTLED),
    Step("before requeue", _G, f"{_SESSIONS}.requeue", _B, Need.THROTTLED),
    Step("inside requeue", _G, f"{_SESSIONS}.requeue", _D, Need.THROTTLED),
    Step("after requeue, before the retry", _G, f"{_SESSIONS}.requeue", _A, Need.THROTTLED),
    Step("after the retry was published", _G, "celery.app.task:Task.retry", _A, Need.THROTTLED),
)
