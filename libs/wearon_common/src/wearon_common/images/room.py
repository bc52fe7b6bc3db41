from contextlib import AbstractAsyncContextManager

from wearon_common.images.host_limit import HostLimit

MAX_IMAGE_BYTES = 10 * 1024 * 1024

_MIB = 1024 * 1024


class ImageRoom:
    """The bytes that images' files may take in a process: all of them, those from one source, and one."""

    def __init__(
        self, total: int = 64 * _MIB, per_source: int = 40 * _MIB, per_image: int = MAX_IMAGE_BYTES
    ) -> None:
        self.per_image = per_image
        self._limit = HostLimit(total, per_source)

    def hold(self, source: str, image_bytes: int | None) -> AbstractAsyncContextManager[None]:
        """Wait until an image of so many bytes may be held, and hold it inside.

        `source` is its host, or what else it comes by. One of unknown length takes as much as it may have.
        """
        return self._limit.hold(source, self.per_image if image_bytes is None else image_bytes)
