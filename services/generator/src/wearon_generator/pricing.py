"""What a call costs."""

from dataclasses import dataclass
from decimal import Decimal

from wearon_generator.provider import Usage

_MILLION = Decimal(1_000_000)
_CENT_FRACTION = Decimal("0.000001")  # the session row keeps six decimals
_MOST_USD = Decimal("9999.999999")  # what the row has room for


@dataclass(frozen=True)
class Prices:
    """US dollars per million tokens."""

    text: Decimal
    image: Decimal
    output: Decimal

    def cost_usd(self, usage: Usage) -> Decimal:
        """Give the price of one call in US dollars, as far as a session row can hold it."""
        cost = (
            usage.input_text_tokens * self.text
            + usage.input_image_tokens * self.image
            + usage.output_tokens * self.output
        ) / _MILLION
        return min(cost, _MOST_USD).quantize(_CENT_FRACTION)
