"""Which pictures there are."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files(__package__)))


@dataclass(frozen=True, slots=True)
class Person:
    """A synthetic person: standing, frontal, head to feet, JPEG. `height_cm` is the body's true height."""

    name: str
    height_cm: float
    path: Path
    content_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Garment:
    """A drawn garment, laid out flat."""

    name: str
    path: Path
    content_type: str


PERSONS = (
    Person("amara", 173.8, FOLDER / "persons/amara.jpg"),
    Person("mei", 162.2, FOLDER / "persons/mei.jpg"),
    Person("jonas", 168.4, FOLDER / "persons/jonas.jpg"),
    Person("malik", 168.3, FOLDER / "persons/malik.jpg"),
)
"""Four people. Malik's picture is stored lying on its side, as phones do, with the EXIF tag that turns it."""

GARMENTS = (
    Garment("t-shirt", FOLDER / "garments/tshirt.jpg", "image/jpeg"),
    Garment("dress", FOLDER / "garments/dress.png", "image/png"),
    Garment("jacket", FOLDER / "garments/jacket.jpg", "image/jpeg"),
    Garment("trousers", FOLDER / "garments/trousers.webp", "image/webp"),
)
"""Four garments in the three picture types. The dress is cut out: its backdrop is transparent."""
