"""Puts uv at a given path: a link to the one on PATH when it is new enough, else from the package index.

Usage: python -m scripts.get_uv VERSION TARGET
"""

import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from scripts.download import DownloadError, fetch
from scripts.pypi import Wheel, find_wheel


def main(version: str, target: Path) -> int:
    """Exit 0 with an executable uv of at least `version` at `target`, else 1 with the reason on stderr."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    if found := _on_path(version):
        target.symlink_to(found)
        return 0
    try:
        _install(version, target)
    except DownloadError as error:
        sys.stderr.write(f"set-up: uv {version} is needed and not there: {error}\n")
        return 1
    return 0


def _on_path(wanted: str) -> Path | None:
    """Find a uv that is a program of its own: a version manager's shim may answer differently tomorrow."""
    found = shutil.which("uv")
    if found is None or _is_script(Path(found)):
        return None
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - the user's own uv
    version = re.match(r"uv (\d+\.\d+\.\d+)", answer.stdout)
    return Path(found) if version and _ordered(version[1]) >= _ordered(wanted) else None


def _is_script(program: Path) -> bool:
    with program.open("rb") as file:
        return file.read(2) == b"#!"


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _install(version: str, target: Path) -> None:
    sys.stderr.write(f"set-up: downloading uv {version}\n")
    wheel = find_wheel("uv", version, _fits)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        archive = Path(folder, wheel.filename)
        fetch(wheel.url, wheel.sha256, archive)
        with zipfile.ZipFile(archive) as files:
            program = Path(files.extract(f"uv-{version}.data/scripts/uv", folder))
        program.chmod(0o755)
        program.replace(target)


def _fits(wheel: Wheel) -> bool:
    """Whether a wheel is for this machine's processor, system and C library (PEP 513, 600, 656)."""
    machine = platform.machine()
    return any(tag.endswith(f"_{machine}") and _system_fits(tag) for tag in wheel.platforms)


def _system_fits(tag: str) -> bool:
    if sys.platform == "darwin":
        return tag.startswith("macosx_")
    libc, libc_version = platform.libc_ver()
    if libc != "glibc":
        return tag.startswith("musllinux_")
    needed = re.match(r"manylinux_(\d+)_(\d+)_", tag)
    return needed is not None and (int(needed[1]), int(needed[2])) <= _ordered(libc_version)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
