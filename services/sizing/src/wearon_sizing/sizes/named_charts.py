import json
from importlib.resources import files

from wearon_sizing.sizes.chart import SizeChart

DEFAULT_CHART = "default"


def load_charts() -> dict[str, SizeChart]:
    """Read `charts.json`, which lies beside this module: charts by name, one of them `DEFAULT_CHART`."""
    charts = json.loads(files("wearon_sizing.sizes").joinpath("charts.json").read_bytes())
    return {name: _chart(chart["bands"]) for name, chart in charts.items()}


def _chart(bands: list[tuple[str, float | None]]) -> SizeChart:
    return SizeChart(
        sizes=tuple(size for size, _ in bands),
        limits_cm=tuple(up_to_cm for _, up_to_cm in bands if up_to_cm is not None),
    )
