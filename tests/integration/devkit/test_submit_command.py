"""`wearon-dev submit`: a newcomer's first try-ons."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image
from psycopg.rows import dict_row
from shop import Shop

SCRIPT = Path(sys.executable).with_name("wearon-dev")
FLAGGED = "Your image was flagged by the safety filter."


@pytest.fixture
def directory(shop: Shop, tmp_path: Path) -> Path:
    """Give a folder that says where the shop's run is, as one that the run itself is in."""
    (tmp_path / "env").write_text(shop.environment.as_lines())
    return tmp_path


def submit(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(SCRIPT), "submit", "--dir", str(directory), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)  # noqa: S603 - it is ours


def sessions(shop: Shop, table: str, prompt: str) -> list[dict[str, object]]:
    cursor = shop.database.cursor(row_factory=dict_row)
    return cursor.execute(f"select * from public.{table} where prompt_user = %s", [prompt]).fetchall()


def test_a_try_on_is_watched_until_its_image_is_there(shop: Shop, directory: Path) -> None:
    done = submit(directory, "--prompt", "the first one")
    assert (done.returncode, done.stderr) == (0, "")
    [session] = sessions(shop, "generation_sessions", "the first one")
    first, second, last = done.stdout.splitlines()
    assert first == f"{session['id']}  queued"
    assert second.startswith(f"{session['id']}  completed in ")
    assert second.endswith(f" s: {session['generated_image_url']}")
    assert last == "submit: 1 completed"
    image = httpx.get(second.split()[-1], trust_env=False).raise_for_status()
    assert Image.open(BytesIO(image.content)).format == "JPEG"


def test_a_store_asks_for_several_with_its_own_pictures(shop: Shop, directory: Path) -> None:
    person = directory / "größe 1.png"
    Image.new("RGB", (40, 60), "navy").save(person)
    garment = directory / "garment"
    Image.new("RGB", (30, 30), "teal").save(garment, "WEBP")
    own = ["--person", str(person), "--garment", str(garment)]
    done = submit(directory, "--channel", "b2b", "--count", "2", "--prompt", "for a store", *own)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "submit: 2 completed"
    first, second = sessions(shop, "store_generation_sessions", "for a store")
    assert first["store_id"] == second["store_id"]
    for column, path in (("model_image_url", person), ("outfit_image_url", garment)):
        uploaded = httpx.get(str(first[column]), trust_env=False).raise_for_status()
        assert uploaded.content == path.read_bytes()


def test_a_failed_session_is_told_with_its_message_and_status_1(shop: Shop, directory: Path) -> None:
    shop.openai.script("moderation_blocked", match={"prompt_contains": "against the rules"})
    done = submit(directory, "--prompt", "against the rules")
    assert done.returncode == 1
    assert FLAGGED in done.stdout
    assert done.stdout.splitlines()[-1] == "submit: 1 failed"


def test_without_waiting_it_says_which_session_was_queued(shop: Shop, directory: Path) -> None:
    done = submit(directory, "--no-wait", "--prompt", "not waited for")
    [session] = sessions(shop, "generation_sessions", "not waited for")
    assert (done.returncode, done.stdout) == (0, f"{session['id']}  queued\n")


def test_where_nothing_runs_it_says_how_to_start_it(tmp_path: Path) -> None:
    done = submit(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"submit: nothing runs in {tmp_path}; `wearon-dev up` starts it\n"


def test_a_run_that_has_died_is_one_line_and_status_2(shop: Shop, directory: Path) -> None:
    text = (directory / "env").read_text()
    (directory / "env").write_text(text.replace(shop.environment.database_url, "postgresql://127.0.0.1:1/x"))
    done = submit(directory)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("content", [None, b"no picture", b"GIF89a"])
def test_what_is_no_picture_is_refused_before_anything_is_asked(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "picture").write_bytes(content)
    done = submit(tmp_path, "--person", str(tmp_path / "picture"))
    assert done.returncode == 2
    assert "Invalid value for --person" in done.stderr
    assert "nothing runs" not in done.stderr
