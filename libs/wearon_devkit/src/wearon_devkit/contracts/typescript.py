"""The TypeScript type of the task, for the producer."""

from typing import Any

from wearon_common.channel import Channel

_OWNERS = ("user_id", "store_id")
_HEAD = "// Generated from wearon_common.task by `wearon-dev contracts`.\n"


def generation_task_type(schema: dict[str, Any]) -> str:
    """Give a module that exports `GenerationTask`, one member of the union per channel."""
    shared = {
        name: field for name, field in schema["properties"].items() if name not in {*_OWNERS, "channel"}
    }
    members = " | ".join(_interface_name(channel) for channel in Channel)
    return "\n".join(
        [
            _HEAD,
            _interface("TaskFields", [_property(name, field) for name, field in shared.items()]),
            *(_channel_interface(channel) for channel in Channel),
            f"export type GenerationTask = {members};\n",
        ]
    )


def _channel_interface(channel: Channel) -> str:
    needed = channel.traits.owner_field
    refused = next(owner for owner in _OWNERS if owner != needed)
    return _interface(
        f"{_interface_name(channel)} extends TaskFields",
        [f'channel: "{channel}";', f"{needed}: string;", f"{refused}?: null;"],
    )


def _interface_name(channel: Channel) -> str:
    return f"{channel.value.capitalize()}GenerationTask"


def _interface(name: str, lines: list[str]) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return f"export interface {name} {{\n{body}\n}}\n"


def _property(name: str, field: dict[str, Any]) -> str:
    comment = f"/** {field['description']} */ " if "description" in field else ""
    return f"{comment}{name}: {_type(field)};"


def _type(field: dict[str, Any]) -> str:
    match field:
        case {"const": value}:
            return str(value)
        case {"type": "array", "minItems": 1, "items": items}:
            return f"[{_type(items)}, ...{_type(items)}[]]"
        case {"type": "string"}:
            return "string"
        case _:
            raise TypeError(f"no TypeScript for {field}")
