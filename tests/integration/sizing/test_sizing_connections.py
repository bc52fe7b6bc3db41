from http.client import HTTPConnection
from pathlib import Path
from time import sleep

from sizing_service import running_sizing

_IDLE_S = 5.5  # HTTPX drops a connection that was idle for 5 s


def test_an_idle_connection_is_the_callers_to_close(valkey: str, tmp_path: Path) -> None:
    with running_sizing(tmp_path / "run", REDIS_URL=valkey) as sizing:
        connection = HTTPConnection(sizing.client.base_url.host, sizing.client.base_url.port or 80)
        assert status_of(connection) == 200
        sleep(_IDLE_S)
        connection.auto_open = 0  # another connection would hide that this one was closed
        assert status_of(connection) == 200


def status_of(connection: HTTPConnection) -> int:
    connection.request("GET", "/health")
    with connection.getresponse() as answer:
        answer.read()
        return answer.status
