from pathlib import Path

import pytest

from wearon_devkit.checkout import POSE_MODEL
from wearon_sizing.pose_model import PoseModelUnavailable, read_pose_model


def test_the_installed_model_is_the_expected_one() -> None:
    assert len(read_pose_model(POSE_MODEL)) > 9_000_000


def test_a_missing_model_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(PoseModelUnavailable, match=r"absent\.task: No such file"):
        read_pose_model(tmp_path / "absent.task")


def test_another_model_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "pose.task"
    changed.write_bytes(POSE_MODEL.read_bytes()[:-1] + b"x")
    with pytest.raises(PoseModelUnavailable, match="sha256"):
        read_pose_model(changed)
