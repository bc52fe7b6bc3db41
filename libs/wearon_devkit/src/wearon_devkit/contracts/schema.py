"""The JSON Schema of the task."""

from typing import Any

from wearon_common.channel import Channel
from wearon_common.task import GenerationTask

_OWNERS = ("user_id", "store_id")


def generation_task_schema() -> dict[str, Any]:
    """Give the schema (2020-12) of a queue entry, the rule about the owner included."""
    schema = GenerationTask.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Generated from wearon_common.task by `wearon-dev contracts`",
        **schema,
        "allOf": [_owner_rule(channel) for channel in Channel],
    }


def _owner_rule(channel: Channel) -> dict[str, Any]:
    needed = channel.traits.owner_field
    return {
        "if": {"properties": {"channel": {"const": channel.value}}, "required": ["channel"]},
        "then": {
            "required": [needed],
            "properties": {
                owner: {"type": "string"} if owner == needed else {"type": "null"} for owner in _OWNERS
            },
        },
    }
