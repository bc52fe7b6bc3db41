"""A service that is there again a moment after it died."""

import os
import signal
import sys
from collections.abc import Callable

from wearon_devkit.processes.leash import die_with

_HEARD = {signal.SIGCHLD, signal.SIGHUP, signal.SIGTERM}
_EXPECTED_ENDS = {0, -signal.SIGKILL}


def serve_again_and_again(serve: Callable[[], None]) -> int:
    """Run `serve` in a process of its own, and anew whenever that was killed or has stopped.

    A fork costs a tenth of what a new interpreter and all its imports would. SIGHUP stops the service, and it
    comes again; SIGTERM stops it for good. So does any other end of it, whose exit status is given.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    is_last = False
    child = _fork(serve)
    while True:
        heard = signal.sigwait(_HEARD)
        if heard != signal.SIGCHLD:
            is_last = is_last or heard == signal.SIGTERM
            os.kill(child, signal.SIGTERM)
            continue
        _, status = os.waitpid(child, 0)
        end = os.waitstatus_to_exitcode(status)
        if is_last or end not in _EXPECTED_ENDS:
            return end
        child = _fork(serve)


def _fork(serve: Callable[[], None]) -> int:
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        die_with(parent, signal.SIGKILL)
        serve()
        sys.exit()
    return child
