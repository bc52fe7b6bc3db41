"""`python -m wearon_devkit.pictures.drawing [DIR]`: draw the four garments anew."""

from pathlib import Path
from typing import Annotated

import typer

from wearon_devkit.pictures.drawing import dress, jacket, trousers, tshirt

GARMENT_DIR = Path(__file__).parent.parent / "garments"


def draw_all(directory: Annotated[Path, typer.Argument(help="Where the pictures go.")] = GARMENT_DIR) -> None:
    """Draw the garments: JPEG, WebP and PNG, the dress with a see-through backdrop."""
    tshirt.draw().convert("RGB").save(directory / "tshirt.jpg", quality=90)
    jacket.draw().convert("RGB").save(directory / "jacket.jpg", quality=90)
    trousers.draw().convert("RGB").save(directory / "trousers.webp", quality=88)
    dress.draw().save(directory / "dress.png", optimize=True)


if __name__ == "__main__":
    typer.run(draw_all)
