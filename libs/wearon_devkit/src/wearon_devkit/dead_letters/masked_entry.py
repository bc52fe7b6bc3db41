import json
from typing import cast

from wearon_common.redaction import MASK, redact


def masked_entry(entry: str) -> str:
    """Write an entry so that it may be shown: no prompt, no e-mail, no key, no query of a URL.

    A JSON object is indented. In any other text, whatever follows the word "prompt" is masked. What a
    terminal would obey is escaped.
    """
    try:
        fields = json.loads(entry)
        return json.dumps(_masked(fields), indent=2) if isinstance(fields, dict) else _masked_text(entry)
    except (ValueError, RecursionError):
        return _masked_text(entry)


def _masked_text(text: str) -> str:
    return ascii(redact(_without_prompt(text)))


def _masked(fields: dict[str, object]) -> dict[str, object]:
    shown = cast("dict[str, object]", redact(_without_prompts(fields)))
    urls = fields.get("image_urls")
    if isinstance(urls, list):
        # Addresses help to see what is wrong; redaction masks them whole.
        shown["image_urls"] = [_address(url) for url in urls]
    return shown


def _without_prompts(value: object) -> object:
    """Mask prompts inside of texts: somebody may have encoded JSON as a string of JSON."""
    match value:
        case str():
            return _without_prompt(value)
        case dict():
            return {name: _without_prompts(item) for name, item in value.items()}
        case list():
            return [_without_prompts(item) for item in value]
        case _:
            return value


def _without_prompt(text: str) -> str:
    start = text.lower().find("prompt")
    return text if start < 0 else f"{text[:start]}prompt… {MASK}"


def _address(url: object) -> object:
    if not isinstance(url, str):
        return MASK
    if url.strip().lower().startswith("data:"):
        return f"data:{MASK}"  # the picture itself
    address = url.partition("?")[0].partition("#")[0]
    return redact(address) if address == url else f"{redact(address)}?{MASK}"
