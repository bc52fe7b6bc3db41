"""Makes sure of the two system libraries that MediaPipe links: EGL and OpenGL ES.

Usage: python -m scripts.get_system_libraries
"""

import ctypes
import os
import shutil
import subprocess
import sys

PACKAGES = {"libEGL.so.1": "libegl1", "libGLESv2.so.2": "libgles2"}
APT_GET_INSTALL = [
    "apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120",
]  # fmt: skip


def main() -> int:
    """Exit 0 when both libraries load, installing them when allowed to; else 1 with the command to type."""
    if sys.platform != "linux" or not (missing := _missing()):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write(
            f"set-up: installing {' and '.join(PACKAGES[name] for name in missing)} with apt-get\n"
        )
        _install([PACKAGES[name] for name in missing])
        missing = _missing()
    if missing:
        _explain(missing)
    return 1 if missing else 0


def _missing() -> list[str]:
    return [library for library in PACKAGES if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install(packages: list[str]) -> None:
    """Try with the package lists that are there, and once more with fresh ones."""
    if _apt_get([*APT_GET_INSTALL, *packages], silent=True):
        return
    if _apt_get(["apt-get", "update", "--quiet=2"]):
        _apt_get([*APT_GET_INSTALL, *packages])


def _apt_get(command: list[str], *, silent: bool = False) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run = subprocess.run(  # noqa: S603 - fixed words only
        command,
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if silent else None,
    )
    return run.returncode == 0


def _explain(missing: list[str]) -> None:
    packages = " ".join(PACKAGES[name] for name in missing)
    sys.stderr.write(
        f"set-up: MediaPipe needs {' and '.join(missing)}, which this machine does not have. As root, type:\n"
        f"  apt-get update && apt-get install --yes {packages}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
