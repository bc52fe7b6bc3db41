"""The files in `contracts/` and what must be in them."""

import json
from collections.abc import Mapping
from pathlib import Path

from wearon_devkit.contracts.schema import generation_task_schema
from wearon_devkit.contracts.typescript import generation_task_type
from wearon_devkit.contracts.vectors import generation_task_vectors


def contract_files() -> Mapping[str, str]:
    """Map each file's name to its text."""
    schema = generation_task_schema()
    return {
        "generation_task.schema.json": _as_json(schema),
        "generation_task.vectors.json": _as_json(generation_task_vectors()),
        "generation_task.ts": generation_task_type(schema),
    }


def drifted(directory: Path) -> list[str]:
    """Name the files that are missing or differ from the model."""
    return [name for name, text in contract_files().items() if _text_of(directory / name) != text]


def write(directory: Path) -> None:
    """Write them all."""
    directory.mkdir(exist_ok=True)
    for name, text in contract_files().items():
        (directory / name).write_text(text, encoding="utf-8")


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _as_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
