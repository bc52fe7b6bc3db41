"""Images from strangers: fetched without reaching inside, decoded without being bombed."""

from wearon_common.images.decode import decode_image
from wearon_common.images.encode import as_jpeg, encode_jpeg, shrink_to_jpeg
from wearon_common.images.errors import (
    ImageError,
    ImageReason,
    ImageRejected,
    ImageUnavailable,
    ImageUrlRefused,
)
from wearon_common.images.fetch import FETCH_TIMEOUT, ImageFetcher
from wearon_common.images.on_thread import on_thread
from wearon_common.images.resolve import Resolver
from wearon_common.images.room import MAX_IMAGE_BYTES, ImageRoom

__all__ = [
    "FETCH_TIMEOUT",
    "MAX_IMAGE_BYTES",
    "ImageError",
    "ImageFetcher",
    "ImageReason",
    "ImageRejected",
    "ImageRoom",
    "ImageUnavailable",
    "ImageUrlRefused",
    "Resolver",
    "as_jpeg",
    "decode_image",
    "encode_jpeg",
    "on_thread",
    "shrink_to_jpeg",
]
