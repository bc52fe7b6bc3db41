from contextlib import AbstractAsyncContextManager

from wearon_common.images.host_limit import HostLimit

MAX_IMAGE_BYTES = 10 * 1024 * 1024

_MIB = 1024 * 1024


class ImageRoom:
    """The bytes that the files of images may take in a process: all of them, those of one host, and one."""

    def __init__(
        self, total: int = 64 * _MIB, per_host: int = 40 * _MIB, per_image: int = MAX_IMAGE_BYTES
    ) -> None:
        self.per_image = per_image
        self._limit = HostLimit(total, per_host)

    def hold(self, host: str, image_bytes: int | None) -> AbstractAsyncContextManager[None]:
        """Wait until an image of so many bytes may be held, and hold it inside.

        One of unknown length takes as much as it may have.
        """
        return self._limit.hold(host, self.per_image if image_bytes is None else image_bytes)
