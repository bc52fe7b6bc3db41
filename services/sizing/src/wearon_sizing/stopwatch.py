from collections.abc import Callable
from time import perf_counter

Observe = Callable[[str, float], None]
"""Is told a stage and how many seconds it took."""


class Stopwatch:
    """Measures the stages of one piece of work, which follow each other, on whatever thread."""

    def __init__(self, observe: Observe) -> None:
        self._observe = observe
        self._since_s = perf_counter()

    def lap(self, stage: str) -> None:
        """End a stage; the next one begins."""
        now_s = perf_counter()
        self._observe(stage, now_s - self._since_s)
        self._since_s = now_s


def unobserved(_stage: str, _seconds: float) -> None:
    """Be told for nothing."""
