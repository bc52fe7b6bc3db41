"""The short form of `make alarms`: two backends at the same time, two minutes and a half."""

from pathlib import Path

from alarms.breakages import BREAKAGES
from alarms.measure import LONGEST_S, measure

_CALM_S = 60.0
_CHOSEN = ("consumer-stopped", "key-refused")


def test_an_alarm_comes_within_five_minutes_of_the_break_and_none_before_it(tmp_path: Path) -> None:
    chosen = [breakage for breakage in BREAKAGES if breakage.name in _CHOSEN]
    results = measure(chosen, tmp_path, report=lambda _line: None, calm_s=_CALM_S)
    assert [result.before for result in results] == [set()] * len(_CHOSEN)
    for result in results:
        assert result.after_s is not None, f"{result.breakage.alert}: no alarm"
        assert result.after_s < LONGEST_S
