import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from wearon_sizing.measurement import Person, Sex
from wearon_sizing.sizes import DEFAULT_CHART, SizeChart

_SIZE = re.compile(r"[A-Z0-9]{1,10}")
_MOST_BANDS = 30

Finite: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]


class Band(BaseModel):
    """A size and the chest girth, cm, up to and including which it fits; the last band has no limit."""

    model_config = ConfigDict(extra="forbid", strict=True)

    size: str = Field(pattern=rf"^{_SIZE.pattern}$")
    up_to_cm: Annotated[float, Field(gt=0, le=500, allow_inf_nan=False)] | None = None


class UnknownChart(Exception):  # noqa: N818 - a finding about the request
    """The request names a chart that there is none of."""


def _as_sex(value: object) -> object:
    if value is None:
        return None
    if isinstance(value, str) and value in set(Sex):
        return Sex(value)
    raise ValueError(f"must be {' or '.join(Sex)}")


def _kind_of_chart(value: object) -> str:
    return "bands" if isinstance(value, list) else "name"


# By its kind, so that an error is told of what was meant, and not of the other one as well.
_Chart: TypeAlias = Annotated[
    Annotated[str, Tag("name")]
    | Annotated[list[Band], Field(min_length=2, max_length=_MOST_BANDS), Tag("bands")],
    Discriminator(_kind_of_chart),
]


class PersonFields(BaseModel):
    """What is known of the person, and what sizes there are. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    height_cm: Finite = Field(ge=100, le=250, examples=[168])
    weight_kg: Annotated[Finite, Field(ge=25, le=300)] | None = Field(None, examples=[61.5])
    sex: Annotated[Sex, BeforeValidator(_as_sex)] | None = Field(None, examples=["female"])
    size_chart: _Chart = Field(
        DEFAULT_CHART,
        description="A chart's name, or bands from small to large",
        examples=[DEFAULT_CHART],
    )

    @model_validator(mode="after")
    def _bands_rise(self) -> "PersonFields":
        if not isinstance(self.size_chart, str):
            _require_rising(self.size_chart)
        return self

    @property
    def person(self) -> Person:
        """The person, without the picture."""
        return Person(height_cm=self.height_cm, weight_kg=self.weight_kg, sex=self.sex)

    def chart_from(self, charts: Mapping[str, SizeChart]) -> SizeChart:
        """Return the chart that is meant.

        Raises:
            UnknownChart: there is none of that name.
        """
        if not isinstance(self.size_chart, str):
            sizes = tuple(band.size for band in self.size_chart)
            limits_cm = tuple(band.up_to_cm for band in self.size_chart if band.up_to_cm is not None)
            return SizeChart(sizes, limits_cm)
        try:
            return charts[self.size_chart]
        except KeyError:
            raise UnknownChart from None


class EstimateRequest(PersonFields):
    """A picture of one person from head to feet, and the stature."""

    image_url: str = Field(min_length=1, max_length=4096, examples=["https://example.com/me.jpg"])


def _require_rising(bands: list[Band]) -> None:
    limits_cm = [band.up_to_cm for band in bands]
    if limits_cm[-1] is not None or None in limits_cm[:-1]:
        raise ValueError("every band but the last needs up_to_cm, and the last has none")
    known_cm = [limit for limit in limits_cm if limit is not None]
    if any(higher <= lower for lower, higher in pairwise(known_cm)):
        raise ValueError("up_to_cm must rise from band to band")
    if len({band.size for band in bands}) < len(bands):
        raise ValueError("each size may occur once")
