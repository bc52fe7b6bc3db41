"""The grammar of LogQL by which Grafana's own editor judges a query, from npm."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Sequence

import pytest

from wearon_devkit.checkout import CHECKOUT

PACKAGES = ("@grafana/lezer-logql@0.4.2", "@lezer/lr@1.4.10", "@lezer/common@1.5.5")
FOLDER = CHECKOUT / ".local" / "logql"
INSTALL_TIMEOUT_S = 90
_PARSE = """
import { parser } from '@grafana/lezer-logql';
let text = '';
for await (const part of process.stdin) text += part;
const wrong = JSON.parse(text).filter(query => {
  let isWrong = false;
  parser.parse(query).iterate({ enter: node => { isWrong ||= node.type.isError; } });
  return isWrong;
});
console.log(JSON.stringify(wrong));
"""


def queries_with_mistakes(queries: Sequence[str]) -> list[str]:
    """Return those that are no LogQL; skips the test, with the reason, where the grammar cannot be had."""
    node = _installed()
    program = FOLDER / "parse.mjs"
    program.write_text(_PARSE)
    said = subprocess.run(  # noqa: S603 - no shell, fixed words
        [node, str(program)],
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    wrong: list[str] = json.loads(said.stdout)
    return wrong


def _installed() -> str:
    """Install the grammar once for all runs, and return the program that runs it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("grammar of LogQL: Node is not installed")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may want it at once
        if not (FOLDER / "node_modules" / "@grafana" / "lezer-logql").exists():
            _install(npm)
    return node


def _install(npm: str) -> None:
    options = ["--prefix", str(FOLDER), "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    try:
        subprocess.run(  # noqa: S603 - no shell, fixed words
            [npm, "install", *options, *PACKAGES], check=True, capture_output=True, timeout=INSTALL_TIMEOUT_S
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"grammar of LogQL: npm cannot install it: {type(error).__name__}")
