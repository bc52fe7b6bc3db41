from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from wearon_sizing.fitting.accuracy import GroupAccuracy, accuracy_by_group
from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.cross_validation import FOLDS, predict_held_out, predict_unseen
from wearon_sizing.fitting.fit_pair import fit_pair
from wearon_sizing.fitting.reliability import draw_reliability, measure_reliability
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.measurement.variant import Target
from wearon_sizing.sizes import DEFAULT_CHART, load_charts


def report(bodies: Bodies, survey: Survey, pictures: Path | None, console: Console) -> None:
    """Print the cross-validated accuracy, with and without the weight, and how far confidences come true.

    With `pictures`, a folder, the reliability diagrams are drawn there.
    """
    chart = load_charts()[DEFAULT_CHART]
    for name in ("picture", "picture_and_weight"):
        with_weight = name == "picture_and_weight"
        unseen = predict_unseen(bodies, survey, with_weight=with_weight)
        title = f"{name}: {FOLDS}-fold by body, mean absolute error (mean error), cm"
        console.print(_table(title, accuracy_by_group(bodies, unseen.told, chart)))
        title = f"{name}: the same without shading, as in an unusual light"
        console.print(_table(title, accuracy_by_group(bodies, unseen.outline, chart)))
        kinds = [np.flatnonzero(bodies.clothes == kind) for kind in sorted(set(bodies.clothes.tolist()))]
        held_out = predict_held_out(bodies, survey, kinds, with_weight=with_weight)
        title = f"{name}: every kind of clothes predicted from the other kinds"
        console.print(_table(title, accuracy_by_group(bodies, held_out.told, chart)))
        pair = fit_pair(bodies, survey, np.arange(len(bodies.files)), with_weight=with_weight)
        reliability = measure_reliability(pair, bodies, unseen, chart)
        console.print(
            f"{name}: expected calibration error {reliability.calibration_error:.3f}; "
            f"the range holds the true size of {reliability.range_holds:.1%}; "
            f"{reliability.single_sizes:.1%} get a single size; "
            f"shading is believed by {unseen.trust.mean():.1%}\n"
        )
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            draw_reliability(reliability, pictures / f"reliability-{name.replace('_', '-')}.png")


def _table(title: str, rows: list[GroupAccuracy]) -> Table:
    names = [target.removesuffix("_cm") for target in Target]
    table = Table("group", "n", *names, "right", "within one", title=title, title_justify="left")
    for row in rows:
        errors = [f"{row.error_cm[target]:.2f} ({row.bias_cm[target]:+.1f})" for target in Target]
        table.add_row(
            row.group, str(row.people), *errors, f"{row.right_size:.1%}", f"{row.within_one_size:.1%}"
        )
    return table
