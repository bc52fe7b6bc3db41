"""The parts that estimates use, with their work counted."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta

from wearon_common.images import ImageFetcher
from wearon_sizing.estimator import Estimate, Estimator
from wearon_sizing.http.metrics import SizingMetrics
from wearon_sizing.http.patience import entered_within
from wearon_sizing.measurement import Person
from wearon_sizing.sizes import SizeChart
from wearon_sizing.stopwatch import Stopwatch


class MeteredFetcher:
    """Fetches pictures as `ImageFetcher` does, but raises `NoRoom` when that takes longer than `patience`."""

    def __init__(self, fetcher: ImageFetcher, patience: timedelta, metrics: SizingMetrics) -> None:
        self._fetcher = fetcher
        self._patience = patience
        self._metrics = metrics

    @asynccontextmanager
    async def fetched(self, url: str) -> AsyncIterator[bytes]:
        """See `ImageFetcher`; a fetch that fails counts as long as it took."""
        stopwatch = Stopwatch(self._metrics.took)
        async with AsyncExitStack() as held:
            try:
                fetched = entered_within(self._patience, self._fetcher.fetched(url))
                picture = await held.enter_async_context(fetched)
            finally:
                stopwatch.lap("download")
            yield picture


class MeteredEstimator:
    """Estimates as `Estimator` does."""

    def __init__(self, estimator: Estimator, metrics: SizingMetrics) -> None:
        self._estimator = estimator
        self._metrics = metrics

    @property
    def is_overloaded(self) -> bool:
        """Whether another picture would be refused."""
        return self._estimator.is_overloaded

    async def estimate(
        self, picture: AbstractAsyncContextManager[bytes], person: Person, chart: SizeChart
    ) -> Estimate:
        """See `Estimator`."""
        estimate = await self._estimator.estimate(picture, person, chart)
        self._metrics.recommended(estimate)
        return estimate
