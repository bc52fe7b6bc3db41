"""From a body to a size, how sure it is, and a word for the shape."""

from wearon_sizing.sizes.advice import SizeAdvice, SizeRange, advise_size
from wearon_sizing.sizes.body_type import BodyType, body_type_of
from wearon_sizing.sizes.chart import SizeChart
from wearon_sizing.sizes.named_charts import DEFAULT_CHART, load_charts

__all__ = [
    "DEFAULT_CHART",
    "BodyType",
    "SizeAdvice",
    "SizeChart",
    "SizeRange",
    "advise_size",
    "body_type_of",
    "load_charts",
]
