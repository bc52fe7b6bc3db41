"""The set-up's own downloader, against a package index on this machine."""

import hashlib
import io
import json
import re
import stat
import subprocess
import sys
import threading
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts import get_uv
from scripts.download import DownloadError, fetch
from scripts.pypi import JSON_API, find_wheel

UV = b"#!/bin/sh\necho uv 9.9.9\n"
WHEEL = "uv-9.9.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.manylinux_2_17_aarch64.whl"


@dataclass
class Index:
    """What the index serves, by path, and what it was asked."""

    address: str = ""
    pages: dict[str, bytes] = field(default_factory=dict)
    content_type: str = JSON_API
    missing_bytes: int = 0
    authorizations: list[str | None] = field(default_factory=list)

    def add(self, filename: str, content: bytes, sha256: str | None = None) -> None:
        """List a wheel under its project, with its own checksum unless told another."""
        project = filename.split("-", 1)[0]
        digest = sha256 or hashlib.sha256(content).hexdigest()
        file = {"filename": filename, "url": f"/files/{filename}", "hashes": {"sha256": digest}}
        page = f"/simple/{project}/"
        files = json.loads(self.pages[page])["files"] if page in self.pages else []
        self.pages[page] = json.dumps({"files": [*files, file]}).encode()
        self.pages[f"/files/{filename}"] = content


@contextmanager
def serving(index: Index) -> Iterator[Index]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.authorizations.append(self.headers["Authorization"])
            content = index.pages.get(self.path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", index.content_type)
            self.send_header("Content-Length", str(len(content or b"") + index.missing_bytes))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    index.address = f"127.0.0.1:{server.server_port}"
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    with serving(Index()) as running:
        monkeypatch.setenv("PIP_INDEX_URL", f"http://{running.address}/simple/")
        yield running


def wheel_of_uv() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("uv-9.9.9.data/scripts/uv", UV)
    return archive.getvalue()


def test_uv_is_installed_from_the_index_when_there_is_none(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add(WHEEL, wheel_of_uv())
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    target = tmp_path / "tools" / "uv"
    assert get_uv.main("9.9.9", target) == 0
    assert target.read_bytes() == UV
    assert target.stat().st_mode & stat.S_IXUSR
    assert list(target.parent.iterdir()) == [target]


def test_an_older_uv_on_the_path_is_not_good_enough(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add(WHEEL, wheel_of_uv())
    compiled = Path("/bin/echo")  # a program, not a script; its "version" is no uv's
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").symlink_to(compiled)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    target = tmp_path / "uv"
    assert get_uv.main("9.9.9", target) == 0
    assert not target.is_symlink()


def test_a_wheel_with_another_checksum_is_refused_and_not_kept(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index.add(WHEEL, wheel_of_uv(), sha256="0" * 64)
    monkeypatch.setenv("PATH", "")
    assert get_uv.main("9.9.9", tmp_path / "uv") == 1
    assert "SHA-256" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_breaks_off_is_refused(index: Index, tmp_path: Path) -> None:
    index.pages["/file"] = b"half"
    index.missing_bytes = 4
    with pytest.raises(DownloadError, match="broke off"):
        fetch(f"http://{index.address}/file", hashlib.sha256(b"half").hexdigest(), tmp_path / "file")


def test_a_wheel_for_another_machine_is_not_taken(index: Index) -> None:
    index.add("uv-9.9.9-py3-none-manylinux_2_17_s390x.whl", b"")
    with pytest.raises(DownloadError, match="no wheel of uv"):
        find_wheel("uv", "9.9.9", lambda wheel: "manylinux_2_17_x86_64" in wheel.platforms)


def test_a_longer_version_is_another_version(index: Index) -> None:
    index.add("uv-9.9.90-py3-none-any.whl", b"")
    with pytest.raises(DownloadError, match="no wheel of uv"):
        find_wheel("uv", "9.9.9")


def test_an_index_of_web_pages_is_named_as_the_reason(index: Index) -> None:
    index.content_type = "text/html"
    index.pages["/simple/uv/"] = b"<html>"
    with pytest.raises(DownloadError, match="does not speak the JSON API"):
        find_wheel("uv", "9.9.9")


def test_an_index_that_does_not_answer_is_named_as_the_reason(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:1/simple")
    with pytest.raises(DownloadError, match="cannot be reached"):
        find_wheel("uv", "9.9.9")


def test_a_password_in_the_address_is_sent_and_never_shown(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:s%40cret@{index.address}/simple")
    with pytest.raises(DownloadError) as caught:
        find_wheel("uv", "9.9.9")
    assert index.authorizations == [f"Basic {b64encode(b'me:s@cret').decode()}"]
    assert "cret" not in str(caught.value)


def test_a_python_that_is_too_old_is_told_so() -> None:
    source = Path("scripts/check_python.py").read_text().replace("sys.version_info[:2]", "(3, 10)")
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    assert run.returncode == 1
    assert "needs Python 3.11 to 3.13" in run.stderr


def test_images_are_built_with_the_uv_of_the_makefile() -> None:
    version = re.search(r"^UV_VERSION := (\S+)$", Path("Makefile").read_text(), re.MULTILINE)
    assert version
    for dockerfile in [*Path("services").glob("*/Dockerfile"), Path("libs/wearon_devkit/Dockerfile")]:
        assert f"ARG UV_VERSION={version[1]}\n" in dockerfile.read_text(), dockerfile
