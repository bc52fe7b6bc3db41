from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.pose import Pose

RGB = NDArray[np.uint8]
Detect = Callable[[RGB], list[Pose]]
Result = TypeVar("Result")


class Look(Generic[Result]):
    """What a caller wants done with a picture, on its way to the landmarker that does it.

    The caller waits for `result`, and may cancel that until the work is begun.
    """

    def __init__(self, work: Callable[[Detect], Result]) -> None:
        self._work: Callable[[Detect], Result] | None = work
        self.result: Future[Result] = Future()

    def take(self, detect: Detect) -> None:
        """Do the work, unless it was cancelled; whatever it raises is the result."""
        work = self._work
        if work is None or not self.result.set_running_or_notify_cancel():
            return
        try:
            result = work(detect)
        except Exception as error:  # noqa: BLE001 - handed to the caller, whatever it is
            self.fail(error)
            del self  # else the error, which knows this frame, would keep itself and the picture alive
        else:
            with suppress(InvalidStateError):  # it was given up meanwhile
                self.result.set_result(result)

    def fail(self, error: Exception) -> None:
        """Give the caller an error, for want of a result; once there is either, nothing happens."""
        with suppress(InvalidStateError):
            self.result.set_exception(error)

    def forget(self) -> None:
        """Let go of the picture: nobody waits any more."""
        self._work = None
