"""Try-ons that arrive at a steady rate, and how each of them fared."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from wearon_common.channel import Channel
from wearon_devkit.environment import Environment
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import GARMENTS, PERSONS
from wearon_devkit.producer import Producer, TryOn
from wearon_devkit.provider_control import ProviderControl
from wearon_devkit.stores import Stores, open_stores

ReadPicture = Callable[[Path], bytes]

_MANY_CREDITS = 1_000_000
_SESSIONS = """
    select id, status, created_at, completed_at from public.generation_sessions
    union all
    select id, status, created_at, completed_at from public.store_generation_sessions
"""
_LIVE = """
    select (select count(*) from public.generation_sessions where status in ('queued', 'processing'))
         + (select count(*) from public.store_generation_sessions where status in ('queued', 'processing'))
"""


@dataclass(frozen=True)
class Trip:
    """One session from its row to its end."""

    owner_id: UUID
    status: str
    created_at: datetime
    called_at: datetime | None  # when the provider got it
    completed_at: datetime | None
    provider_s: float

    @property
    def wait_s(self) -> float:
        """Seconds from its row to the provider."""
        return (self.called_at - self.created_at).total_seconds() if self.called_at else float("inf")

    @property
    def ours_s(self) -> float:
        """Seconds from its row to its end that were not the provider's."""
        if self.completed_at is None:
            return float("inf")
        return (self.completed_at - self.created_at).total_seconds() - self.provider_s


class Traffic:
    """One app server, with pictures in its storage."""

    def __init__(self, environment: Environment, stores: Stores, read_picture: ReadPicture) -> None:
        self._environment = environment
        self._database, self.redis = stores
        self._producer = Producer(*stores)
        self._try_ons: list[TryOn] = []
        pictures = PictureStore(environment)
        self._image_urls = [
            pictures.upload_bytes(f"bench-{picture.path.name}", read_picture(picture.path))
            for picture in (PERSONS[0], GARMENTS[0])
        ]

    @classmethod
    @contextmanager
    def opened(cls, environment: Environment, read_picture: ReadPicture = Path.read_bytes) -> Iterator[Self]:
        """Open it on a running backing; the pictures of each try-on are what `read_picture` makes of two."""
        with open_stores(environment) as stores:
            yield cls(environment, stores, read_picture)

    def owner(self, channel: Channel) -> UUID:
        """Sign up somebody who can pay."""
        if channel is Channel.B2C:
            return self._producer.add_user(_MANY_CREDITS)
        return self._producer.add_store(_MANY_CREDITS)

    def submit(self, channel: Channel, owner_id: UUID) -> None:
        """Ask for one try-on."""
        try_on = TryOn(channel, owner_id, self._image_urls)
        self._producer.submit(try_on)
        self._try_ons.append(try_on)

    def live(self) -> int:
        """Count the sessions that have not ended."""
        row = self._database.execute(_LIVE).fetchone()
        return int(row[0]) if row else 0

    def trips(self) -> list[Trip]:
        """Tell how all of them fared, in the order in which they were asked for."""
        rows = {row[0]: row[1:] for row in self._database.execute(_SESSIONS)}
        calls = {call["client_request_id"]: call for call in ProviderControl(self._environment).calls()}
        return [
            _trip(try_on, rows[try_on.session_id], calls.get(try_on.request_id)) for try_on in self._try_ons
        ]


def steadily(per_minute: float, seconds: float) -> Iterator[int]:
    """Give numbers from 0, one at each moment at which something is to arrive."""
    began_s = time.monotonic()
    for number in range(round(per_minute * seconds / 60)):
        time.sleep(max(0.0, began_s + number * 60 / per_minute - time.monotonic()))
        yield number


def _trip(try_on: TryOn, row: tuple[Any, ...], call: dict[str, Any] | None) -> Trip:
    status, created_at, completed_at = row
    called_at = datetime.fromisoformat(call["started_at"]) if call else None
    provider_s = call["ended_s"] - call["started_s"] if call and call["ended_s"] else 0.0
    return Trip(try_on.owner_id, status, created_at, called_at, completed_at, provider_s)
