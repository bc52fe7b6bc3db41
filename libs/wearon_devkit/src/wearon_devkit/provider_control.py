"""Tells the local OpenAI stand-in what to do, and asks it what it did."""

from typing import Any

import httpx

from wearon_devkit.environment import Environment


class ProviderControl:
    """The stand-in's own endpoints, beside the API that it imitates."""

    def __init__(self, environment: Environment) -> None:
        self._http = httpx.Client(
            base_url=environment.openai_base_url.removesuffix("/v1"), timeout=30, trust_env=False
        )

    def add_fault(
        self,
        kind: str,
        *,
        prompt_contains: str | None = None,
        times: int | None = None,
        latency_s: float = 0,
        retry_after_s: float | None = None,
    ) -> None:
        """Let calls with such a prompt, or any, meet a fault, `times` times or always."""
        fault = {"kind": kind, "latency_s": latency_s, "retry_after_s": retry_after_s}
        rule = {"match": {"prompt_contains": prompt_contains}, "times": times, "fault": fault}
        self._http.post("/__script", json=[rule]).raise_for_status()

    def calls(self) -> list[dict[str, Any]]:
        """List the calls so far."""
        calls: list[dict[str, Any]] = self._http.get("/__record").raise_for_status().json()
        return calls
