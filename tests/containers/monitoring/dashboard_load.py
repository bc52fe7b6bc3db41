"""What happens in a shop within two minutes: try-ons that end in every way, sizes, and pictures of no use."""

import json
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from containers.production_stack import ProductionStack
from containers.try_ons import TryOns, environment_of

from wearon_devkit.pictures import GARMENTS, PERSONS

_ROUNDS = 6
_ROUND_S = 12  # Prometheus looks every 15 s and has to see the numbers grow
_RUN = "/tmp/run"  # noqa: S108 - where TryOns keeps it, in the container
_CHANNELS = ("b2c", "b2b")
# What OpenAI's stand-in does when the prompt has such a word, and how often.
_FAULTS = {
    "blocked": {"kind": "moderation_blocked"},
    "hurried": {"kind": "slow_down", "retry_after_s": 1},
    "broken": {"kind": "server_error"},
    "gone": {"kind": "model_not_found"},
}
_TIMES = {"blocked": None, "hurried": 2, "broken": 3, "gone": None}
_SCRIPT = [
    {"match": {"prompt_contains": word}, "times": _TIMES[word], "fault": fault}
    for word, fault in _FAULTS.items()
]
_SEND_SCRIPT = """
import sys, httpx
httpx.post("http://127.0.0.1:8080/__script", content=sys.stdin.read()).raise_for_status()
"""
_UPLOAD_PERSON = f"""
from pathlib import Path
from wearon_devkit.environment import Environment
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import PERSONS
print(PictureStore(Environment.read(Path("{_RUN}/env"))).upload(PERSONS[0]))
"""


def live_for_a_while(stack: ProductionStack, site: str, trusted: ssl.SSLContext) -> None:
    """Ask for try-ons and sizes until Prometheus has seen both grow."""
    redis_url = f"redis://:{stack.settings['REDIS_PASSWORD']}@redis:6379/0"
    TryOns(
        lambda *command, text=None: stack.inside("openai", *command, text=text),
        environment_of(stack.settings, redis_url),
    )
    stack.inside("openai", "python", "-c", _SEND_SCRIPT, text=json.dumps(_SCRIPT))
    with ThreadPoolExecutor() as at_once:
        try_ons = at_once.submit(_ask_for_try_ons, stack)
        sizes = at_once.submit(_ask_for_sizes, stack, site, trusted)
        for done in (try_ons, sizes):
            done.result()


def _ask_for_try_ons(stack: ProductionStack) -> None:
    for word in (*_FAULTS, "plain"):
        for channel in _CHANNELS:
            words = ["--dir", _RUN, "--channel", channel, "--prompt", word, "--count", "2", "--no-wait"]
            stack.inside("openai", "wearon-dev", "submit", *words)


def _ask_for_sizes(stack: ProductionStack, site: str, trusted: ssl.SSLContext) -> None:
    person_url = stack.inside("openai", "python", "-c", _UPLOAD_PERSON)
    address = f"https://{stack.address('nginx', 443)}"
    with httpx.Client(
        base_url=address, verify=trusted, headers={"Host": site}, trust_env=False, timeout=30
    ) as http:
        for _ in range(_ROUNDS):
            ends_s = time.monotonic() + _ROUND_S
            _ask(http, site, "/estimate-body", json={"image_url": person_url, "height_cm": 170})
            for picture in (PERSONS[0], GARMENTS[0]):
                upload = {"image": picture.path.read_bytes()}
                _ask(http, site, "/estimate-body/upload", files=upload, data={"height_cm": "170"})
            time.sleep(max(0.0, ends_s - time.monotonic()))


def _ask(http: httpx.Client, site: str, path: str, **body: Any) -> None:  # noqa: ANN401 - as httpx takes them
    http.post(path, extensions={"sni_hostname": site}, **body)
