from wearon_sizing.estimator import Estimate, Estimator
from wearon_sizing.landmarkers import Overloaded
from wearon_sizing.measurement import Person
from wearon_sizing.sizes import SizeChart


class LimitedEstimator:
    """Has at most so many pictures in hand at once, those included that wait to be decoded.

    Who is refused is so at once: not after waiting for a thread, and for nothing.
    """

    def __init__(self, estimator: Estimator, most_pictures: int) -> None:
        self._estimator = estimator
        self._most_pictures = most_pictures
        self._pictures = 0

    @property
    def is_overloaded(self) -> bool:
        """Whether another picture would be refused."""
        return self._pictures >= self._most_pictures or self._estimator.is_overloaded

    async def estimate(self, picture: bytes, person: Person, chart: SizeChart) -> Estimate:
        """Do as `Estimator.estimate` does, or raise Overloaded."""
        if self.is_overloaded:
            raise Overloaded
        self._pictures += 1
        try:
            return await self._estimator.estimate(picture, person, chart)
        finally:
            self._pictures -= 1
