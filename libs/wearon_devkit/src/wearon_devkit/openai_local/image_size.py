"""The `size` parameter: fixed sizes for the 1.x models, rules for the later ones."""

import re

from wearon_devkit.openai_local.errors import ApiError, bad_parameter

FIXED_SIZES_PX = {"1024x1024": (1024, 1024), "1024x1536": (1024, 1536), "1536x1024": (1536, 1024)}
STEP_PX = 16
EDGE_LIMIT_PX = 3840
ASPECT_LIMIT = 3
AREA_RANGE_PX = (655_360, 8_294_400)
"""Sizes of the 2.x models: OpenAI's image generation guide, section on size and quality options."""


def parse_size(text: str, model: str) -> tuple[int, int] | None:
    """Return (width, height) in pixels, or None for `auto`.

    Raises ApiError: 400 with param `size` when the model cannot make a picture of that size.
    """
    if text == "auto":
        return None
    if text in FIXED_SIZES_PX:
        return FIXED_SIZES_PX[text]
    if model.startswith("gpt-image-1"):
        raise invalid_size(text, "Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.")
    return parse_free_size(text)


def parse_free_size(text: str) -> tuple[int, int]:
    """Return the size of a `WIDTHxHEIGHT` text that keeps to the rules of the 2.x models."""
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text, re.ASCII)
    if found is None:
        raise invalid_size(text, "Expected 'WIDTHxHEIGHT' or 'auto'.")
    width_px, height_px = int(found[1]), int(found[2])
    if width_px % STEP_PX or height_px % STEP_PX:
        raise invalid_size(text, f"Width and height must both be divisible by {STEP_PX}.")
    if not AREA_RANGE_PX[0] <= width_px * height_px <= AREA_RANGE_PX[1]:
        raise invalid_size(text, f"The picture must have {AREA_RANGE_PX[0]} to {AREA_RANGE_PX[1]} pixels.")
    if max(width_px, height_px) > min(EDGE_LIMIT_PX, ASPECT_LIMIT * min(width_px, height_px)):
        raise invalid_size(
            text, f"No edge may exceed {EDGE_LIMIT_PX} pixels, no aspect ratio {ASPECT_LIMIT}:1."
        )
    return width_px, height_px


def invalid_size(text: str, rule: str) -> ApiError:
    """Return the 400 that names the rule a size has broken."""
    return bad_parameter("size", "invalid_value", f"Invalid value: '{text}'. {rule}")


def size_for_auto(first_image_px: tuple[int, int]) -> tuple[int, int]:
    """Return the fixed size that comes closest to the first picture's orientation."""
    width_px, height_px = first_image_px
    if width_px == height_px:
        return 1024, 1024
    return (1024, 1536) if width_px < height_px else (1536, 1024)
