"""Tells the local Supabase stand-in which requests to spoil."""

import httpx

from wearon_devkit.environment import Environment


class SupabaseFaults:
    """The stand-in's own endpoint, beside the API that it imitates."""

    def __init__(self, environment: Environment) -> None:
        self._http = httpx.Client(base_url=environment.supabase_url, timeout=30, trust_env=False)

    def add(self, kind: str, path_prefix: str, *, times: int = 1, delay_s: float = 0) -> None:
        """Spoil the next `times` requests whose path starts so; see `supabase_local.faults`."""
        fault = {"path_prefix": path_prefix, "kind": kind, "count": times, "delay_s": delay_s}
        self._http.post("/__faults", json=fault).raise_for_status()
