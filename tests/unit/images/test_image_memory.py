"""Decoding holds to its share of memory, whatever is decoded and however much at once."""

import subprocess
import sys
from pathlib import Path

import pytest
from hostile_images import encoded
from PIL import Image

from wearon_common.images import ImageReason, ImageRejected, decode_image
from wearon_common.images.memory import MOST_BYTES

# Prints by how many bytes the process grows while so many threads decode the file in one of the ways.
_MEASURE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from PIL import Image
from wearon_common.images import as_jpeg, encode_jpeg, shrink_to_jpeg
from wearon_sizing.decode import decode_picture

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024

picture, threads, way = Path(sys.argv[1]).read_bytes(), int(sys.argv[2]), eval(sys.argv[3])
way(encode_jpeg(Image.new("RGB", (640, 480))))
Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
before = peak()
with ThreadPoolExecutor(threads) as pool:
    list(pool.map(way, [picture] * threads))
print(peak() - before)
"""
_BESIDE = 40 * 1024 * 1024  # threads, what the allocator keeps, and what is just being freed
_SHRINK = "lambda data: shrink_to_jpeg(data, 1024)"


def growth(file: Path, threads: int, way: str = _SHRINK) -> int:
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", _MEASURE, str(file), str(threads), way],
        env={"MALLOC_ARENA_MAX": "2"},  # as in the generator's image
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return int(done.stdout)


@pytest.mark.parametrize(
    ("kind", "mode", "size", "options"),
    [
        ("WEBP", "RGBA", (3160, 3160), {"lossless": True}),
        ("WEBP", "RGB", (3540, 3540), {}),
        ("PNG", "LA", (4090, 4090), {"compress_level": 1}),
        ("PNG", "I;16", (5000, 5000), {"compress_level": 1}),
        ("JPEG", "RGB", (8160, 6120), {"progressive": True}),
        ("JPEG", "CMYK", (4750, 4750), {"progressive": True}),
    ],
)
def test_the_largest_that_is_taken_fits(
    tmp_path: Path, kind: str, mode: str, size: tuple[int, int], options: dict[str, object]
) -> None:
    file = tmp_path / "picture"
    file.write_bytes(encoded(Image.new(mode, size), kind, **options))
    assert growth(file, threads=1) <= MOST_BYTES + _BESIDE


@pytest.mark.parametrize("way", [_SHRINK, "as_jpeg", "decode_picture"])
@pytest.mark.parametrize(("kind", "side"), [("PNG", 5000), ("WEBP", 3540)])
def test_it_fits_in_whatever_way_it_is_decoded(tmp_path: Path, kind: str, side: int, way: str) -> None:
    file = tmp_path / "picture"
    file.write_bytes(encoded(Image.new("RGB", (side, side)), kind, compress_level=1))
    assert growth(file, threads=2, way=way) <= MOST_BYTES + _BESIDE


def test_several_at_once_take_no_more_than_one(tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(encoded(Image.new("RGBA", (3000, 3000)), "WEBP", lossless=True))
    assert growth(file, threads=4) <= MOST_BYTES + _BESIDE


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [("WEBP", "RGB", (5000, 5000)), ("PNG", "RGBA", (5000, 5000)), ("PNG", "1", (8000, 8000))],
)
def test_a_small_file_of_a_huge_picture_is_refused(kind: str, mode: str, size: tuple[int, int]) -> None:
    with pytest.raises(ImageRejected) as rejection:
        decode_image(encoded(Image.new(mode, size), kind), max_side_px=1024)
    assert rejection.value.reason is ImageReason.TOO_MANY_PIXELS
