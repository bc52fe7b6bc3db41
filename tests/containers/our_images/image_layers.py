"""What an image adds to its base, layer by layer: a later layer hides a file and does not remove it."""

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from containers.engine import docker
from containers.images import BASE_IMAGE


@dataclass(frozen=True)
class LayerFile:
    """A file in a layer; its path has no leading slash."""

    path: str
    content: bytes


def files_beyond_base(image: str, folder: Path) -> Iterator[LayerFile]:
    """Save the image in `folder` and give every file of the layers that its base does not have."""
    archive = folder / "image.tar"
    docker("save", "--output", str(archive), image)
    with tarfile.open(archive) as saved:
        layers = json.load(_opened(saved, "manifest.json"))[0]["Layers"]
        for layer in layers[len(layers_of(BASE_IMAGE)) :]:
            with tarfile.open(fileobj=_opened(saved, layer)) as files:
                yield from _files_in(files)
    archive.unlink()


def layers_of(image: str) -> list[str]:
    """Give the digests of an image's layers, the lowest first."""
    layers: list[str] = inspect_image(image)["RootFS"]["Layers"]
    return layers


def inspect_image(image: str) -> dict[str, Any]:
    """Say all that the engine knows of an image."""
    found: dict[str, Any] = json.loads(docker("image", "inspect", image))[0]
    return found


def size_beyond_base_mb(image: str) -> float:
    """Give the uncompressed size of what an image adds to its base, in millions of bytes."""
    size: float = (inspect_image(image)["Size"] - inspect_image(BASE_IMAGE)["Size"]) / 1e6
    return size


def _files_in(layer: tarfile.TarFile) -> Iterator[LayerFile]:
    for member in layer:
        if member.isfile():
            yield LayerFile(member.name.lstrip("./"), _opened(layer, member).read())


def _opened(archive: tarfile.TarFile, member: str | tarfile.TarInfo) -> Any:  # noqa: ANN401 - a binary file
    content = archive.extractfile(member)
    assert content is not None
    return content
