from wearon_common.metrics.task_ages import TaskAges
from wearon_generator.metrics.provider import ProviderMetrics
from wearon_generator.provider import EditRequest, GeneratedImage, ImageProvider


class MeteredProvider:
    """An `ImageProvider` that counts the calls of another one."""

    def __init__(self, provider: ImageProvider, metrics: ProviderMetrics, ages: TaskAges) -> None:
        self._provider = provider
        self._metrics = metrics
        self._ages = ages

    async def edit(self, request: EditRequest) -> GeneratedImage:
        """Make the image; see `ImageProvider`."""
        channel, _owner = request.flow
        self._ages.reached("called", channel, request.asked_at)
        with self._metrics.call():
            image = await self._provider.edit(request)
        self._metrics.billed(channel, image.usage)
        return image
