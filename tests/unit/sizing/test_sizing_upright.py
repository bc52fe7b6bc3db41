"""A photo that was held askew gives what it would have given upright."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from unit.sizing.sizing_figures import RGB, block_figure, block_picture

from wearon_sizing.measurement import NoFullBody, Person, Refusal, load_shape_model, measure_body, view_body
from wearon_sizing.measurement.upright import turn_picture
from wearon_sizing.pose import Pose

PERSON, MODEL = Person(170), load_shape_model()
MARGIN_PX = 400


def held_askew(degrees: float) -> tuple[Pose, RGB]:
    """Return the block figure in a larger picture, its feet to the right by so many degrees."""
    pose = block_figure(160)
    margins = MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX
    mask = cv2.copyMakeBorder(pose.mask, *margins, cv2.BORDER_CONSTANT)
    picture = cv2.copyMakeBorder(block_picture(), *margins, cv2.BORDER_REFLECT)
    height_px, width_px = mask.shape
    turn = cv2.getRotationMatrix2D((width_px / 2, height_px / 2), degrees, 1)
    mask, picture = (cv2.warpAffine(image, turn, (width_px, height_px)) for image in (mask, picture))
    points_px = (pose.points_px + MARGIN_PX) @ turn[:, :2].T + turn[:, 2]
    points = (points_px / (width_px, height_px)).astype(np.float32)
    return replace(pose, points=points, mask=np.asarray(mask, np.float32)), np.asarray(picture, np.uint8)


@pytest.mark.parametrize("degrees", [-40, -15, -3, 3, 8, 20, 40])
def test_it_is_measured_as_if_it_had_been_held_straight(degrees: float) -> None:
    view, straight = view_body(*held_askew(degrees)), view_body(*held_askew(0))
    assert view.lean_deg == pytest.approx(degrees, abs=0.1)
    body, expected = (measure_body(each, PERSON, MODEL) for each in (view, straight))
    assert body.waist_cm == pytest.approx(expected.waist_cm, rel=0.03)
    assert body.inseam_cm == pytest.approx(expected.inseam_cm, rel=0.03)


def test_it_is_less_sure() -> None:
    spreads = [
        measure_body(view_body(*held_askew(degrees)), PERSON, MODEL).chest_spread for degrees in (0, 20, 40)
    ]
    assert spreads == sorted(spreads)


def test_hardly_askew_is_left_as_it_is() -> None:
    assert view_body(*held_askew(1.5)).lean_deg == 0


def test_beyond_half_a_right_angle_nobody_stands() -> None:
    with pytest.raises(NoFullBody) as refusal:
        view_body(*held_askew(50))
    assert refusal.value.reason is Refusal.LYING


def test_a_head_that_the_picture_cuts_off_stays_cut_off() -> None:
    pose, picture = held_askew(20)
    top_px = int(np.flatnonzero((pose.mask > 0.5).any(axis=1))[0]) + 10
    height_px = len(picture)
    points = pose.points * (1, height_px) - (0, top_px)
    points = (points / (1, height_px - top_px)).astype(np.float32)
    with pytest.raises(NoFullBody) as refusal:
        view_body(replace(pose, points=points, mask=pose.mask[top_px:]), picture[top_px:])
    assert refusal.value.reason is Refusal.HEAD_OUTSIDE


def test_a_picture_that_is_turned_keeps_all_that_it_shows() -> None:
    picture = np.full((60, 40, 3), 200, np.uint8)
    picture[0, 0] = picture[-1, -1] = 0
    turned = turn_picture(picture, 30)
    assert turned.shape[0] > 60
    assert turned.shape[1] > 40
    assert (turned[..., 0] < 150).sum() >= 2
