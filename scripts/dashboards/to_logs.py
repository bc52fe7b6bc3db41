"""The way from a number to the lines that stand behind it."""

from scripts.dashboards.panel import Link


def to_logs(service: str, level: str = "", text: str = "") -> Link:
    """Link to the logs of a service in the panel's time.

    From there every line leads on to all lines with its request's id. `text` may be a label of the series
    that was clicked on: `${__field.labels.reason}`.
    """
    chosen = {"service": service, "level": level, "text": text}
    variables = "".join(f"&var-{name}={value}" for name, value in chosen.items() if value)
    return Link(f"Logs of {service}", f"/d/wearon-logs?${{__url_time_range}}{variables}")
