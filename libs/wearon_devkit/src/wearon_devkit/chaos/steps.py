"""Every step boundary of the services: where a crash could come between two effects."""

from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """When, relative to a call, the process dies."""

    BEFORE = "before"
    DURING = "during"  # its request is written, its answer is not read: the outcome is unknown
    AFTER = "after"


class Need(StrEnum):
    """What must happen to a task so that it comes to a step."""

    NOTHING = "nothing"
    FAILS = "fails"  # the provider refuses it
    THROTTLED = "throttled"  # the provider slows it down, once
    MALFORMED = "malformed"  # the entry does not fit the contract, though it names its session
    LOST = "lost"  # the entry never reaches Redis
    ORPHANED = "orphaned"  # the process has died that held it
    ORPHANED_AGAIN = "orphaned for the third time"
    STOPPED = "held at a stop"  # the process that holds it is told to stop
    STOPPED_WAITING = "throttled, held at a stop"  # the same, while its retry waits
    SLOW = "slow"  # its lease must be renewed
    TAKEN_BACK = "taken back"  # the producer fails and refunds it while it is being made


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
_QUEUE = "wearon_consumer.fair_queue:FairQueue"
_SESSIONS = "wearon_common.sessions:Sessions"
_INBOX = "wearon_consumer.inbox:Inbox"
_DISPATCHER = "wearon_consumer.dispatcher:Dispatcher"
_LETTERS = "wearon_consumer.dead_letters:DeadLetters"
_SWEEPER = "wearon_consumer.sweeper:Sweeper"
_RECOVERY = "wearon_consumer.recovery:Recovery"
_HEARTBEAT = "wearon_consumer.heartbeat:Heartbeat"
_STORAGE = "wearon_common.storage:ResultStorage"
_OPENAI = "wearon_generator.openai.client:OpenAIImages"
_LIMITER = "wearon_generator.rate_limiter:RateLimiter"
_UNACKED = "kombu.transport.redis:QoS"

STEPS = (
    Step("after the move", _C, f"{_INBOX}.take_one", _A),
    Step("after validation", _C, f"{_QUEUE}.admit", _B),
    Step("while getting in line", _C, f"{_QUEUE}.admit", _D),
    Step("after getting in line", _C, f"{_QUEUE}.admit", _A),
    Step("before refunding a malformed task", _C, f"{_SESSIONS}.fail_and_refund_unheld", _B, Need.MALFORMED),
    Step("while refunding a malformed task", _C, f"{_SESSIONS}.fail_and_refund_unheld", _D, Need.MALFORMED),
    Step("after refunding a malformed task", _C, f"{_SESSIONS}.fail_and_refund_unheld", _A, Need.MALFORMED),
    Step("after burying it", _C, f"{_LETTERS}.bury", _A, Need.MALFORMED),
    Step("before taking over its entry", _C, f"{_RECOVERY}._take_one", _B, Need.ORPHANED),
    Step("while taking it over", _C, f"{_RECOVERY}._take_one", _D, Need.ORPHANED),
    Step("after taking it over", _C, f"{_RECOVERY}._take_one", _A, Need.ORPHANED),
    Step("before forgetting the dead consumer", _C, f"{_RECOVERY}._forget", _B, Need.ORPHANED),
    Step("while forgetting it", _C, f"{_RECOVERY}._forget", _D, Need.ORPHANED),
    Step("after forgetting it", _C, f"{_RECOVERY}._forget", _A, Need.ORPHANED),
    Step("after taking over what is to be buried", _C, f"{_DISPATCHER}.bury", _B, Need.ORPHANED_AGAIN),
    Step("while refunding it", _C, f"{_SESSIONS}.fail_and_refund_unheld", _D, Need.ORPHANED_AGAIN),
    Step("after refunding it, before burying it", _C, f"{_LETTERS}.bury", _B, Need.ORPHANED_AGAIN),
    Step("while burying it for good", _C, f"{_LETTERS}.bury", _D, Need.ORPHANED_AGAIN),
    Step("after burying it for good", _C, f"{_LETTERS}.bury", _A, Need.ORPHANED_AGAIN),
    Step("before giving back", _C, f"{_INBOX}.give_back", _B, Need.STOPPED),
    Step("while giving back", _C, f"{_INBOX}.give_back", _D, Need.STOPPED),
    Step("after giving back, before its heartbeat goes", _C, f"{_INBOX}.give_back", _A, Need.STOPPED),
    Step("while its heartbeat goes", _C, f"{_HEARTBEAT}.stop", _D, Need.STOPPED),
    Step("after its heartbeat has gone", _C, f"{_HEARTBEAT}.stop", _A, Need.STOPPED),
    Step("before sweeping a lost session", _C, f"{_SWEEPER}._end", _B, Need.LOST),
    Step("while sweeping it", _C, f"{_SWEEPER}._end", _D, Need.LOST),
    Step("after sweeping it", _C, f"{_SWEEPER}._end", _A, Need.LOST),
    Step("before the claim", _G, f"{_SESSIONS}.claim", _B),
    Step("while claiming", _G, f"{_SESSIONS}.claim", _D),
    Step("after the claim", _G, f"{_SESSIONS}.claim", _A),
    Step("after the first download", _G, "wearon_common.images:ImageFetcher._download", _A),
    Step("after the second download", _G, "wearon_common.images:ImageFetcher._download", _A, call=2),
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
    Step("before renewing the lease", _G, f"{_SESSIONS}.renew", _B, Need.SLOW),
    Step("while renewing it", _G, f"{_SESSIONS}.renew", _D, Need.SLOW),
    Step("after renewing it", _G, f"{_SESSIONS}.renew", _A, Need.SLOW),
    Step("after the lease is refused", _G, f"{_SESSIONS}.renew", _A, Need.TAKEN_BACK),
    Step("before delivering it again", _G, f"{_UNACKED}.restore_by_tag", _B, Need.ORPHANED),
    Step("after delivering it again", _G, f"{_UNACKED}.restore_by_tag", _A, Need.ORPHANED),
    Step("before the acknowledgement, stopping", _G, "wearon_generator.worker:_handle", _A, Need.STOPPED),
    Step("before giving back a retry", _G, f"{_UNACKED}.restore_by_tag", _B, Need.STOPPED_WAITING),
    Step("after giving back a retry", _G, f"{_UNACKED}.restore_by_tag", _A, Need.STOPPED_WAITING),
    Step("before fail_and_refund", _G, f"{_SESSIONS}.fail_and_refund", _B, Need.FAILS),
    Step("inside fail_and_refund", _G, f"{_SESSIONS}.fail_and_refund", _D, Need.FAILS),
    Step("after fail_and_refund", _G, f"{_SESSIONS}.fail_and_refund", _A, Need.FAILS),
    Step("before pausing all replicas", _G, f"{_LIMITER}.pause", _B, Need.THROTTLED),
    Step("before requeue", _G, f"{_SESSIONS}.requeue", _B, Need.THROTTLED),
    Step("inside requeue", _G, f"{_SESSIONS}.requeue", _D, Need.THROTTLED),
    Step("after requeue, before the retry", _G, f"{_SESSIONS}.requeue", _A, Need.THROTTLED),
    Step("after the retry was published", _G, "celery.app.task:Task.retry", _A, Need.THROTTLED),
)
