"""What a call would have cost in tokens."""

from collections.abc import Iterable

OUTPUT_TOKENS_1024_SQUARE = {"low": 272, "medium": 1056, "high": 4160, "auto": 1056}
"""Output tokens of a 1024x1024 picture: OpenAI's image generation guide, "Cost and latency"."""

SQUARE_AREA_PX = 1024 * 1024
CHARS_PER_TEXT_TOKEN = 4
IMAGE_BASE_TOKENS = 65
IMAGE_TILE_TOKENS = 129
"""An input picture, scaled to a shortest side of 512: a base and so much a tile (OpenAI's vision guide)."""


def usage_of(
    prompt: str,
    input_sizes_px: Iterable[tuple[int, int]],
    output_size_px: tuple[int, int],
    quality: str,
    image_count: int,
) -> dict[str, object]:
    """Return the `usage` object of an answer: whole tokens, total = input + output."""
    text_tokens = -(-len(prompt) // CHARS_PER_TEXT_TOKEN)
    image_tokens = sum(input_tokens(size_px) for size_px in input_sizes_px)
    produced_tokens = image_count * output_tokens(output_size_px, quality)
    return {
        "input_tokens": text_tokens + image_tokens,
        "input_tokens_details": {"text_tokens": text_tokens, "image_tokens": image_tokens},
        "output_tokens": produced_tokens,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": produced_tokens},
        "total_tokens": text_tokens + image_tokens + produced_tokens,
    }


def input_tokens(size_px: tuple[int, int]) -> int:
    """Return the tokens of one input picture."""
    shortest_px, longest_px = sorted(size_px)
    tiles = -(-longest_px // max(shortest_px, 1))
    return IMAGE_BASE_TOKENS + tiles * IMAGE_TILE_TOKENS


def output_tokens(size_px: tuple[int, int], quality: str) -> int:
    """Return the tokens of one finished picture, which grow with its area."""
    return round(OUTPUT_TOKENS_1024_SQUARE[quality] * size_px[0] * size_px[1] / SQUARE_AREA_PX)
