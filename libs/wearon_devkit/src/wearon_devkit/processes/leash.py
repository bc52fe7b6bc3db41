"""Start a program that does not outlive its parent: `leash.py PARENT_PID SIGNAL ACCOUNT COMMAND…`.

A program of its own rather than a `preexec_fn`, which is not safe beside threads. ACCOUNT is `same`,
`UID:GID`, or `UID:GID:reach` for an account that may enter every folder although it is not root. Linux only;
elsewhere the parent's sudden death goes unnoticed. Sources: prctl(2), capset(2), capabilities(7).
"""

import ctypes
import os
import struct
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
# Containers grant root this one, not CAP_DAC_READ_SEARCH, which would be enough.
CAP_DAC_OVERRIDE = 1


def main(parent_pid: str, parting_signal: str, account: str, *command: str) -> None:
    """Become `account`, tie this process to its parent, and become `command`."""
    _become(account)
    die_with(int(parent_pid), int(parting_signal))
    os.execv(command[0], command)  # noqa: S606 - the caller names the program; there is no shell


def _become(account: str) -> None:
    if account == "same":
        return
    uid, gid, *reach = account.split(":")
    if reach:
        _system_call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(int(gid))
    os.setuid(int(uid))
    if reach:
        _keep_only(CAP_DAC_OVERRIDE)


def _keep_only(capability: int) -> None:
    """Keep one capability across `setuid` and `exec`: permitted, effective, inheritable, and so ambient."""
    mask = 1 << capability
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    _system_call("capset", header, struct.pack("6I", mask, mask, mask, 0, 0, 0))
    _system_call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def die_with(parent_pid: int, parting_signal: int) -> None:
    """Let this process get a signal as soon as its parent ends."""
    # A change of user clears the setting, so this comes last.
    if not sys.platform.startswith("linux"):
        return
    _system_call("prctl", PR_SET_PDEATHSIG, parting_signal, 0, 0, 0)
    if os.getppid() != parent_pid:
        raise SystemExit("leash: the parent has gone already")


def _system_call(name: str, *arguments: int | bytes) -> None:
    words = [ctypes.c_ulong(value) if isinstance(value, int) else value for value in arguments]
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*words) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
