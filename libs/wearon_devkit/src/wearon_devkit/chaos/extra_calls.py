"""Why the provider was called more than once for a session."""

from collections import Counter

from wearon_devkit.chaos.aftermath import Aftermath

UNEXPLAINED = "unexplained"


def count_extra_calls(aftermath: Aftermath) -> Counter[str]:
    """Count, by cause, the calls beyond the first: after a fault, after a redelivery, or for no reason."""
    total = Counter(call["client_request_id"] for call in aftermath.provider_calls)
    faulty = Counter(call["client_request_id"] for call in aftermath.provider_calls if call["fault"])
    causes: Counter[str] = Counter()
    for try_on in aftermath.arrived.try_ons:
        extra = max(0, total[try_on.request_id] - 1)
        after_faults = min(extra, faulty[try_on.request_id])
        after_redelivery = min(extra - after_faults, max(0, aftermath.fate(try_on).attempts - 1))
        causes["after a fault"] += after_faults
        causes["after a redelivery"] += after_redelivery
        causes[UNEXPLAINED] += extra - after_faults - after_redelivery
    return causes
