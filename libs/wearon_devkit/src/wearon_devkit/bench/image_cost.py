"""What one input image costs, against the straightforward way on the same photograph and machine.

    PYTHONPATH=tests python tests/load/image_cost.py

Prints CPU milliseconds, their ratio and the likeness; exit status 1 when a promise is missed.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from phone_photo import phone_photo
from PIL import Image, ImageOps
from structural_similarity import similarity

from wearon_common.images import shrink_to_jpeg

LONGEST_SIDE_PX = 1024
LEAST_RATIO, LEAST_SIMILARITY = 3.0, 0.98


@dataclass(frozen=True)
class ImageCost:
    """CPU time for one photograph, from file to shrunk file, and how alike both results look (SSIM)."""

    photo_bytes: int
    straightforward_ms: float
    ours_ms: float
    similarity: float

    @property
    def ratio(self) -> float:
        """How many times cheaper ours is."""
        return self.straightforward_ms / self.ours_ms

    @property
    def keeps_promises(self) -> bool:
        """Whether it is cheap enough, and looks the same."""
        return self.ratio >= LEAST_RATIO and self.similarity >= LEAST_SIMILARITY


def measure_image_cost(photo: bytes, rounds: int = 7) -> ImageCost:
    """Shrink a photograph both ways in turns, so that what else the machine does weighs on both: medians.

    Each timed run follows one of its own kind, as in a service: an allocator used to other sizes costs time.
    """
    straightforward_ms, ours_ms = [], []
    for _ in range(rounds):
        straightforward_ms.append(_cpu_ms(lambda: shrink_straightforwardly(photo)))
        ours_ms.append(_cpu_ms(lambda: shrink_to_jpeg(photo, LONGEST_SIDE_PX)))
    pictures = [shrink_straightforwardly(photo), shrink_to_jpeg(photo, LONGEST_SIDE_PX)]
    return ImageCost(
        len(photo),
        statistics.median(straightforward_ms),
        statistics.median(ours_ms),
        similarity(*(Image.open(BytesIO(picture)) for picture in pictures)),
    )


def shrink_straightforwardly(photo: bytes) -> bytes:
    """Decode all of it, turn it upright, shrink it by LANCZOS, encode it: as the libraries' guides say."""
    picture = Image.open(BytesIO(photo))
    picture.load()
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    scale = LONGEST_SIDE_PX / max(upright.size)
    size = (round(upright.width * scale), round(upright.height * scale))
    file = BytesIO()
    upright.resize(size, Image.Resampling.LANCZOS).save(file, "JPEG", quality=90)
    return file.getvalue()


def _cpu_ms(work: Callable[[], object]) -> float:
    work()
    started = time.thread_time()
    work()
    return (time.thread_time() - started) * 1000


def main() -> None:
    """Measure one photograph."""
    cost = measure_image_cost(phone_photo())
    sys.stdout.write(
        f"{cost.photo_bytes / 1e6:.1f} MB photograph: straightforward {cost.straightforward_ms:.0f} ms, "
        f"ours {cost.ours_ms:.0f} ms: {cost.ratio:.1f} x cheaper (promised {LEAST_RATIO:g}), "
        f"SSIM {cost.similarity:.3f} (promised {LEAST_SIMILARITY:g})\n"
    )
    sys.exit(0 if cost.keeps_promises else 1)


if __name__ == "__main__":
    main()
