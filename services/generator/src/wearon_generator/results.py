"""From a finished image to a URL that the shopper's app can show."""

import asyncio
from concurrent.futures import Executor

import stamina

from wearon_common.images import ImageRejected, as_jpeg
from wearon_common.storage import ResultStorage
from wearon_common.supabase_errors import SupabaseError, SupabaseUnavailableError
from wearon_common.task import GenerationTask
from wearon_generator.failures import ProviderOutcomeUnknown, ResultNotStored


class Results:
    """Stores finished images as JPEG, whatever the provider sent, where the channel keeps them."""

    def __init__(self, storage: ResultStorage, cpu: Executor) -> None:
        self._storage = storage
        self._cpu = cpu

    async def check(self, image: bytes) -> bytes:
        """Give the image as JPEG.

        Raises `ProviderOutcomeUnknown` when it is no image: the call was probably billed.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._cpu, as_jpeg, image)
        except ImageRejected as error:
            raise ProviderOutcomeUnknown(f"the answer is no image: {error.reason}") from None

    async def store(self, task: GenerationTask, jpeg: bytes) -> str:
        """Upload and sign.

        Raises `ResultNotStored`.
        """
        path = task.channel.traits.result_path_for(task.owner_id, task.session_id)
        try:
            await self._upload(path, jpeg)
            return await self._sign(path)
        except SupabaseError as error:
            raise ResultNotStored(str(error)) from error

    @stamina.retry(on=SupabaseUnavailableError, attempts=None, timeout=20, wait_initial=0.5)
    async def _upload(self, path: str, jpeg: bytes) -> None:
        await self._storage.upload(path, jpeg)

    @stamina.retry(on=SupabaseUnavailableError, attempts=None, timeout=20, wait_initial=0.5)
    async def _sign(self, path: str) -> str:
        return await self._storage.sign(path)
