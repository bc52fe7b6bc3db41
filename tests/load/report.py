"""The table for people and the JSON for programs."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from load.row import Row

Results = Mapping[str, Sequence[Row]]  # by the benchmark's title
_GIB = 1024**3
_WIDTH = 140  # a table that wraps cannot be compared


def machine() -> dict[str, object]:
    """Describe where it was measured."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / _GIB),
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0],
    }


def show(results: Results, console: Console) -> None:
    """Print one table."""
    table = Table("", "measured", "reference", "ratio", "promised", "", box=None, pad_edge=False)
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for title, rows in results.items():
        table.add_row(f"[bold]{title}[/]")
        for row in rows:
            table.add_row(*_cells(row))
    Console(file=console.file, width=max(console.width, _WIDTH)).print(table)


def write_json(results: Results, file: Path) -> None:
    """Write everything down."""
    rows = [
        {
            "benchmark": title,
            **asdict(row),
            "ratio": row.ratio,
            "promise": str(row.promise or ""),
            "kept": row.kept,
        }
        for title, group in results.items()
        for row in group
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=2) + "\n")


def _cells(row: Row) -> list[str]:
    verdict = {None: "", True: "[green]kept[/]", False: "[red]missed[/]"}[row.kept]
    ratio = f"{row.ratio:.2f}x" if row.ratio is not None else ""
    return [
        f"  {row.what}",
        _figure(row.measured, row.unit),
        _figure(row.reference, row.unit),
        ratio,
        str(row.promise or ""),
        verdict,
    ]


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    decimals = max(0, 2 - len(str(int(abs(value)))) + 1) if value else 0
    return f"{value:,.{decimals}f} {unit}".strip()
