"""Picture files that were damaged on their way: whatever is done to them follows from the given random."""

import struct
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from random import Random

from PIL import ExifTags, Image

Mutate = Callable[[bytes, Random], bytes]

KINDS = ("JPEG", "PNG", "WEBP")
_PNG_SIGNATURE_BYTES, _PNG_AROUND_CHUNK_BYTES = 8, 12
_RIFF_HEADER_BYTES, _RIFF_CHUNK_HEADER_BYTES = 12, 8
_JPEG_START_OF_SCAN = 0xDA


def picture_file(picture: Image.Image, kind: str) -> bytes:
    """Return the picture as a file of several chunks, metadata among them."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 1
    file = BytesIO()
    picture.save(file, kind, exif=exif, quality=90)
    return file.getvalue()


def flip_bits(file: bytes, random: Random) -> bytes:
    """Flip up to 20 bits; half of the times all of them near the start, where the headers are."""
    damaged = bytearray(file)
    reach = len(file) if random.random() < 0.5 else min(len(file), 300)
    for _ in range(random.randint(1, 20)):
        damaged[random.randrange(reach)] ^= 1 << random.randrange(8)
    return bytes(damaged)


def truncate(file: bytes, random: Random) -> bytes:
    """Keep the start only; half of the times so little that the headers are cut."""
    return file[: random.randrange(len(file) if random.random() < 0.5 else 300)]


def swap_chunks(file: bytes, random: Random) -> bytes:
    """Put two of the file's chunks in each other's place."""
    chunks = chunks_of(file)
    one, other = random.sample(range(1, len(chunks)), 2)
    chunks[one], chunks[other] = chunks[other], chunks[one]
    return b"".join(chunks)


def drop_or_repeat_chunk(file: bytes, random: Random) -> bytes:
    """Leave a chunk out, or put it in up to four times more."""
    chunks = chunks_of(file)
    place = random.randrange(len(chunks))
    chunks[place] *= random.choice((0, 2, 5))
    return b"".join(chunks)


def splice(file: bytes, random: Random) -> bytes:
    """Move a stretch of the file to another place, over what was there."""
    damaged, length = bytearray(file), random.randint(1, 2000)
    source, target = random.randrange(len(file)), random.randrange(len(file))
    damaged[target : target + length] = file[source : source + length]
    return bytes(damaged)


MUTATIONS: tuple[Mutate, ...] = (flip_bits, truncate, swap_chunks, drop_or_repeat_chunk, splice)


def chunks_of(file: bytes) -> list[bytes]:
    """Split a JPEG, PNG or WebP file into its signature and its chunks."""
    starts = _STARTS[file[:4]](file)
    return [file[start:end] for start, end in pairwise([0, *starts, len(file)])]


def _png_starts(file: bytes) -> list[int]:
    starts, at = [], _PNG_SIGNATURE_BYTES
    while at < len(file):
        starts.append(at)
        at += struct.unpack_from(">I", file, at)[0] + _PNG_AROUND_CHUNK_BYTES
    return starts


def _webp_starts(file: bytes) -> list[int]:
    starts, at = [], _RIFF_HEADER_BYTES
    while at < len(file):
        starts.append(at)
        size = struct.unpack_from("<I", file, at + 4)[0]
        at += _RIFF_CHUNK_HEADER_BYTES + size + size % 2
    return starts


def _jpeg_starts(file: bytes) -> list[int]:
    starts, at = [2], 2  # after the two bytes of the start marker
    while file[at + 1] != _JPEG_START_OF_SCAN:
        at += 2 + struct.unpack_from(">H", file, at + 2)[0]
        starts.append(at)
    return starts


_STARTS: dict[bytes, Callable[[bytes], list[int]]] = {
    b"\x89PNG": _png_starts,
    b"RIFF": _webp_starts,
    b"\xff\xd8\xff\xe0": _jpeg_starts,
    b"\xff\xd8\xff\xe1": _jpeg_starts,
}
