"""The form of `POST /v1/images/edits`, checked as OpenAI checks it.

Limits and allowed values: OpenAI API reference, "Create image edit", for the GPT image models.
"""

from dataclasses import dataclass

from starlette.datastructures import FormData

from wearon_devkit.openai_local.errors import ApiError, bad_parameter, model_not_found
from wearon_devkit.openai_local.image_size import parse_size
from wearon_devkit.openai_local.uploads import UploadedImage, read_uploads

PROMPT_LIMIT_CHARS = 32_000
IMAGES_PER_CALL_LIMIT = 10
INPUT_FIDELITY_MODELS = frozenset({"gpt-image-1", "gpt-image-1.5"})
CHOICES = {
    "quality": ("low", "medium", "high", "auto"),
    "output_format": ("png", "jpeg", "webp"),
    "background": ("transparent", "opaque", "auto"),
    "moderation": ("low", "auto"),
    "input_fidelity": ("high", "low"),
}
TEXT_FIELDS = frozenset(
    {"prompt", "model", "size", "n", "output_compression", "safety_identifier", "user", *CHOICES}
)
FILE_FIELDS = frozenset({"image", "image[]"})


@dataclass(frozen=True, slots=True)
class EditRequest:
    """One accepted call.

    `size_px` is (width, height), or None for `auto`; `compression_percent` is 0 (smallest) to 100 (best).
    """

    images: tuple[UploadedImage, ...]
    prompt: str
    model: str
    size_px: tuple[int, int] | None
    quality: str
    output_format: str
    compression_percent: int
    image_count: int


async def read_edit_request(form: FormData) -> EditRequest:
    """Check a multipart form and read its images into memory.

    Raises ApiError: with the status, code and param that OpenAI answers for the first thing that is wrong.
    """
    refuse_unknown_fields(form)
    model = read_model(form)
    return EditRequest(
        prompt=read_prompt(form),
        model=model,
        size_px=parse_size(text_of(form, "size") or "auto", model),
        quality=read_choice(form, "quality", default="auto"),
        output_format=read_choice(form, "output_format", default="png"),
        compression_percent=read_integer(form, "output_compression", default=100, low=0, high=100),
        image_count=read_integer(form, "n", default=1, low=1, high=IMAGES_PER_CALL_LIMIT),
        images=await read_uploads([*form.getlist("image"), *form.getlist("image[]")]),
    )


def refuse_unknown_fields(form: FormData) -> None:
    """Refuse what the stub does not know, so that a misspelt parameter never passes silently."""
    for name in form:
        if name not in TEXT_FIELDS | FILE_FIELDS:
            raise bad_parameter(name, "unknown_parameter", f"Unknown parameter: '{name}'.")
    for name in ("background", "moderation"):
        read_choice(form, name, default="auto")


def read_model(form: FormData) -> str:
    """Return the model's name; any GPT image model exists here, whatever its version."""
    model = text_of(form, "model") or "gpt-image-1.5"
    if not model.startswith(("gpt-image-", "chatgpt-image-")):
        raise model_not_found(model)
    if text_of(form, "input_fidelity") is not None and model not in INPUT_FIDELITY_MODELS:
        raise ApiError(
            400,
            "invalid_input_fidelity_model",
            f"The model '{model}' does not support the 'input_fidelity' parameter.",
            type="image_generation_user_error",
            param="input_fidelity",
        )
    read_choice(form, "input_fidelity", default="low")
    return model


def read_prompt(form: FormData) -> str:
    """Return the prompt, 1 to 32,000 characters."""
    prompt = text_of(form, "prompt")
    if not prompt:
        raise bad_parameter("prompt", "missing_required_parameter", "Missing required parameter: 'prompt'.")
    if len(prompt) > PROMPT_LIMIT_CHARS:
        message = (
            "Invalid 'prompt': string too long. Expected a string with maximum length "
            f"{PROMPT_LIMIT_CHARS}, but got a string with length {len(prompt)} instead."
        )
        raise bad_parameter("prompt", "string_above_max_length", message)
    return prompt


def read_choice(form: FormData, name: str, *, default: str) -> str:
    """Return one of the values that `CHOICES` lists for a field."""
    value = text_of(form, name) or default
    if value not in CHOICES[name]:
        *most, last = [f"'{choice}'" for choice in CHOICES[name]]
        message = f"Invalid value: '{value}'. Supported values are: {', '.join(most)} and {last}."
        raise bad_parameter(name, "invalid_value", message)
    return value


def read_integer(form: FormData, name: str, *, default: int, low: int, high: int) -> int:
    """Return a whole number between low and high, both included."""
    text = text_of(form, name) or str(default)
    try:
        value = int(text)
    except ValueError:
        message = f"Invalid type for '{name}': expected an integer, but got a string instead."
        raise bad_parameter(name, "invalid_type", message) from None
    if value < low:
        message = f"Invalid '{name}': integer below minimum value. Expected a value >= {low}."
        raise bad_parameter(name, "integer_below_min_value", message)
    if value > high:
        message = f"Invalid '{name}': integer above maximum value. Expected a value <= {high}."
        raise bad_parameter(name, "integer_above_max_value", message)
    return value


def text_of(form: FormData, name: str) -> str | None:
    """Return a text field's value, or None when the form lacks it."""
    value = form.get(name)
    if value is None or isinstance(value, str):
        return value
    raise bad_parameter(
        name, "invalid_type", f"Invalid type for '{name}': expected a string, but got a file instead."
    )
