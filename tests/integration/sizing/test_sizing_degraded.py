import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sizing_service import running_sizing


def test_without_its_model_the_service_stays_up_and_says_so(valkey: str, tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.task")
    with running_sizing(tmp_path / "run", REDIS_URL=valkey, POSE_MODEL_PATH=absent) as sizing:
        health = sizing.client.get("/health").json()
        answer = sizing.estimate("https://example.com/person.jpg")
    assert health == {"status": "degraded", "model_loaded": False, "redis_connected": True}
    assert answer.status_code == 503
    assert answer.json() == {"detail": "Pose model is not loaded", "reason": "model_not_loaded"}
    assert any(event["event"] == "pose_model_unavailable" for event in sizing.events())


@pytest.mark.parametrize("is_listening", [True, False], ids=["silent", "gone"])
def test_without_redis_the_service_is_degraded(tmp_path: Path, *, is_listening: bool) -> None:
    with unanswered_port(is_listening=is_listening) as port:
        redis_url = f"redis://127.0.0.1:{port}/0"
        with running_sizing(tmp_path / "run", REDIS_URL=redis_url, POSE_LANDMARKERS="1") as sizing:
            health = sizing.client.get("/health").json()
    assert health == {"status": "degraded", "model_loaded": True, "redis_connected": False}


@contextmanager
def unanswered_port(*, is_listening: bool) -> Iterator[int]:
    """Yield a port where nobody listens, or where a connection is taken and never answered."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        if is_listening:
            bound.listen()
        yield bound.getsockname()[1]
