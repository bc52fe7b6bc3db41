from dataclasses import replace

import numpy as np
import pytest
from sizing_figures import BOTTOM_PX, STATURE_PX, TOP_PX, block_figure

from wearon_sizing.measurement import NoFullBody, Refusal
from wearon_sizing.measurement.outline import measure_outline
from wearon_sizing.measurement.silhouette import Silhouette, trace_silhouette
from wearon_sizing.pose import Joint, Pose

CM_PER_PX = 0.25
HEIGHT_CM = STATURE_PX * CM_PER_PX


def test_breadths_are_scaled_by_the_stature() -> None:
    outline = measure_outline(block_figure(160), HEIGHT_CM)
    assert outline.chest_breadth_cm == pytest.approx(160 * CM_PER_PX)
    assert outline.hip_breadth_cm == pytest.approx(160 * CM_PER_PX)
    assert outline.shoulder_joint_distance_cm == pytest.approx(160 * CM_PER_PX)


def test_the_waist_is_the_narrowest_part_of_the_trunk() -> None:
    outline = measure_outline(block_figure(160, waist_px=110), HEIGHT_CM)
    assert outline.waist_breadth_cm == pytest.approx(110 * CM_PER_PX)
    assert outline.chest_breadth_cm == pytest.approx(160 * CM_PER_PX)


def test_arms_beside_the_torso_do_not_count() -> None:
    with_arms = measure_outline(block_figure(160, arms_at_px=150), HEIGHT_CM)
    assert with_arms == measure_outline(block_figure(160, arms_at_px=None), HEIGHT_CM)


def test_arms_that_touch_the_torso_are_cut_off() -> None:
    outline = measure_outline(block_figure(200, arms_at_px=110), HEIGHT_CM)
    # From 95 to 125 px on either side: uncut, chest and arms would be 250 px.
    assert outline.waist_breadth_cm == pytest.approx(200 * CM_PER_PX, rel=0.06)
    assert outline.hip_breadth_cm == pytest.approx(200 * CM_PER_PX, rel=0.06)


def test_a_silhouette_is_the_largest_patch_of_the_mask() -> None:
    pose = block_figure(160)
    pose.mask[0:20, 0:20] = 1  # something else in the corner
    silhouette = trace_silhouette(pose.mask)
    assert (silhouette.top_px, silhouette.bottom_px) == (TOP_PX, BOTTOM_PX)
    assert not silhouette.inside[:20, :20].any()


@pytest.mark.parametrize(
    ("column", "run"),
    [(0, None), (2, (2, 5)), (4.9, (2, 5)), (5, None), (8, (7, 10)), (10, None), (-1, None)],
)
def test_a_run_is_the_unbroken_stretch_around_a_column(column: float, run: tuple[int, int] | None) -> None:
    row = np.array([[False, False, True, True, True, False, False, True, True, True]])
    assert Silhouette(row, top_px=0, bottom_px=1).run_around(column, 0) == run


def refusal_of(pose: Pose) -> Refusal:
    with pytest.raises(NoFullBody) as refusal:
        measure_outline(pose, HEIGHT_CM)
    return refusal.value.reason


def moved(pose: Pose, joint: Joint, y: float) -> Pose:
    points = pose.points.copy()
    points[joint, 1] = y
    return replace(pose, points=points)


def test_a_body_on_its_head_is_refused() -> None:
    pose = block_figure(160)
    upside_down = replace(pose, points=np.array([1, 1], np.float32) - pose.points, mask=pose.mask[::-1, ::-1])
    assert refusal_of(upside_down) is Refusal.UPSIDE_DOWN


def test_a_lying_body_is_refused() -> None:
    pose = block_figure(160)
    lying = replace(pose, points=pose.points[:, ::-1].copy(), mask=pose.mask.T)
    assert refusal_of(lying) is Refusal.LYING


def test_feet_below_the_picture_are_refused() -> None:
    assert refusal_of(moved(block_figure(160), Joint.LEFT_HEEL, 1.02)) is Refusal.FEET_OUTSIDE


def test_a_head_above_the_picture_is_refused() -> None:
    assert refusal_of(moved(block_figure(160), Joint.NOSE, -0.01)) is Refusal.HEAD_OUTSIDE


def test_a_head_that_the_upper_edge_cuts_is_refused() -> None:
    pose = block_figure(160)
    assert refusal_of(replace(pose, mask=np.roll(pose.mask, -TOP_PX, axis=0))) is Refusal.HEAD_OUTSIDE


@pytest.mark.parametrize("joint", [Joint.LEFT_SHOULDER, Joint.RIGHT_HIP, Joint.LEFT_KNEE, Joint.RIGHT_ANKLE])
def test_a_hidden_joint_is_refused(joint: Joint) -> None:
    pose = block_figure(160)
    pose.visibility[joint] = 0.2
    assert refusal_of(pose) is Refusal.BODY_HIDDEN


def test_a_joint_beside_the_picture_is_refused() -> None:
    pose = block_figure(160)
    pose.points[Joint.LEFT_SHOULDER, 0] = 1.1
    assert refusal_of(pose) is Refusal.BODY_HIDDEN


def test_a_tiny_person_is_refused() -> None:
    pose = block_figure(160)
    assert refusal_of(replace(pose, mask=pose.mask[::8, ::8])) is Refusal.TOO_SMALL


def test_an_empty_mask_is_refused() -> None:
    pose = block_figure(160)
    assert refusal_of(replace(pose, mask=np.zeros_like(pose.mask))) is Refusal.OUTLINE_UNCLEAR


def test_a_mask_without_a_torso_is_refused() -> None:
    pose = block_figure(160)
    pose.mask[:, 250:350] = 0
    assert refusal_of(pose) is Refusal.OUTLINE_UNCLEAR
