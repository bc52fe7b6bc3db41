"""A terracotta T-shirt with a cream collar."""

from PIL import Image

from wearon_devkit.pictures.drawing.curves import (
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

CLOTH = (208, 98, 70)
INSIDE = (150, 66, 48)
RIB = (243, 231, 211)
STITCH = (168, 72, 50)

BODY = (
    sharp(38.5, 14), bend(33, 16.4), sharp(26.5, 19), bend(30, 28), sharp(28, 42), bend(29.2, 60),
    bend(28, 84), sharp(27.2, 101), bend(38, 102.8), bend(50, 103.2),
)  # fmt: skip
SLEEVE = (
    sharp(27, 18.7), bend(19.5, 24), sharp(6.5, 43), bend(12.4, 48.5), sharp(20.5, 51.5), bend(25, 46.5),
    sharp(28.6, 42), bend(30.3, 29), sharp(27, 18.7),
)  # fmt: skip
NECK = arc(38.5, 14, 11)
BACK_NECK = arc(38.5, 14, 1.6)


def draw() -> Image.Image:
    """Return the T-shirt on a light grey backdrop."""
    sheet = Sheet.plain((246, 245, 242), (224, 222, 218))
    body, sleeve = symmetric(BODY, NECK), curve(SLEEVE)
    folds = sleeve_folds()
    sheet.lay_shadow([body, sleeve, mirrored(sleeve)])
    sheet.lay(between(BACK_NECK, arc(38.7, 14.6, 10.5)), INSIDE, lift=0.3)
    sheet.lay(between(BACK_NECK, arc(40.4, 15, 3)), RIB, lift=0.3)
    sheet.lay(sleeve, CLOTH, folds)
    sheet.lay(mirrored(sleeve), CLOTH, [fold.mirrored() for fold in folds])
    sheet.lay(body, CLOTH, body_folds(), lift=0.6)
    sheet.lay(between(arc(41.2, 13.1, 8.8), NECK), RIB, lift=0.5)
    draw_stitches(sheet)
    return sheet.finished()


def body_folds() -> list[Fold]:
    """Return the creases of the front: three on both sides, three where they fall."""
    left = [
        Fold(curve([bend(29, 43), bend(35, 50), bend(38, 60)]), -44),
        Fold(curve([bend(30.5, 72), bend(32.4, 86), bend(31.4, 99)]), -38, 2.6, 1.7),
        Fold(curve([bend(39, 64), bend(40, 80), bend(39, 98)]), 30, 3.2, 2.2),
    ]
    single = [
        Fold(curve([bend(36, 42), bend(50, 47), bend(63, 42)]), -20, 2.5, 2.2),
        Fold(curve([bend(54, 56), bend(57, 76), bend(55, 100)]), -34, 2.6, 1.8),
        Fold(curve([bend(45, 74), bend(47, 88), bend(46, 101)]), -30, 2.0, 1.5),
    ]
    return [*left, *(fold.mirrored() for fold in left), *single]


def sleeve_folds() -> list[Fold]:
    """Return the creases of the left sleeve."""
    return [
        Fold(curve([bend(27, 38), bend(22, 41), bend(17, 47)]), -46),
        Fold(curve([bend(25, 24), bend(19, 32), bend(13, 42)]), 30, 3.0, 2.0),
    ]


def draw_stitches(sheet: Sheet) -> None:
    """Draw the seams of the collar, the hem and the sleeves."""
    cuff = curve([sharp(8.4, 40.6), bend(14.2, 46), sharp(22, 49)])
    for line in (arc(37.6, 15, 11.4), arc(27.6, 98.4, 2.2), cuff, mirrored(cuff)):
        sheet.draw_lines(dashes(line), STITCH, 0.3)
