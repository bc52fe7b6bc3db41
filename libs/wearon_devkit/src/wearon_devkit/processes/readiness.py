"""Questions that a program answers once it is ready."""

import http.client
from collections.abc import Callable
from http import HTTPStatus

TIMEOUT_S = 2.0


def answers_health(port: int, path: str = "/health") -> Callable[[], bool]:
    """Return the question whether `GET /health`, or another path, on a local port answers 200."""

    def ask() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask
