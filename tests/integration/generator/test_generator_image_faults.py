"""How a try-on ends when its images or its text cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from served_shop import ServedShop
from shop import CREDITS, Outcome, Shop

from wearon_devkit.producer import TryOn

UNUSABLE = (
    "We could not use one of your images. You were not charged. "
    "Please use JPEG, PNG or WebP pictures of up to 10 MB."
)
UNREACHABLE = "We could not download one of your images. You were not charged. Please upload it again."
NO_PICTURE = b"this is not a picture"
HALF_A_JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 100
TOO_LARGE = "This try-on has too many images or too long a description. You were not charged."

CASES = {
    "no such picture": UNREACHABLE,
    "not a picture": UNUSABLE,
    "half a picture": UNUSABLE,
    "cloud metadata": UNUSABLE,
    "a file of the server": UNUSABLE,
    "an inner service": UNUSABLE,
    "a name that does not exist": UNREACHABLE,
    "the second of two is bad": UNUSABLE,
    "the host breaks": UNREACHABLE,
    "17 pictures": TOO_LARGE,
    "a prompt of 32,001 characters": TOO_LARGE,
}


@dataclass(frozen=True)
class Wishes:
    """What is asked for in each case."""

    shop: Shop

    def of(self, case: str) -> TryOn:
        if case == "a prompt of 32,001 characters":
            return self.shop.try_on(prompt="x" * 32_001)
        return self.shop.try_on(image_urls=self._image_urls(case))

    def _image_urls(self, case: str) -> list[str]:
        shop, good = self.shop, self.shop.pictures[0]
        shop.break_supabase("/storage/v1/object/sign/images/uploads/broken.jpg", "unavailable", count=9)
        return {
            "no such picture": [good.replace("person.jpg", "gone.jpg")],
            "not a picture": [shop.upload("text.jpg", NO_PICTURE)],
            "half a picture": [shop.upload("half.jpg", HALF_A_JPEG)],
            "cloud metadata": ["http://169.254.169.254/stores/S/uploads/x"],
            "a file of the server": ["file:///etc/passwd"],
            "an inner service": ["https://127.0.0.1:6379/"],
            "a name that does not exist": ["https://pictures.invalid/a.jpg"],
            "the second of two is bad": [good, shop.upload("second.jpg", NO_PICTURE)],
            "the host breaks": [good.replace("person.jpg", "broken.jpg")],
            "17 pictures": [good] * 17,
        }[case]


@pytest.fixture(scope="module")
def try_ons(served: ServedShop) -> Mapping[str, TryOn]:
    """A try-on for each case, all of them asked for at once."""
    wishes = Wishes(served.shop)
    asked = {case: wishes.of(case) for case in CASES}
    for try_on in asked.values():
        served.shop.producer.submit(try_on)
    served.shop.wait_until_ended(*asked.values())
    return asked


@pytest.mark.parametrize("case", CASES)
def test_it_is_refunded_with_a_message_for_people_and_the_provider_never_called(
    case: str, try_ons: Mapping[str, TryOn], served: ServedShop
) -> None:
    assert served.shop.outcome(try_ons[case]) == Outcome(
        "failed", CASES[case], CREDITS, refunds=1, provider_calls=0
    )
