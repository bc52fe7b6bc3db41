from decimal import Decimal

import pytest

from wearon_generator.pricing import Prices
from wearon_generator.provider import Usage

LIST_PRICES = Prices(text=Decimal(5), image=Decimal(8), output=Decimal(30))


@pytest.mark.parametrize(
    ("usage", "cost_usd"),
    [
        (Usage(0, 0, 0), "0.000000"),
        (Usage(1_000_000, 0, 0), "5.000000"),
        (Usage(0, 1_000_000, 0), "8.000000"),
        (Usage(0, 0, 1_000_000), "30.000000"),
        (Usage(50, 400, 1_056), "0.035130"),
        (Usage(0, 0, 1), "0.000030"),
        (Usage(0, 0, 2**30), "9999.999999"),
        (Usage(10**30, 10**30, 10**30), "9999.999999"),
    ],
)
def test_a_call_costs_what_its_tokens_cost(usage: Usage, cost_usd: str) -> None:
    assert str(LIST_PRICES.cost_usd(usage)) == cost_usd


def test_a_price_below_a_cent_is_not_lost() -> None:
    prices = Prices(text=Decimal("0.6"), image=Decimal(0), output=Decimal(0))
    assert prices.cost_usd(Usage(10, 0, 0)) == Decimal("0.000006")
