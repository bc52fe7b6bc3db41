"""An emerald summer dress with a belt, cut out: its backdrop is transparent."""

from PIL import Image

from wearon_devkit.pictures.drawing.curves import (
    Path,
    arc,
    bend,
    between,
    curve,
    dashes,
    mirrored,
    sharp,
    symmetric,
)
from wearon_devkit.pictures.drawing.sheet import Fold, Sheet

CLOTH = (26, 122, 96)
INSIDE = (14, 74, 60)
BELT = (188, 138, 84)
BUCKLE = (236, 210, 140)
STITCH = (92, 176, 150)

TOP = (
    sharp(38, 9), bend(35.6, 9.6), sharp(33, 10.6), bend(34, 19), sharp(31, 28), bend(33.4, 37),
    sharp(36, 47), bend(43, 48), bend(50, 48.2),
)  # fmt: skip
SKIRT = (
    sharp(36, 46.5), bend(31, 62), bend(24.5, 84), sharp(17.5, 108), bend(22, 111.4), bend(27.5, 109.6),
    bend(33, 113), bend(39, 111), bend(44.6, 114), bend(50, 112),
)  # fmt: skip
NECK = arc(38, 9, 14)


def draw() -> Image.Image:
    """Return the dress as RGBA, transparent around it."""
    sheet = Sheet.transparent()
    sheet.lay(between(arc(38, 9, 2.4), arc(38.1, 9.4, 14.2)), INSIDE, lift=0.2)
    sheet.lay(symmetric(SKIRT, arc(36, 46.5, 1)), CLOTH, skirt_folds(), lift=0.2)
    sheet.lay(symmetric(TOP, NECK), CLOTH, top_folds(), lift=0.3)
    draw_belt(sheet)
    for line in (arc(37.2, 9.6, 14.6), *armholes()):
        sheet.draw_lines(dashes(line), STITCH, 0.28)
    return sheet.finished()


def armholes() -> tuple[Path, Path]:
    """Return the seams along both armholes."""
    left = curve([sharp(33.9, 10.6), bend(34.9, 19), sharp(32, 28)])
    return left, mirrored(left)


def top_folds() -> list[Fold]:
    """Return the darts and the creases of the bodice."""
    left = [
        Fold(curve([bend(32, 29), bend(37, 32), bend(41, 33.5)]), -40, 1.6, 1.0),
        Fold(curve([bend(41, 46), bend(41.5, 40), bend(42.5, 34)]), -48, 1.4, 0.9),
        Fold(curve([bend(38, 18), bend(39, 25), bend(40, 31)]), 34, 3.4, 2.2),
    ]
    return [*left, *(fold.mirrored() for fold in left)]


def skirt_folds() -> list[Fold]:
    """Return the pleats, which widen from the belt to the hem."""
    dark = [(39.5, 30.2), (43.8, 39), (48, 46.6), (54.4, 58.4), (58.6, 66.4), (62, 74.5)]
    light = [(37.6, 24.6), (41.6, 34.6), (50.6, 52.2), (56.8, 63), (60.4, 70.6)]
    return [
        *(Fold(pleat(top_x, hem_x), -62, 1.9, 1.1) for top_x, hem_x in dark),
        *(Fold(pleat(top_x, hem_x), 40, 2.4, 1.4) for top_x, hem_x in light),
    ]


def pleat(top_x: float, hem_x: float) -> Path:
    """Return one pleat from the belt to the hem."""
    return curve([bend(top_x, 50), bend((2 * top_x + hem_x) / 3, 72), bend(hem_x, 111)])


def draw_belt(sheet: Sheet) -> None:
    """Lay the belt and its buckle over the seam between top and skirt."""
    sheet.lay(between(arc(35.6, 44.6, 1), arc(35.8, 48.4, 1)), BELT, lift=0.5)
    buckle = curve([sharp(47, 44.6), sharp(53, 44.6), sharp(53, 50.4), sharp(47, 50.4), sharp(47, 44.6)])
    opening = curve(
        [sharp(48.2, 45.8), sharp(51.8, 45.8), sharp(51.8, 49.2), sharp(48.2, 49.2), sharp(48.2, 45.8)]
    )
    sheet.lay(buckle, BUCKLE, lift=0.4)
    sheet.lay(opening, BELT, lift=0.2)
    sheet.draw_lines([[(47.6, 47.5), (51.8, 47.5)]], BUCKLE, 0.5)
