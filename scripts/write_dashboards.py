"""Writes `infra/monitoring/grafana/dashboards/*.json` from `scripts/dashboards/`.

`python -m scripts.write_dashboards`. Grafana reads the files as they are.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from scripts.dashboards.everything import DASHBOARDS

FOLDER = Path(__file__).parent.parent / "infra" / "monitoring" / "grafana" / "dashboards"


def files() -> Mapping[str, str]:
    """Map each file's name to what it must say."""
    return {
        f"{dashboard.uid.removeprefix('wearon-')}.json": _text(dashboard.as_json())
        for dashboard in DASHBOARDS
    }


def _text(dashboard: Mapping[str, object]) -> str:
    return json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
