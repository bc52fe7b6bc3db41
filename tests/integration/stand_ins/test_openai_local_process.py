"""The OpenAI stand-in as the process that the development tools start."""

import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from fixtures_openai_local import StubCaller


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wait_until_healthy(stub: StubCaller) -> None:
    for _ in range(400):
        try:
            stub.http.get("/health").raise_for_status()
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the stub never became healthy")


def test_the_process_serves_and_stops_while_calls_still_wait(tmp_path: Path) -> None:
    port = free_port()
    arguments = ["--port", str(port), "--dir", str(tmp_path / "new"), "--latency", "20-30", "--seed", "7"]
    command = [sys.executable, "-m", "wearon_devkit.openai_local", *arguments]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own module
        stub = StubCaller(f"http://127.0.0.1:{port}")
        wait_until_healthy(stub)
        stub.script("rate_limit_exceeded")
        assert stub.edit().status_code == 429
        waiting = threading.Thread(target=edit_until_cut_off, args=(stub,))
        waiting.start()
        while len(stub.record()) < 2:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=15)
        waiting.join(timeout=15)
    assert len((tmp_path / "new" / "openai-record.jsonl").read_text().splitlines()) == 2


def edit_until_cut_off(stub: StubCaller) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        stub.edit(timeout_s=15)


@pytest.mark.parametrize("latency", ["30-20", "-1", "fast"])
def test_a_latency_that_is_none_is_refused_at_the_start(latency: str, tmp_path: Path) -> None:
    arguments = ["--port", "1", "--dir", str(tmp_path), f"--latency={latency}"]
    command = [sys.executable, "-m", "wearon_devkit.openai_local", *arguments]
    ended = subprocess.run(command, capture_output=True, check=False, text=True, timeout=60)  # noqa: S603 - our own module
    assert ended.returncode == 2
    assert "--latency" in ended.stderr
