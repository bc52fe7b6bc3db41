from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter

from wearon_common.channel import Channel
from wearon_common.metrics.series import at_zero
from wearon_common.sessions import Ending

_UNRECORDED = "unrecorded"


class Refunds:
    """What became of the charges of sessions that had to be ended as failed."""

    def __init__(self, registry: CollectorRegistry, causes: Iterable[str]) -> None:
        self._refunds = at_zero(
            Counter(
                "wearon_refunds_total",
                "Calls to end a session as failed and give its charge back.",
                ["channel", "cause", "result"],
                registry=registry,
            ),
            Channel,
            causes,
            (*Ending, _UNRECORDED),
        )

    def ended(self, channel: Channel, cause: str, ending: Ending) -> None:
        """Count an answer of the database."""
        self._refunds.labels(channel, cause, ending).inc()

    def unrecorded(self, channel: Channel, cause: str) -> None:
        """Count a call that the database did not answer, or refused: it is made again later."""
        self._refunds.labels(channel, cause, _UNRECORDED).inc()
