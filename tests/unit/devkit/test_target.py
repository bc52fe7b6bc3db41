"""Which server `wearon-dev audit` and `wearon-dev dead-letters` work on."""

from dataclasses import replace
from pathlib import Path

import pytest

from wearon_devkit.commands.target import Target, TargetUnknown
from wearon_devkit.environment import Environment

LOCAL = "redis://127.0.0.1:20001/0"
PRODUCTION = "rediss://:Secret9@production:6379/0"
RUN = Environment(LOCAL, *("x",) * 9)


@pytest.fixture
def usual(tmp_path: Path) -> Path:
    return folder_of(RUN, tmp_path / "usual")


def folder_of(run: Environment, directory: Path) -> Path:
    directory.mkdir()
    (directory / "env").write_text(run.as_lines())
    return directory


def find(usual_directory: Path, directory: Path | None = None, *, from_environment: bool = False) -> Target:
    return Target.find(
        "REDIS_URL", directory, from_environment=from_environment, usual_directory=usual_directory
    )


def test_the_local_run_is_found_when_the_environment_names_nothing(
    usual: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert find(usual) == Target(LOCAL, f"{usual}/env")


def test_the_environment_is_found_when_nothing_runs_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", PRODUCTION)
    assert find(tmp_path) == Target(PRODUCTION, "the environment")


def test_a_local_run_and_an_environment_that_differ_are_refused_with_both_and_the_ways_to_choose(
    usual: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", PRODUCTION)
    with pytest.raises(TargetUnknown) as refusal:
        find(usual)
    for said in (f"{usual}/env", "the environment", "REDIS_URL", f"--dir {usual}", "--from-environment"):
        assert said in str(refusal.value)
    assert "Secret9" not in str(refusal.value)


def test_an_environment_that_names_the_local_run_is_no_contradiction(
    usual: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", LOCAL)
    assert find(usual).url == LOCAL


def test_a_choice_is_followed_whatever_else_is_there(
    usual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = folder_of(replace(RUN, redis_url="redis://other"), tmp_path / "other")
    monkeypatch.setenv("REDIS_URL", PRODUCTION)
    assert find(usual, other).url == "redis://other"
    assert find(usual, usual).url == LOCAL
    assert find(usual, from_environment=True).url == PRODUCTION


def test_a_chosen_folder_without_a_run_is_not_replaced_by_the_environment(
    usual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", PRODUCTION)
    with pytest.raises(TargetUnknown, match=r"nothing runs in .*/elsewhere"):
        find(usual, tmp_path / "elsewhere")


def test_a_chosen_environment_without_the_variable_is_not_replaced_by_the_run(
    usual: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    with pytest.raises(TargetUnknown, match="REDIS_URL is not set"):
        find(usual, from_environment=True)


def test_nothing_anywhere_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    with pytest.raises(TargetUnknown, match=r"nothing runs in .*, and REDIS_URL is not set"):
        find(tmp_path)


def test_two_choices_are_one_too_many(usual: Path) -> None:
    with pytest.raises(TargetUnknown, match="exclude each other"):
        find(usual, usual, from_environment=True)


def test_an_environment_file_that_no_run_wrote_is_refused(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("PORT=1\n")
    with pytest.raises(TargetUnknown, match="is not what a run of this release writes"):
        find(tmp_path, tmp_path)
