"""The page that says who guards what names every step boundary, and only tests and findings that exist."""

import re
from pathlib import Path

import pytest

from wearon_devkit.books import ImbalanceKind, NoticeKind
from wearon_devkit.chaos.steps import STEPS, Step
from wearon_devkit.checkout import CHECKOUT

PAGE = (CHECKOUT / "docs" / "guarantees.md").read_text()
TESTS = "\n".join(path.read_text() for path in Path(CHECKOUT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_step_boundary_has_its_row(step: Step) -> None:
    assert f"| {step.service} | {step.name} | {step.need} |" in PAGE


def test_every_row_is_a_step_boundary() -> None:
    assert len(re.findall(r"^\| (?:consumer|generator) \| ", PAGE, re.MULTILINE)) == len(STEPS)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_every_test_that_is_named_exists(name: str) -> None:
    assert f"def {name}(" in TESTS


def test_every_finding_that_is_named_exists() -> None:
    last_column = re.findall(r"\| ((?:`\w+`(?:, )?)+) \|$", PAGE.split("## b2b refunds")[0], re.MULTILINE)
    named = {name for cell in last_column for name in re.findall(r"`(\w+)`", cell)}
    assert named
    assert named <= {*ImbalanceKind, *NoticeKind}
