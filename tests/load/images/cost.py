"""What one input image costs, against the straightforward way on the same photograph."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from load.benchmark import Bench, Benchmark
from load.images.photos import phone_photo
from load.images.similarity import similarity
from load.row import Promise, Row
from wearon_common.images import shrink_to_jpeg

LONGEST_SIDE_PX = 1024


def measure(bench: Bench) -> Iterator[Row]:
    """Shrink one photo of 12 megapixels."""
    bench.tell("shrinking a photo")
    cost = measure_image_cost(phone_photo(seed=bench.seed), rounds=21 if bench.full else 7)
    reference_ms, limit = cost.straightforward_ms, Promise("≤", round(1 / 3, 2), of_ratio=True)
    yield Row("CPU for one photo, beside Pillow's usual way", cost.ours_ms, "ms", reference_ms, limit)
    yield Row("  how alike they look (SSIM)", cost.similarity, "", promise=Promise("≥", 0.98))


IMAGES = Benchmark("images", "Images: 12 megapixels to 1024 px", measure)


@dataclass(frozen=True)
class ImageCost:
    """CPU time for one photograph, from file to shrunk file, and how alike both results look (SSIM)."""

    photo_bytes: int
    straightforward_ms: float
    ours_ms: float
    similarity: float


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
