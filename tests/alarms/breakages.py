"""What is broken, and which alarm must follow."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from signal import Signals

from alarms.scene import Scene
from wearon_devkit.provider_control import ProviderControl
from wearon_devkit.supabase_faults import SupabaseFaults

_FOR_EVER = 1_000_000
# At 300 calls a minute the last of them waits for four minutes.
_BURST = 1_200
_SLOW_S = 60


@dataclass(frozen=True)
class Breakage:
    """One break of a backend that works, and the name of the alert that must fire."""

    name: str
    what: str
    alert: str
    act: Callable[[Scene], None]


def _provider(kind: str, scene: Scene, latency_s: float = 0) -> None:
    ProviderControl(scene.stack.environment).add_fault(kind, latency_s=latency_s)


def _refunds_fail(scene: Scene) -> None:
    scene.database.execute("drop function public.refund_credits(uuid, integer, text)")
    _provider("moderation_blocked", scene)


def _fill_the_queue(scene: Scene) -> None:
    for _ in range(_BURST):
        scene.submit()


def _supabase_fails(scene: Scene) -> None:
    SupabaseFaults(scene.stack.environment).add("unavailable", "/rest", times=_FOR_EVER)


def _push_nonsense(scene: Scene) -> None:
    scene.producer.push(b"not a task")


def _kill(name: str, scene: Scene) -> None:
    scene.send(Signals.SIGKILL, name)


def _stop(name: str, scene: Scene) -> None:
    scene.send(Signals.SIGTERM, name)


BREAKAGES = tuple(
    Breakage(*each)
    for each in (
        ("workers-killed", "every generator is killed", "NoGenerator", partial(_kill, "generator")),
        ("consumer-stopped", "the consumer is stopped", "NoConsumer", partial(_stop, "consumer")),
        ("sizing-killed", "sizing is killed", "NoSizing", partial(_kill, "sizing")),
        ("redis-stopped", "Redis is stopped", "RedisUnreachable", partial(_stop, "valkey")),
        ("queue-filled", "1,200 try-ons arrive at once", "ShoppersWait", _fill_the_queue),
        ("key-refused", "OpenAI answers 401", "ProviderRefusesKey", partial(_provider, "invalid_api_key")),
        ("provider-errors", "OpenAI answers 500", "ProviderDown", partial(_provider, "server_error")),
        (
            "quota-exhausted",
            "OpenAI says that the quota is used up",
            "ProviderQuotaExhausted",
            partial(_provider, "insufficient_quota"),
        ),
        ("refunds-fail", "the platform refuses refunds", "RefundsFail", _refunds_fail),
        ("model-gone", "OpenAI answers 404", "ProviderModelGone", partial(_provider, "model_not_found")),
        ("provider-hangs", "OpenAI never answers", "GenerationsStall", partial(_provider, "hang")),
        (
            "provider-slow",
            f"OpenAI takes {_SLOW_S} s",
            "GenerationsSlow",
            partial(_provider, "slow", latency_s=_SLOW_S),
        ),
        (
            "moderation-refuses",
            "OpenAI's moderation refuses everything",
            "ModerationSpike",
            partial(_provider, "moderation_blocked"),
        ),
        ("supabase-fails", "Supabase answers 503", "SupabaseFails", _supabase_fails),
        ("nonsense-pushed", "one task is not understood", "DeadLetters", _push_nonsense),
    )
)
