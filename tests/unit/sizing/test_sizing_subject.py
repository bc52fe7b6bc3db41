from dataclasses import replace

import numpy as np
import pytest
from unit.sizing.sizing_figures import block_figure

from wearon_sizing.measurement import NoFullBody
from wearon_sizing.measurement.bystander import choose_subject
from wearon_sizing.pose import Pose

SUBJECT = block_figure(150)


def smaller(share: float) -> Pose:
    return replace(SUBJECT, points=SUBJECT.points * np.float32(share))


def test_nobody_is_no_person() -> None:
    with pytest.raises(NoFullBody, match="no_person"):
        choose_subject([])


def test_who_is_alone_is_the_subject() -> None:
    assert choose_subject([SUBJECT]) is SUBJECT


@pytest.mark.parametrize("share", [1.0, 0.8, 0.6])
def test_two_of_about_one_size_are_several_people(share: float) -> None:
    for poses in ([SUBJECT, smaller(share)], [smaller(share), SUBJECT]):
        with pytest.raises(NoFullBody, match="several_people"):
            choose_subject(poses)


def test_the_larger_one_is_the_subject_whoever_is_found_first() -> None:
    small = smaller(0.5)
    assert choose_subject([SUBJECT, small]) is SUBJECT
    assert choose_subject([small, SUBJECT]) is SUBJECT


def test_who_is_hardly_seen_does_not_count() -> None:
    guess = replace(SUBJECT, points=SUBJECT.points * np.float32(0.9), visibility=np.full(33, 0.3, np.float32))
    assert choose_subject([SUBJECT, guess]) is SUBJECT
