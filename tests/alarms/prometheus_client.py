"""What a Prometheus says, over its HTTP API."""

from typing import Any

import httpx

_ALWAYS_FIRES = "Watchdog"


class PrometheusClient:
    """Asks one Prometheus; raises `httpx.HTTPError`."""

    def __init__(self, port: int) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=10, trust_env=False)

    def firing(self) -> list[dict[str, Any]]:
        """List the alerts that fire now, the watchdog aside."""
        return [
            alert
            for alert in self._ask("/alerts")["alerts"]
            if alert["state"] == "firing" and alert["labels"]["alertname"] != _ALWAYS_FIRES
        ]

    def _ask(self, path: str) -> Any:  # noqa: ANN401 - each path answers something else
        return self._http.get(path).raise_for_status().json()["data"]
