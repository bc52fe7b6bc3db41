"""Whose rights a program runs with that refuses to be root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

# Linux's overflow id, which is `nobody` wherever that account has no entry.
NOBODY_ID = 65534


@dataclass(frozen=True)
class Account:
    """A user to become, and whether it must be able to pass folders that are closed to it."""

    uid: int
    gid: int
    passes_closed_folders: bool = False

    def give(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        os.chown(path, self.uid, self.gid)


def unprivileged_account(*needed: Path) -> Account | None:
    """Return who to become so as not to be root, or None where we are not root to begin with.

    The `needed` paths are what the account must reach. A checkout below `/root` (mode 700) is out of reach of
    everybody else, so there the account keeps the right to pass.
    """
    if os.geteuid() != 0:
        return None
    uid, gid = _nobody()
    return Account(uid, gid, passes_closed_folders=not all(map(_is_open_to_everybody, needed)))


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return NOBODY_ID, NOBODY_ID
    return entry.pw_uid, entry.pw_gid


def _is_open_to_everybody(path: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)
