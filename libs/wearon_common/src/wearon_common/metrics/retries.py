from collections.abc import Mapping

import stamina.instrumentation
from prometheus_client import CollectorRegistry, Counter
from stamina.instrumentation import RetryDetails

from wearon_common.metrics.series import at_zero

_OTHER = "other"


class Retries:
    """Calls that are made again in the same process, by the one whose failure is the reason."""

    def __init__(self, registry: CollectorRegistry, dependencies: Mapping[type[Exception], str]) -> None:
        """Tell by `dependencies` whose failure an error is; of several that fit, the first counts."""
        self._dependencies = dependencies
        self._retries = at_zero(
            Counter(
                "wearon_retries_total",
                "Calls repeated in the same process, by whose failure was the reason.",
                ["dependency"],
                registry=registry,
            ),
            (*dict.fromkeys(dependencies.values()), _OTHER),
        )

    def listen(self) -> None:
        """Count what stamina repeats from now on, beside whoever listens already."""
        stamina.instrumentation.set_on_retry_hooks(
            [*stamina.instrumentation.get_on_retry_hooks(), self._scheduled]
        )

    def repeated_after(self, error: Exception) -> None:
        """Count a call that is made again."""
        kinds = (name for kind, name in self._dependencies.items() if isinstance(error, kind))
        self._retries.labels(next(kinds, _OTHER)).inc()

    def _scheduled(self, details: RetryDetails) -> None:
        self.repeated_after(details.caused_by)
