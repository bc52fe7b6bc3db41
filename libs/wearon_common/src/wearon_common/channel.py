"""The two ways a generation is sold, and everything that differs between them, as data."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Channel(StrEnum):
    """Who asked for a generation: a consumer in our app, or a store for its shopper."""

    B2C = "b2c"
    B2B = "b2b"

    @property
    def traits(self) -> "ChannelTraits":
        """What this channel does differently."""
        return _TRAITS[self]


@dataclass(frozen=True)
class ChannelTraits:
    """One channel's names in the task, in Celery and in storage."""

    owner_field: Literal["user_id", "store_id"]
    queue: str
    result_path: str  # with {owner_id} and {session_id}

    def result_path_for(self, owner_id: str, session_id: str) -> str:
        """Give the object path, inside the bucket, of a session's finished image."""
        return self.result_path.format(owner_id=owner_id, session_id=session_id)


_TRAITS = {
    Channel.B2C: ChannelTraits(
        owner_field="user_id",
        queue="generation.b2c",
        result_path="generated/{owner_id}/{session_id}.jpg",
    ),
    Channel.B2B: ChannelTraits(
        owner_field="store_id",
        queue="generation.b2b",
        result_path="stores/{owner_id}/generated/{session_id}.jpg",
    ),
}
