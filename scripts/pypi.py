"""Wheels of a Python package index, through its JSON API (PEP 691)."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from scripts.download import DownloadError, open_url

DEFAULT_INDEX = "https://pypi.org/simple"
JSON_API = "application/vnd.pypi.simple.v1+json"


@dataclass(frozen=True)
class Wheel:
    """One file of the index: its name, its address and the SHA-256 (hex) the index gives for it."""

    filename: str
    url: str
    sha256: str

    @property
    def platforms(self) -> list[str]:
        """The platform tags of the file name, such as `manylinux_2_17_x86_64`."""
        return self.filename.removesuffix(".whl").rsplit("-", 1)[-1].split(".")


def find_wheel(project: str, version: str, fits: Callable[[Wheel], bool] = lambda _: True) -> Wheel:
    """Return the first wheel of that version for which `fits` holds.

    Raises `DownloadError` when the index cannot be read or has no such wheel.
    """
    prefix = f"{project.replace('-', '_')}-{version}-"
    index = f"{index_url()}/{project}/"
    for wheel in _wheels(index):
        if wheel.filename.startswith(prefix) and fits(wheel):
            return wheel
    raise DownloadError(f"the package index has no wheel of {project} {version} for this machine")


def index_url() -> str:
    """Return the index that uv's or pip's own variables name, else PyPI; without a slash at its end."""
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), DEFAULT_INDEX)
    return chosen.rstrip("/")


def _wheels(index: str) -> list[Wheel]:
    with open_url(index, accept=JSON_API) as response:
        if response.headers.get_content_type() != JSON_API:
            raise DownloadError(f"{response.url} does not speak the JSON API of package indexes")
        files = json.load(response)["files"]
    return [
        Wheel(file["filename"], urljoin(index, file["url"]), file["hashes"]["sha256"])
        for file in files
        if file["filename"].endswith(".whl") and "sha256" in file["hashes"]
    ]
