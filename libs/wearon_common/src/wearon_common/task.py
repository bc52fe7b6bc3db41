"""The task that Next.js pushes: the contract at the front door."""

import json
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from wearon_common.channel import Channel
from wearon_common.request_id import traceable

Text = Annotated[str, Field(min_length=1)]


def _in_usual_spelling(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        return value


# PostgreSQL takes a UUID in any spelling; in the path of an object each would be another place.
Id = Annotated[Text, AfterValidator(_in_usual_spelling)]

_MOST_REASONS = 5  # an entry may be wrong in a million places


class InvalidTaskError(ValueError):
    """A queue entry that is not a `GenerationTask`; its text says why, without quoting any value."""


class GenerationTask(BaseModel):
    """One generation to do, as it lies in the Redis list `wearon:tasks:generation`.

    The owner that the channel needs (`user_id` for b2c, `store_id` for b2b) is required and the other one
    is refused; a null counts as absent. Sessions and owners are UUIDs in any spelling, read in the usual one;
    other text names a session nobody knows. Keys that this version does not know are ignored.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", title="GenerationTask")

    task_id: Text
    channel: Channel
    user_id: Id | None = None
    store_id: Id | None = None
    session_id: Id
    image_urls: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="The person first, then the garment and any accessories"
    )
    prompt: str = Field(description="May be empty: the generator then uses its default prompt")
    request_id: str = Field(description="The client's correlation id, verbatim")
    version: Literal[1]
    created_at: AwareDatetime

    @field_validator("version", mode="before")
    @classmethod
    def _version_is_known(cls, version: object) -> object:
        if version != 1 or isinstance(version, bool):
            raise PydanticCustomError("unsupported_version", "unsupported; this release reads version 1")
        return version

    @model_validator(mode="after")
    def _one_owner_as_the_channel_needs(self) -> Self:
        needed = self.channel.traits.owner_field
        refused = "store_id" if needed == "user_id" else "user_id"
        if getattr(self, needed) is None:
            raise PydanticCustomError("owner_missing", f"{needed} is required for channel {self.channel}")
        if getattr(self, refused) is not None:
            raise PydanticCustomError("owner_refused", f"{refused} does not belong to channel {self.channel}")
        return self

    @property
    def owner_id(self) -> str:
        """The user (b2c) or the store (b2b) that this generation belongs to."""
        owner = getattr(self, self.channel.traits.owner_field)
        assert isinstance(owner, str)  # noqa: S101 - the validator above holds this
        return owner

    @property
    def trace_id(self) -> str:
        """The request id as logs, messages and the provider see it; without one, the session's."""
        return traceable(self.request_id or self.session_id)

    @classmethod
    def parse(cls, entry: bytes | str) -> Self:
        """Read a queue entry.

        Raises `InvalidTaskError` with a reason that is safe to log and to store.
        """
        try:
            return cls.model_validate_json(entry)
        except ValidationError as error:
            raise InvalidTaskError(_explain(error)) from None

    @classmethod
    def read(cls, fields: object) -> Self:
        """Read what `parse` made of an entry after it travelled through Celery as a JSON object.

        Raises `InvalidTaskError`.
        """
        return cls.parse(json.dumps(fields))


def _explain(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_REASONS]
    return "; ".join(f"{_place(detail['loc'])}{detail['msg']}" for detail in details)


def _place(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""
