import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.inputs import ponderal_index

FloatVector = NDArray[np.float64]

# What the fit calls a measurement, and what the survey does; mm there. Its waist is at the navel.
_COLUMNS = {
    "height_cm": "stature",
    "chest_cm": "chestcircumference",
    "waist_cm": "waistcircumference",
    "hip_cm": "buttockcircumference",
    "shoulder_cm": "biacromialbreadth",
    "inseam_cm": "crotchheight",
    "waist_breadth_cm": "waistbreadth",
    "hip_breadth_cm": "hipbreadth",
}


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Real people without pictures: `truth` by the same names as the pictures' truth, one row a person."""

    truth: dict[str, FloatVector]
    ponderal: FloatVector
    is_female: NDArray[np.bool_]


def read_survey(folder: Path) -> Survey:
    """Read the public files of ANSUR II (US Army, 2012): 4,082 men and 1,986 women."""
    rows = [row for path in sorted(folder.glob("ANSUR_II_*_Public.csv")) for row in _rows_of(path)]
    truth = {name: np.array([float(row[column]) for row in rows]) / 10 for name, column in _COLUMNS.items()}
    weight_kg = np.array([float(row["weightkg"]) for row in rows]) / 10
    return Survey(
        truth=truth,
        ponderal=np.array(
            [ponderal_index(*pair) for pair in zip(weight_kg, truth["height_cm"], strict=True)]
        ),
        is_female=np.array([row["Gender"] == "Female" for row in rows]),
    )


def _rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="latin-1") as file:
        return list(csv.DictReader(file))
