import signal
import sys

import uvicorn

from wearon_common.command import run_service
from wearon_common.metrics.registry import new_registry
from wearon_sizing.http.app import create_app
from wearon_sizing.settings import SizingSettings

# Longer than callers and proxies keep an idle connection (HTTPX 5 s, Nginx 60 s), so that it is theirs to
# close: a request that meets a connection in the act of being closed is lost.
_KEEP_ALIVE_S = 75


def main() -> None:
    """Run `wearon-sizing`."""
    run_service(
        "wearon-sizing",
        "HTTP API: a photo and a height become body measurements and a size.",
        SizingSettings,
        _serve,
    )


def _serve(settings: SizingSettings) -> None:
    # Uvicorn finishes the running requests on TERM and then raises it again: a wanted stop is no failure.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    uvicorn.run(
        create_app(settings, new_registry("wearon-sizing", settings.release)),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=round(settings.stop_timeout.total_seconds()),
    )
