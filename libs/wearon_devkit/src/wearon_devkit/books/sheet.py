"""Shows a report to a person."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wearon_common.redaction import redact
from wearon_devkit.books.report import ChannelTotals, Finding, Report

SHOWN_FINDINGS = 50
UUID_LENGTH = 36
PIPE_WIDTH = 160  # where there is no terminal to ask


def show(report: Report, console: Console) -> None:
    """Print the totals, then the imbalances, then the notices; the summary is left to the caller."""
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(_totals(report.totals))
    for title, findings in (("imbalances", report.imbalances), ("notices", report.notices)):
        if findings:
            console.print(_findings(title, findings))


def _totals(totals: Sequence[ChannelTotals]) -> Table:
    table = Table(title="credits", title_justify="left")
    table.add_column("channel")
    for heading in ("deducted", "= completed", "+ refunded", "+ live", "", "overage", "uncharged"):
        table.add_column(heading, justify="right")
    for row in totals:
        equation = (row.deducted, row.completed, row.refunded, row.live)
        verdict = Text("even", "green") if row.even else Text("uneven", "bold red")
        table.add_row(row.channel, *map(str, equation), verdict, str(row.overage), str(row.uncharged))
    return table


def _findings(title: str, findings: Sequence[Finding]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True)
    table.add_column("kind")
    table.add_column("channel")
    table.add_column("amount", justify="right")
    table.add_column("which", overflow="fold", min_width=len("request 'req_'") + UUID_LENGTH)
    table.add_column("what it means, what to do")
    for finding in findings[:SHOWN_FINDINGS]:
        table.add_row(
            Text(finding.kind),
            finding.channel,
            str(finding.amount),
            Text(_which(finding)),
            Text(finding.advice),
        )
    if len(findings) > SHOWN_FINDINGS:
        table.caption = f"and {len(findings) - SHOWN_FINDINGS} more: --json has them all"
    return table


def _which(finding: Finding) -> str:
    lines = []
    if finding.session_ids:
        label = "session" if len(finding.session_ids) == 1 else "one of"
        lines.append(f"{label} " + "\n       ".join(map(str, finding.session_ids)))
    if finding.owner_id:
        lines.append(f"owner {finding.owner_id}")
    if finding.request_id is not None:
        # A client writes what it likes into its request id, what a terminal would obey included.
        lines.append(f"request {ascii(redact(finding.request_id))[:80]}")
    return "\n".join(lines)
