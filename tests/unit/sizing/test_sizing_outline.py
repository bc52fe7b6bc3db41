from dataclasses import replace

import cv2
import numpy as np
import pytest
from unit.sizing.sizing_figures import BOTTOM_PX, STATURE_PX, TOP_PX, block_figure, block_picture, turned

from wearon_sizing.measurement import NoFullBody, Refusal, view_body
from wearon_sizing.measurement.runs import PERSON, Runs
from wearon_sizing.measurement.silhouette import trace_silhouette
from wearon_sizing.pose import FloatArray, Joint, Pose


def runs_of(mask: FloatArray, columns: slice = slice(0, None)) -> Runs:
    rows, (begin, end, _) = slice(0, len(mask)), columns.indices(mask.shape[1])
    return Runs(mask, (mask > PERSON).view(np.uint8), (rows, slice(begin, end)))


def around(mask: FloatArray, column: float, row: float = 0) -> tuple[float, float] | None:
    left, right = runs_of(mask).around(np.array(column), np.array(row)).tolist()
    return None if np.isnan(left) else (left, right)


def trunk_px(pose: Pose, level: int) -> float:
    """Return the trunk's breadth at a level, in percent of the way from shoulders to hips."""
    return view_body(pose, block_picture()).shape.traits[f"trunk_{level:03d}"] * STATURE_PX


@pytest.mark.parametrize("level", [30, 60, 100])
def test_breadths_are_shares_of_the_stature(level: int) -> None:
    assert trunk_px(block_figure(160), level) == pytest.approx(160, rel=0.01)


def test_the_waist_shows_in_its_place() -> None:
    pose = block_figure(160, waist_px=110)
    assert trunk_px(pose, 70) == pytest.approx(110, rel=0.01)
    assert trunk_px(pose, 40) == pytest.approx(160, rel=0.01)


def test_arms_beside_the_torso_do_not_count() -> None:
    with_arms = trunk_px(block_figure(160, arms_at_px=150), 60)
    assert with_arms == trunk_px(block_figure(160, arms_at_px=None), 60)


def test_arms_that_touch_the_torso_are_cut_off() -> None:
    # From 95 to 125 px on either side: uncut, chest and arms would be 250 px.
    assert trunk_px(block_figure(200, arms_at_px=110), 60) == pytest.approx(200, rel=0.06)


def test_a_silhouette_is_the_largest_patch_of_the_mask() -> None:
    pose = block_figure(160)
    pose.mask[0:20, 0:20] = 1  # something else in the corner
    silhouette = trace_silhouette(pose.mask)
    assert (silhouette.top_px, silhouette.bottom_px) == pytest.approx((TOP_PX - 0.5, BOTTOM_PX - 0.5))
    assert not silhouette.mask[:20, :20].any()


@pytest.mark.parametrize(
    ("index", "run"),
    [(0, None), (2, (1.5, 4.5)), (4, (1.5, 4.5)), (5, None), (8, (6.5, 9.5)), (10, None), (-1, None)],
)
def test_a_run_is_the_unbroken_stretch_around_a_pixel(index: int, run: tuple[float, float] | None) -> None:
    row = np.array([[0, 0, 1, 1, 1, 0, 0, 1, 1, 1]], np.float32)
    assert around(row, index) == run


@pytest.mark.parametrize(
    ("row", "run"),
    [(-1, None), (0, (-0.5, 2.5)), (0.6, None), (1, None), (1.7, (-0.5, 0.5)), (2, (-0.5, 0.5)), (3, None)],
)
def test_runs_end_with_their_row(row: float, run: tuple[float, float] | None) -> None:
    mask = np.array([[1, 1, 1], [0, 1, 1], [1, 0, 1]], np.float32)
    assert around(mask, 0, row) == run


def test_points_are_looked_up_together() -> None:
    mask = np.array([[0, 1, 1, 0], [0, 0, 1, 1]], np.float32)
    ends = runs_of(mask).around(np.array([[1, 0], [3, 2]]), np.array([[0, 0], [1, 1]]))
    assert np.array_equal(ends, [[[0.5, np.nan], [1.5, 1.5]], [[2.5, np.nan], [3.5, 3.5]]], equal_nan=True)


def test_runs_lie_in_the_picture_wherever_their_box_is() -> None:
    mask = np.array([[0, 0, 0.2, 0.8, 0.7, 0.1]], np.float32)
    boxed, whole = (
        runs.around(np.array(3), np.array(0)) for runs in (runs_of(mask, slice(3, 5)), runs_of(mask))
    )
    assert np.array_equal(boxed, whole)


def test_the_outline_lies_between_pixels_where_the_odds_are_even() -> None:
    assert around(np.array([[0, 0.4, 0.9, 0.6, 0.1]], np.float32), 2) == pytest.approx((1.2, 3.2))


def refusal_of(pose: Pose) -> Refusal:
    with pytest.raises(NoFullBody) as refusal:
        view_body(pose, block_picture())
    return refusal.value.reason


def moved(pose: Pose, joint: Joint, y: float) -> Pose:
    points = pose.points.copy()
    points[joint, 1] = y
    return replace(pose, points=points)


def test_an_arm_that_the_picture_cuts_off_is_refused() -> None:
    pose = block_figure(160)
    points = pose.points.copy()
    points[Joint.LEFT_ELBOW, 0] = 1.01
    assert refusal_of(replace(pose, points=points)) is Refusal.BODY_CUT_OFF


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
    assert refusal_of(pose) is Refusal.BODY_CUT_OFF


@pytest.mark.parametrize(
    ("degrees", "reason"),
    [(36, Refusal.TURNED), (-50, Refusal.TURNED), (90, Refusal.TURNED), (180, Refusal.FROM_BEHIND)],
)
def test_a_person_who_does_not_face_the_camera_is_refused(degrees: float, reason: Refusal) -> None:
    assert refusal_of(turned(block_figure(160), degrees)) is reason


def test_a_slight_turn_is_measured() -> None:
    view_body(turned(block_figure(160), 34), block_picture())


def test_a_seated_person_is_refused() -> None:
    pose = moved(moved(block_figure(160), Joint.LEFT_KNEE, 440 / 800), Joint.RIGHT_KNEE, 440 / 800)
    assert refusal_of(pose) is Refusal.SEATED


def test_a_crouching_person_is_refused() -> None:
    pose = block_figure(160)
    pose.world_m[Joint.LEFT_ANKLE] = pose.world_m[Joint.LEFT_KNEE] + np.array([0, 0.05, 0.4])
    assert refusal_of(pose) is Refusal.CROUCHING


def test_a_dark_picture_is_refused() -> None:
    with pytest.raises(NoFullBody, match="too_dark"):
        view_body(block_figure(160), block_picture() // 16)


def test_a_blurred_picture_is_refused() -> None:
    with pytest.raises(NoFullBody, match="blurred"):
        view_body(block_figure(160), np.asarray(cv2.GaussianBlur(block_picture(), (0, 0), 8), np.uint8))


def test_every_refusal_says_what_to_do() -> None:
    assert all(refusal.advice.endswith(".") for refusal in Refusal)


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
