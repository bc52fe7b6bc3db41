from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from wearon_sizing.look import RGB, Look
from wearon_sizing.pose import Pose
from wearon_sizing.pose_landmarker import detect_poses, open_pose_landmarker
from wearon_sizing.sketch import sketch_person

Looks = SimpleQueue[Look[Any] | None]
"""Looks that wait for a landmarker, first come first served; whoever takes `None` ends."""


class PoseDetectionFailed(Exception):  # noqa: N818 - named by what happened
    """MediaPipe broke on this picture, or did not come back."""


class Landmarker:
    """A pose landmarker on a thread of its own, warm: it has seen a picture.

    It takes one look after the other until it is lost: MediaPipe raised something, or was busy with one
    picture for longer than `longest_s`. The thread is a daemon: a call that never returns keeps neither the
    caller nor the end of the process waiting.
    """

    def __init__(self, model: bytes, looks: Looks, longest_s: float) -> None:
        self._looks = looks
        self._longest_s = longest_s
        self._look: Look[Any] | None = None
        self._detects_since_s: float | None = None
        self._lost_by: str | None = None
        self._is_broken = False
        self._landmarker = open_pose_landmarker(model)
        # Destroying one whose graph has failed can block for ever, and its destructor calls `close`, whenever
        # that is: it is freed by its own thread or not at all.
        self._free, self._landmarker.close = self._landmarker.close, _leave_alone
        detect_poses(self._landmarker, sketch_person())
        self._thread = Thread(target=self._work, name="landmarker", daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether it has a picture."""
        return self._look is not None

    def lost_by(self) -> str | None:
        """Name the error that it was lost by, if it is; a picture that it is stuck with is given up."""
        look, since_s = self._look, self._detects_since_s
        if look and since_s is not None and monotonic() - since_s > self._longest_s:
            self._lost_by = TimeoutError.__name__
            look.fail(PoseDetectionFailed(self._lost_by))
        return self._lost_by

    def join(self, timeout_s: float) -> None:
        """Wait for its end; one that does not come back is left alone."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while self._lost_by is None and (look := self._looks.get()):
            self._look = look
            look.take(self._detect)
            del look
            self._look = None
        if not self._is_broken:
            self._free()

    def _detect(self, rgb: RGB) -> list[Pose]:
        self._detects_since_s = monotonic()
        try:
            return detect_poses(self._landmarker, rgb)
        except Exception as error:  # whatever it is, the graph behind it is broken
            self._is_broken = True
            self._lost_by = type(error).__name__
            raise PoseDetectionFailed(self._lost_by) from error
        finally:
            self._detects_since_s = None


def _leave_alone() -> None:
    """Stand in for `PoseLandmarker.close`."""
