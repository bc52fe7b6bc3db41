from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Patience:
    """How long something may look unfinished before the audit says so."""

    in_flight: timedelta = timedelta(minutes=1)  # between the app's deduction and its session
    lease_overdue: timedelta = timedelta(minutes=15)  # the sweeper needs less than ten
    waiting_long: timedelta = timedelta(hours=1)
