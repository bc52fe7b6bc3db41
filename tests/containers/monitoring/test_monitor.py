"""`wearon-dev monitor`, which `make monitor` runs."""

from pathlib import Path

import httpx
from wearon_dev import wearon_dev

from wearon_devkit.environment import Environment
from wearon_devkit.ports import free_port

# Nobody listens there: what is asked is the same.
_RUN = Environment(
    *("none",) * 10,
    sizing_url="http://127.0.0.1:9",
    consumer_health_urls=("http://127.0.0.1:9/health",),
    generator_health_urls=("http://127.0.0.1:9/health",),
)


def test_it_says_where_to_look_has_every_rule_and_ends_when_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "env").write_text(_RUN.as_lines())
    port = free_port()
    with wearon_dev(tmp_path, "monitor", "--port", str(port)) as started:
        assert "Prometheus watches the run" in started.ready_line()
        assert f"http://127.0.0.1:{port}/alerts" in started.ready_line()
        groups = httpx.get(f"http://127.0.0.1:{port}/api/v1/rules").json()["data"]["groups"]
        assert {"generation", "money", "workers"} <= {group["name"] for group in groups}
        started.process.terminate()
        assert started.end()[0] == 0
