"""What is asked for, and the asking."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from uuid import UUID

from wearon_common.channel import Channel
from wearon_common.supabase_errors import translate_supabase_errors
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.producer import Producer, TryOn
from wearon_devkit.submission.picture_file import PictureFile


@dataclass(frozen=True)
class Order:
    """`count` try-ons; persons and garments take turns."""

    channel: Channel
    persons: Sequence[PictureFile]
    garments: Sequence[PictureFile]
    prompt: str
    count: int = 1

    def submit(self, pictures: PictureStore, producer: Producer) -> Iterator[TryOn]:
        """Upload the pictures, and for a new user or store with enough credits ask for one after the other.

        Raises `SupabaseError`, `psycopg.Error` and `PushFailedError`.
        """
        pairs = list(islice(zip(cycle(self.persons), cycle(self.garments), strict=False), self.count))
        urls = {picture: _upload(picture, pictures) for pair in pairs for picture in pair}
        sell: Mapping[Channel, Callable[[int], UUID]] = {
            Channel.B2C: producer.add_user,
            Channel.B2B: producer.add_store,
        }
        owner_id = sell[self.channel](self.count)
        for pair in pairs:
            try_on = TryOn(self.channel, owner_id, [urls[picture] for picture in pair], self.prompt)
            producer.submit(try_on)
            yield try_on


def _upload(picture: PictureFile, pictures: PictureStore) -> str:
    with translate_supabase_errors("upload"):
        return pictures.upload_bytes(picture.storage_name(), picture.path.read_bytes(), picture.content_type)
