import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sizing_pictures import picture_host
from sizing_service import running_sizing

from wearon_devkit.pictures import PERSONS


def test_a_request_that_runs_is_answered_before_the_service_stops(valkey: str, tmp_path: Path) -> None:
    person = PERSONS[0]
    asked, may_answer = threading.Event(), threading.Event()

    def hold() -> None:
        asked.set()
        may_answer.wait(10)

    with (
        picture_host({"person": person.path.read_bytes()}, before_each=hold) as host,
        running_sizing(tmp_path / "run", REDIS_URL=valkey, IMAGE_FETCH_PRIVATE_HOSTS=host) as sizing,
        ThreadPoolExecutor(1) as caller,
    ):
        answer = caller.submit(sizing.estimate, f"http://{host}/person", person.height_cm)
        assert asked.wait(10)
        sizing.child.ask_to_stop()
        may_answer.set()
        assert answer.result().status_code == 200
        sizing.child.ensure_stopped()
        assert sizing.child.exit_status() == 0


def test_a_request_that_does_not_end_is_cut_off_with_a_503(valkey: str, tmp_path: Path) -> None:
    with running_sizing(tmp_path / "run", REDIS_URL=valkey, STOP_TIMEOUT_SECONDS="1") as sizing:
        upload = sizing.begin("/estimate-body/upload", "multipart/form-data; boundary=x", 9_000, b"--x\r\n")
        with upload, upload.makefile("rb") as answer:
            sizing.client.get("/health").raise_for_status()  # by then the upload is there, too
            sizing.child.ask_to_stop()
            assert answer.readline() == b"HTTP/1.1 503 Service Unavailable\r\n"
        sizing.child.ensure_stopped()
        assert sizing.child.exit_status() == 0
        ends = [event["status"] for event in sizing.events() if event["event"] == "http_request"]
        assert ends == [503]
