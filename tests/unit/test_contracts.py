"""What the producer's developers read says what the model does."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from wearon_common.task import GenerationTask, InvalidTaskError
from wearon_devkit.contracts.files import contract_files, drifted, write

CONTRACTS = Path(__file__).parents[2] / "contracts"
VECTORS: list[dict[str, Any]] = json.loads((CONTRACTS / "generation_task.vectors.json").read_text())
SCHEMA: dict[str, Any] = json.loads((CONTRACTS / "generation_task.schema.json").read_text())
# JSON Schema's "date-time" demands a time zone, and so does the model; only a full checker judges that.
JUDGED_BY_FORMAT = {"created_at without a zone", "created_at is no time"}


def verdict(task: object) -> dict[str, Any]:
    try:
        GenerationTask.parse(json.dumps(task))
    except InvalidTaskError as error:
        return {"valid": False, "reason": str(error)}
    return {"valid": True}


def test_the_contracts_are_what_the_model_generates() -> None:
    assert drifted(CONTRACTS) == []


def test_a_contract_that_differs_or_is_missing_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    assert drifted(tmp_path) == []
    names = sorted(contract_files())
    (tmp_path / names[0]).write_text("something else")
    (tmp_path / names[1]).unlink()
    assert sorted(drifted(tmp_path)) == names[:2]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_model_judges_each_vector_as_it_says(vector: dict[str, Any]) -> None:
    assert verdict(vector["task"]) == {key: vector[key] for key in ("valid", "reason") if key in vector}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_schema_judges_each_vector_as_the_model_does(vector: dict[str, Any]) -> None:
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    if vector["name"] in JUDGED_BY_FORMAT:
        assert SCHEMA["properties"]["created_at"]["format"] == "date-time"
        return
    assert validator.is_valid(vector["task"]) is vector["valid"]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_both_verdicts_and_both_channels_have_vectors() -> None:
    assert {vector["valid"] for vector in VECTORS} == {True, False}
    valid = [vector["task"]["channel"] for vector in VECTORS if vector["valid"]]
    assert set(valid) == {"b2b", "b2c"}
