from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from wearon_common.images import ImageReason
from wearon_common.metrics.series import at_zero
from wearon_sizing.estimator import Estimate, Estimator
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.measurement import Refusal

DETECTION_FAILED = "detection_failed"

_STAGES = ("download", "wait", "decode", "infer", "measure")
_STAGE_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5)
_TENTHS = tuple(n / 10 for n in range(1, 11))
_PLACES = ("requests", "pictures", "room", "estimator")
_OTHER = "other"
_REFUSALS: dict[str, Iterable[str]] = {
    "image": ImageReason,
    "body": (*Refusal, DETECTION_FAILED),
    "request": ("invalid", "unknown_chart"),
}
_GAUGES = {
    "model_loaded": "1 when the pose model is there, else 0.",
    "landmarkers": "Pose landmarkers.",
    "landmarkers_busy": "Pose landmarkers in use.",
    "landmarkers_waiting": "Pictures that wait for a landmarker.",
    "pictures": "Pictures in hand: those that wait for a landmarker, and those that one has.",
    "pictures_limit": "The most pictures in hand before requests are turned away.",
}


class SizingMetrics:
    """What becomes of pictures, and what they wait for."""

    def __init__(self, registry: CollectorRegistry, sizes: Iterable[str]) -> None:
        """Count the recommendations of each of `sizes`, and all others as one."""
        self._known_sizes = frozenset(sizes)
        self._stage_seconds = at_zero(
            Histogram(
                "wearon_sizing_stage_seconds",
                "Seconds that a stage took.",
                ["stage"],
                buckets=_STAGE_BUCKETS_S,
                registry=registry,
            ),
            _STAGES,
        )
        self._refusals = Counter(
            "wearon_sizing_refusals_total",
            "Requests that were answered with 400 or 422.",
            ["kind", "reason"],
            registry=registry,
        )
        for kind, reasons in _REFUSALS.items():
            at_zero(self._refusals, [kind], reasons)
        self._shed = at_zero(
            Counter(
                "wearon_sizing_shed_total",
                "Requests that were turned away because there was too much to do.",
                ["where"],
                registry=registry,
            ),
            _PLACES,
        )
        self._sizes = at_zero(
            Counter("wearon_sizing_sizes_total", "Sizes recommended.", ["size"], registry=registry),
            (*sorted(self._known_sizes), _OTHER),
        )
        self._confidence = Histogram(
            "wearon_sizing_confidence_ratio",
            "Probability that a recommended size is right.",
            buckets=_TENTHS,
            registry=registry,
        )
        self._gauges = {
            name: Gauge(f"wearon_sizing_{name}", meaning, registry=registry)
            for name, meaning in _GAUGES.items()
        }

    def watch(self, landmarkers: LandmarkerPool, estimator: Estimator) -> None:
        """Show the state of these from now on, as it is when somebody asks."""
        self._gauges["model_loaded"].set(1)
        self._gauges["landmarkers"].set(landmarkers.size)
        self._gauges["landmarkers_busy"].set_function(lambda: landmarkers.busy)
        self._gauges["landmarkers_waiting"].set_function(lambda: landmarkers.waiting)
        self._gauges["pictures"].set_function(lambda: estimator.pictures)
        self._gauges["pictures_limit"].set(estimator.most_pictures)

    def took(self, stage: str, seconds: float) -> None:
        """Note how long a stage took."""
        self._stage_seconds.labels(stage).observe(seconds)

    def refused(self, kind: str, reason: str) -> None:
        """Count a request that was refused."""
        self._refusals.labels(kind, reason).inc()

    def shed(self, where: str) -> None:
        """Count a request that was turned away."""
        self._shed.labels(where).inc()

    def recommended(self, estimate: Estimate) -> None:
        """Count a recommendation."""
        size = estimate.advice.size
        self._sizes.labels(size if size in self._known_sizes else _OTHER).inc()
        self._confidence.observe(estimate.advice.confidence)
