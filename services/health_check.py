"""Every image's health check: GET /health answers 200, and the fields named as arguments are true.

`python -IS health_check.py [FIELD ...]`. It asks the service over HTTP, because a hung loop answers nothing,
and uses the standard library alone, because it starts every few seconds.
"""  # noqa: INP001 - copied into the images as a script

import json
import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

_TIMEOUT_S = 8.0  # below the timeout of the HEALTHCHECK instructions


def main(required_fields: list[str]) -> None:
    """End with 0 when the service works; else say what is wrong, for `docker inspect`, and end with 1."""
    try:
        status, body = _ask(int(os.environ["PORT"]))
    except (OSError, HTTPException) as error:
        sys.exit(f"no answer: {error!r}")
    if status != HTTPStatus.OK or not _has(body, required_fields):
        sys.exit(f"{status} {body}")


def _ask(port: int) -> tuple[int, str]:
    service = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    service.request("GET", "/health")
    response = service.getresponse()
    return response.status, response.read().decode()


def _has(body: str, required_fields: list[str]) -> bool:
    return not required_fields or all(json.loads(body).get(field) for field in required_fields)


if __name__ == "__main__":
    main(sys.argv[1:])
