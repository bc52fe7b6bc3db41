"""Examples that both sides must judge alike; the verdict is the model's own."""

import json
from typing import Any

from wearon_common.task import GenerationTask, InvalidTaskError

_B2C: dict[str, Any] = {
    "task_id": "0f9b8a52-6a3e-4b3f-9b5f-3f6c9f8b1d11",
    "channel": "b2c",
    "user_id": "11111111-1111-4111-8111-111111111111",
    "session_id": "01a2014c-1dac-7eae-b784-d1afdf411841",
    "image_urls": [
        "https://abc.supabase.co/storage/v1/object/sign/images/uploads/model.jpg?token=T1",
        "https://abc.supabase.co/storage/v1/object/sign/images/uploads/outfit.jpg?token=T2",
    ],
    "prompt": "Virtual try-on",
    "request_id": "req_5b0f8a52-6a3e-4b3f-9b5f-3f6c9f8b1d11",
    "version": 1,
    "created_at": "2026-02-17T05:10:53.123Z",
}
_B2B = {name: value for name, value in _B2C.items() if name != "user_id"} | {
    "channel": "b2b",
    "store_id": "22222222-2222-4222-8222-222222222222",
}


def generation_task_vectors() -> list[dict[str, Any]]:
    """List examples with `valid` and, when not valid, the `reason` that a dead letter would carry."""
    return [{"name": name, "task": task, **_verdict(task)} for name, task in _examples().items()]


def _examples() -> dict[str, Any]:
    return {
        "b2c": _B2C,
        "b2b": _B2B,
        "the other owner is null": {**_B2C, "store_id": None},
        "ids that are no UUIDs": {**_B2C, "task_id": "task-123", "session_id": "session-123"},
        "ids in upper case": {**_B2C, "session_id": _B2C["session_id"].upper()},
        "no milliseconds": {**_B2C, "created_at": "2026-02-17T05:10:53Z"},
        "one image": {**_B2B, "image_urls": _B2B["image_urls"][:1]},
        "empty prompt": {**_B2C, "prompt": ""},
        "any text as request id": {**_B2B, "request_id": "Bestellung №7 / \u00e4\u00f6\u00fc"},
        "unknown extra keys": {**_B2C, "priority": 5},
        "b2c without user": {name: value for name, value in _B2C.items() if name != "user_id"},
        "b2c with a null user": {**_B2C, "user_id": None},
        "b2c with a store": {**_B2C, "store_id": _B2B["store_id"]},
        "b2b without store": {name: value for name, value in _B2B.items() if name != "store_id"},
        "b2b with a user": {**_B2B, "user_id": _B2C["user_id"]},
        "unknown channel": {**_B2C, "channel": "b2x"},
        "unknown version": {**_B2C, "version": 2},
        "version as text": {**_B2C, "version": "1"},
        "no version": {name: value for name, value in _B2C.items() if name != "version"},
        "no image": {**_B2C, "image_urls": []},
        "images as one text": {**_B2C, "image_urls": _B2C["image_urls"][0]},
        "empty session id": {**_B2C, "session_id": ""},
        "session id as number": {**_B2C, "session_id": 7},
        "null prompt": {**_B2C, "prompt": None},
        "created_at without a zone": {**_B2C, "created_at": "2026-02-17T05:10:53"},
        "created_at is no time": {**_B2C, "created_at": "yesterday"},
        "not an object": ["b2c"],
    }


def _verdict(task: object) -> dict[str, Any]:
    try:
        GenerationTask.parse(json.dumps(task))
    except InvalidTaskError as error:
        return {"valid": False, "reason": str(error)}
    return {"valid": True}
