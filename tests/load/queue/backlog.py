"""Tasks as the app pushes them, by the thousand."""

import json
import random
from collections.abc import Iterator
from uuid import UUID

from wearon_common.channel import Channel

_USERS, _STORES = 1_000, 20
SHARE_OF_USERS = 0.8
_URL_CHARACTERS = 250
_PROMPT_CHARACTERS = 600
_HOST = "https://abcdefghijklmnopqrst.supabase.co"
_WORDS = ("virtual", "try-on", "dress", "person", "linen", "garment", "keep", "face", "pose", "background")


def backlog(tasks: int, seed: int, share_of_users: float = SHARE_OF_USERS) -> Iterator[bytes]:
    """Give that many entries of the app's list, about 1.5 KB each; the same ones for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    owners = {
        Channel.B2C: [_uuid(dice) for _ in range(_USERS)],
        Channel.B2B: [_uuid(dice) for _ in range(_STORES)],
    }
    for _ in range(tasks):
        channel = Channel.B2C if dice.random() < share_of_users else Channel.B2B
        yield _entry(dice, channel, dice.choice(owners[channel]))


def _entry(dice: random.Random, channel: Channel, owner_id: str) -> bytes:
    task = {
        "task_id": _uuid(dice),
        "channel": channel.value,
        channel.traits.owner_field: owner_id,
        "session_id": _uuid(dice),
        "image_urls": [_signed_url(dice), _signed_url(dice)],
        "prompt": " ".join(dice.choices(_WORDS, k=_PROMPT_CHARACTERS))[:_PROMPT_CHARACTERS],
        "request_id": f"req_{_uuid(dice)}",
        "version": 1,
        "created_at": "2026-02-17T05:10:53.123Z",
    }
    return json.dumps(task, separators=(",", ":")).encode()


def _signed_url(dice: random.Random) -> str:
    url = f"{_HOST}/storage/v1/object/sign/images/uploads/{_uuid(dice)}.jpg?token=eyJhbGciOiJIUzI1NiJ9."
    return url + dice.randbytes(_URL_CHARACTERS).hex()[: _URL_CHARACTERS - len(url)]


def _uuid(dice: random.Random) -> str:
    return str(UUID(int=dice.getrandbits(128), version=4))
