import csv
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from wearon_sizing.cli.measured import Measured, Refused
from wearon_sizing.http.estimate_answer import Measurements, answer_of

_COLUMNS = (
    "photo", "recommended_size", "confidence", "lower", "upper", *Measurements.model_fields, "reason",
    "advice"
)  # fmt: skip


def as_json(result: Measured | Refused) -> dict[str, Any]:
    """Return the service's own answer, or the reason for none, with the photo's name."""
    if isinstance(result, Refused):
        return {"photo": str(result.photo), "reason": result.reason, "advice": result.advice}
    return {"photo": str(result.photo), **answer_of(result.estimate).model_dump()}


def print_result(result: Measured | Refused, console: Console) -> None:
    """Print a small table for people."""
    if isinstance(result, Refused):
        console.print(f"{result.photo.name}: [bold red]not measured[/] ({result.reason}). {result.advice}")
        return
    answer = answer_of(result.estimate)
    span = answer.size_range
    table = Table(title=result.photo.name, show_header=False)
    table.add_row("size", f"[bold]{answer.recommended_size}[/]")
    table.add_row("sure", f"{answer.confidence:.0%}")
    table.add_row("try", span.lower if span.lower == span.upper else f"{span.lower} to {span.upper}")
    for name, value in answer.measurements.model_dump().items():
        table.add_row(name.removesuffix("_cm"), f"{value:.1f} cm")
    table.add_row("shape", answer.body_type)
    console.print(table)


class ResultSheet:
    """A CSV file with one row a photo."""

    def __init__(self, file: TextIO) -> None:
        self._rows = csv.DictWriter(file, _COLUMNS, restval="")
        self._rows.writeheader()

    def add(self, result: Measured | Refused, folder: Path) -> None:
        """Write one photo's row; its name is relative to the folder."""
        name = str(result.photo.relative_to(folder))
        if isinstance(result, Refused):
            self._rows.writerow({"photo": name, "reason": result.reason, "advice": result.advice})
            return
        answer = answer_of(result.estimate)
        self._rows.writerow(
            {
                "photo": name,
                "recommended_size": answer.recommended_size,
                "confidence": answer.confidence,
                **answer.size_range.model_dump(),
                **answer.measurements.model_dump(),
            }
        )
