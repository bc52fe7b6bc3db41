from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

from PIL import Image, UnidentifiedImageError

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}  # what the platform accepts
MOST_BYTES = 10_000_000  # as the platform's bucket has it


class NotAPicture(Exception):  # noqa: N818 - it says what is wrong
    """The app would not accept the file; the message says why."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that somebody chose."""

    path: Path
    content_type: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Find out by its contents which type of picture it is. Raises `NotAPicture`."""
        try:
            with Image.open(path) as image:
                content_type = image.get_format_mimetype()
        except (UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise NotAPicture(f"{path} is not a picture") from error
        except OSError as error:
            raise NotAPicture(f"{path} cannot be read: {error.strerror}") from error
        if content_type not in EXTENSIONS:
            raise NotAPicture(f"{path} is neither JPEG nor PNG nor WebP")
        if path.stat().st_size > MOST_BYTES:
            raise NotAPicture(f"{path} has more than {MOST_BYTES // 1_000_000} MB")
        return cls(path, content_type)

    def storage_name(self) -> str:
        """Make up a name that storage takes, whatever the file is called."""
        return f"{uuid4()}.{EXTENSIONS[self.content_type]}"
