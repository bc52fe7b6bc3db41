# ruff: noqa: INP001 - a script of its own, mounted into the image
"""Keeps the edge's certificate: asks for the first one, then renews it; asks later and later while it fails.

Reads DOMAIN (names separated by spaces, one certificate for all), ACME_EMAIL (without it nothing is asked
for) and ACME_DIRECTORY_URL. `keep_certificate.py` runs until it is stopped; with `healthy` it tells by its
exit status whether that loop is alive, with `now` it forgets the waiting time after failures. The edge sees
a new certificate by itself.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

_CERTIFICATES = Path("/etc/letsencrypt")
_NAME = "wearon"  # of the certificate, whatever it is for: the edge looks for it there
_CERTIFICATE = _CERTIFICATES / "live" / _NAME / "fullchain.pem"
_HISTORY = _CERTIFICATES / "wearon-history.json"
_WEBROOT = "/var/www/acme"
_WORK = Path("/tmp/certbot")  # noqa: S108 - the container's own
_ALIVE = Path("/tmp/alive")  # noqa: S108 - the container's own

_LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
_LOOK_EVERY_S = 10
_CERTBOT_TIMEOUT_S = 600
_ALIVE_WITHIN_S = _CERTBOT_TIMEOUT_S + 60
# Twice a day, as Let's Encrypt asks; certbot renews in the last third of a certificate's life.
_RENEWAL_EVERY_S = 12 * 3600
_RENEWAL_JITTER_S = 3600
# Let's Encrypt allows five failures per name and hour: 15 minutes, doubled each time, stay well below.
_FIRST_RETRY_S = 15 * 60
_LONGEST_RETRY_S = 12 * 3600


@dataclass(frozen=True)
class Wanted:
    """The certificate that the settings ask for."""

    domains: tuple[str, ...]
    email: str
    directory_url: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Take it from the environment."""
        domains = tuple(environment.get("DOMAIN", "").split())
        directory_url = environment.get("ACME_DIRECTORY_URL") or _LETS_ENCRYPT
        return cls(domains, environment.get("ACME_EMAIL", ""), directory_url)

    @property
    def can_be_had(self) -> bool:
        """Whether the settings suffice to ask."""
        return bool(self.domains and self.email)


@dataclass(frozen=True)
class History:
    """What was asked for so far. It is kept beside the certificates: a restart must not ask again at once."""

    asked: list[str] = field(default_factory=list)
    failures: int = 0
    next_at: float = 0.0
    held_from: str = ""

    @classmethod
    def read(cls) -> Self:
        """Return what was written last; nothing was asked for when that cannot be read."""
        try:
            return cls(**json.loads(_HISTORY.read_text()))
        except (FileNotFoundError, TypeError, ValueError):
            return cls()

    def write(self) -> None:
        """Keep it for the next look and the next start."""
        _HISTORY.write_text(json.dumps(asdict(self)))

    def is_due(self, wanted: Wanted) -> bool:
        """Tell whether to ask now: other settings, or a certificate that somebody removed, do not wait."""
        is_lost = self.failures == 0 and not _CERTIFICATE.exists()
        return is_lost or self.asked != _question(wanted) or time.time() >= self.next_at

    def after_success(self, wanted: Wanted) -> Self:
        """Return the history with the next look for renewal."""
        next_at = time.time() + _RENEWAL_EVERY_S + random.uniform(-1, 1) * _RENEWAL_JITTER_S  # noqa: S311 - only spreads load
        held_from = wanted.directory_url
        return replace(self, asked=_question(wanted), failures=0, next_at=next_at, held_from=held_from)

    def after_failure(self, wanted: Wanted) -> Self:
        """Return the history with a wait that doubles from failure to failure."""
        failures = self.failures + 1 if self.asked == _question(wanted) else 1
        wait_s = min(_FIRST_RETRY_S * 2 ** (failures - 1), _LONGEST_RETRY_S)
        return replace(self, asked=_question(wanted), failures=failures, next_at=time.time() + wait_s)


def main(arguments: list[str]) -> None:
    """Run one of the commands of this module."""
    if arguments == ["healthy"]:
        sys.exit(0 if time.time() - _ALIVE.stat().st_mtime < _ALIVE_WITHIN_S else 1)
    if arguments == ["now"]:
        replace(History.read(), next_at=0.0).write()
        return
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    _keep(Wanted.read(os.environ))


def _keep(wanted: Wanted) -> None:
    if not wanted.can_be_had:
        _log("info", "no_certificate_asked_for", reason="DOMAIN or ACME_EMAIL is empty")
    while True:
        _ALIVE.touch()
        if wanted.can_be_had and (history := History.read()).is_due(wanted):
            _ask(wanted, history)
        time.sleep(_LOOK_EVERY_S)


def _ask(wanted: Wanted, history: History) -> None:
    problem = _run_certbot(wanted, history)
    if problem is None:
        history.after_success(wanted).write()
        _log("info", "certificate_kept", domains=wanted.domains)
        return
    following = history.after_failure(wanted)
    following.write()
    next_at = datetime.fromtimestamp(following.next_at, UTC).isoformat(timespec="seconds")
    _log("error", "certificate_failed", failures=following.failures, next_at=next_at, problem=problem)


def _run_certbot(wanted: Wanted, history: History) -> str | None:
    """Return what went wrong, or nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - settings are arguments, no shell reads them
            _command(wanted, history), capture_output=True, text=True, check=False, timeout=_CERTBOT_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        return str(failure)
    return None if done.returncode == 0 else _last_lines(done.stdout + done.stderr)


def _command(wanted: Wanted, history: History) -> list[str]:
    """Ask with one command for the first certificate, for other names and for renewal."""
    command = ["certbot", "certonly", "--non-interactive", "--agree-tos", "--no-eff-email"]
    command += ["--email", wanted.email, "--server", wanted.directory_url, "--cert-name", _NAME]
    command += ["--webroot", "--webroot-path", _WEBROOT, "--keep-until-expiring", "--renew-with-new-domains"]
    command += [f"--config-dir={_CERTIFICATES}", f"--work-dir={_WORK}", f"--logs-dir={_WORK / 'logs'}"]
    command += ["--max-log-backups", "3"]
    if history.held_from not in {"", wanted.directory_url}:
        # Another authority's, staging's for one, is not kept.
        command += ["--force-renewal", "--break-my-certs"]
    return [*command, *(word for domain in wanted.domains for word in ("--domain", domain))]


def _question(wanted: Wanted) -> list[str]:
    return [wanted.directory_url, *wanted.domains]


def _last_lines(output: str) -> str:
    return " / ".join(line.strip() for line in output.splitlines() if line.strip())[-1500:]


def _log(level: str, event: str, **facts: object) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"time": now, "level": level, "service": "certbot", "event": event, **facts}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
