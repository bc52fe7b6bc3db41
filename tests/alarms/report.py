"""The times as a table that the documentation can take as it is."""

from collections.abc import Sequence

from alarms.measure import Measured


def as_markdown(results: Sequence[Measured]) -> str:
    """Return one row for each break; alarms without a reason are named."""
    head = ("| what breaks | alarm | after | others by then |", "|---|---|---|---|")
    return "\n".join([*head, *(_row(result) for result in results)])


def _row(result: Measured) -> str:
    after = "not in time" if result.after_s is None else f"{result.after_s:.0f} s"
    others = ", ".join(sorted(result.also)) or "none"
    without_reason = f"; before: {', '.join(sorted(result.before))}" if result.before else ""
    return f"| {result.breakage.what} | `{result.breakage.alert}` | {after} | {others}{without_reason} |"
