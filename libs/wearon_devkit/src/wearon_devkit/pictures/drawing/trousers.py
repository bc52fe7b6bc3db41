"""Sand-coloured chinos."""

from PIL import Image

from wearon_devkit.pictures.drawing.curves import Path, arc, bend, between, curve, dashes, mirrored, sharp
from wearon_devkit.pictures.drawing.sheet import Fold, Sheet

CLOTH = (200, 172, 132)
INSIDE = (128, 104, 76)
STITCH = (156, 126, 88)
BUTTON = (96, 72, 50)

LEG = (
    sharp(33.6, 12), bend(31, 24), bend(29.4, 38), bend(29.6, 66), sharp(31.4, 111), bend(37, 112.4),
    sharp(43.4, 111.4), bend(46, 78), sharp(50.2, 45), sharp(50.2, 12.6), sharp(33.6, 12),
)  # fmt: skip
WAIST = (arc(33.6, 8, 2.2), arc(33.2, 13, 2.4))


def draw() -> Image.Image:
    """Return the trousers on a cool light backdrop."""
    sheet = Sheet.plain((240, 243, 245), (214, 220, 224))
    left = curve(LEG)
    sheet.lay_shadow([left, mirrored(left), between(*WAIST)])
    sheet.lay(between(arc(33.8, 8, -0.6), arc(33.8, 8.2, 2.6)), INSIDE, lift=0.2)
    sheet.lay(mirrored(left), CLOTH, [fold.mirrored() for fold in leg_folds()], lift=0.4)
    sheet.lay(left, CLOTH, leg_folds(), lift=0.4)
    sheet.lay(between(*WAIST), CLOTH, lift=0.5)
    draw_loops(sheet)
    draw_seams(sheet)
    sheet.draw_button(50, 12.7, 1.1, BUTTON)
    return sheet.finished()


def leg_folds() -> list[Fold]:
    """Return the ironed crease and the wrinkles of the left leg."""
    return [
        Fold(curve([bend(39.4, 20), bend(38.4, 50), bend(37.6, 80), bend(37.4, 110)]), 46, 1.2, 0.9),
        Fold(curve([bend(41.2, 22), bend(40.6, 52), bend(39.8, 80), bend(39.6, 110)]), -36, 2.4, 1.5),
        Fold(curve([bend(50, 44), bend(44, 47), bend(37, 47)]), -54, 1.7, 1.1),
        Fold(curve([bend(49.6, 38), bend(45, 40), bend(41, 39.4)]), -46, 1.5, 1.0),
        Fold(curve([bend(47, 70), bend(41, 74), bend(35, 73)]), -40, 1.7, 1.1),
        Fold(curve([bend(31, 78), bend(36, 80.4), bend(42, 79.4)]), -36, 1.7, 1.1),
        Fold(curve([bend(32, 104), bend(37, 106), bend(42.4, 104.6)]), -38, 1.5, 1.0),
    ]


def draw_loops(sheet: Sheet) -> None:
    """Lay the belt loops."""
    for x, top_y in ((38, 8.8), (44, 9.4), (56, 9.4), (62, 8.8)):
        loop = between([(x - 0.8, top_y), (x + 0.8, top_y)], [(x - 0.8, top_y + 6.4), (x + 0.8, top_y + 6.4)])
        sheet.lay(loop, CLOTH, lift=0.5)


def draw_seams(sheet: Sheet) -> None:
    """Draw pockets, fly, waistband and hems."""
    pocket = curve([sharp(37.6, 15.4), bend(35.4, 21), sharp(31.2, 26)])
    fly = curve([sharp(53.2, 15.6), bend(53.4, 28), bend(52.6, 33), sharp(50.4, 36.6)])
    hem = curve([sharp(31.4, 108.4), bend(37.2, 109.8), sharp(43.4, 108.8)])
    middle: Path = [(50.2, 15.4), (50.2, 45)]
    sheet.draw_lines([middle, pocket, mirrored(pocket)], STITCH, 0.4)
    inner_pocket = [(x + 0.9, y + 0.5) for x, y in pocket]
    for line in (inner_pocket, mirrored(inner_pocket), fly, hem, mirrored(hem), arc(33.4, 14, 2.4)):
        sheet.draw_lines(dashes(line), STITCH, 0.28)
