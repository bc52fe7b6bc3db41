"""What a panel asks a data source."""

from dataclasses import dataclass

# Grafana takes four of these for $__rate_interval: never less than the five minutes that the alert rules look
# at, so that panels and alarms agree, and a quiet hour is no sawtooth.
_SMALLEST_STEP = "75s"


@dataclass(frozen=True)
class Query:
    """PromQL, or LogQL where the panel asks Loki. `legend` names its series; `{{label}}` in it is a label."""

    expr: str
    legend: str = ""
    shape: str = "time_series"  # or "table", "heatmap"
    instant: bool = False


@dataclass(frozen=True)
class Source:
    """A data source, by the names that its provisioning gives it."""

    kind: str
    uid: str

    def as_json(self) -> dict[str, str]:
        """Return how panels and variables refer to it."""
        return {"type": self.kind, "uid": self.uid}

    def target(self, letter: str, query: Query) -> dict[str, object]:
        """Return one query of a panel; `letter` tells it from the panel's others."""
        asked = {"refId": letter, "datasource": self.as_json(), "expr": query.expr}
        how = {"instant": True, "range": False} if query.instant else {"instant": False, "range": True}
        if self is LOKI:
            return {
                **asked,
                "queryType": "instant" if query.instant else "range",
                "legendFormat": query.legend,
            }
        step = {"legendFormat": query.legend or "__auto", "format": query.shape, "interval": _SMALLEST_STEP}
        return {**asked, **how, **step}


PROMETHEUS = Source("prometheus", "prometheus")
LOKI = Source("loki", "loki")


def share_of_time(share: float, histogram: str, by: str = "", match: str = "") -> str:
    """Return PromQL: what `share` of a histogram's events do not exceed, for each value of `by`."""
    labels = ", ".join(filter(None, ("le", by)))
    events = f"rate({histogram}_bucket{match}[$__rate_interval])"
    return f"histogram_quantile({share}, sum by ({labels}) ({events}))"


def per_minute(counter: str, by: str = "", match: str = "") -> str:
    """Return PromQL: how often a minute something happens, for each value of `by`."""
    total = f"sum by ({by})" if by else "sum"
    return f"60 * {total} (rate({counter}{match}[$__rate_interval]))"
