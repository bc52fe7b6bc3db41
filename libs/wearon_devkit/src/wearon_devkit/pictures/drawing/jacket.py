"""A navy bomber jacket with ribbed cuffs and a zip."""

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

CLOTH = (44, 62, 98)
LINING = (178, 104, 52)
RIB = (28, 38, 62)
RIB_LINE = (54, 70, 104)
ZIP = (206, 210, 216)
STITCH = (86, 108, 150)

BODY = (
    sharp(40.5, 13), bend(34, 15), sharp(27, 18.5), bend(29.6, 28), sharp(27, 44), bend(26, 62),
    bend(24.4, 80), sharp(25.6, 94), bend(38, 95.6), bend(50, 96),
)  # fmt: skip
SLEEVE = (
    sharp(28, 17.8), bend(19.5, 22), bend(14, 36), bend(9, 60), sharp(7.4, 86), bend(12.5, 88.4),
    sharp(18, 87.6), bend(22.4, 66), sharp(27.6, 45), bend(30, 30), sharp(28, 17.8),
)  # fmt: skip
CUFF = (
    sharp(8.4, 85.6), sharp(8.8, 93.4), bend(12.8, 95), sharp(17, 94.4), sharp(17.6, 87.2),
    bend(12.6, 87.8), sharp(8.4, 85.6),
)  # fmt: skip
NECK = arc(40.5, 13, 8)
WELT = (arc(26.4, 93.4, 2), arc(27.8, 101.6, 2))
COLLAR = (arc(41.4, 9.4, 6.2), arc(38.8, 14, 9.4))


def draw() -> Image.Image:
    """Return the jacket on a warm light backdrop."""
    sheet = Sheet.plain((245, 241, 234), (226, 219, 207))
    body, sleeve = symmetric(BODY, NECK), curve(SLEEVE)
    sheet.lay_shadow([body, sleeve, mirrored(sleeve), between(*WELT)])
    sheet.lay(between(arc(41.4, 9.4, 0.8), NECK), LINING, lift=0.3)
    lay_sleeves(sheet, sleeve)
    sheet.lay(body, CLOTH, body_folds(), lift=0.7)
    sheet.lay(between(*WELT), RIB, lift=0.4)
    sheet.lay(between(*COLLAR), RIB, lift=0.5)
    draw_ribs(sheet)
    draw_pockets(sheet)
    draw_zip(sheet)
    return sheet.finished()


def lay_sleeves(sheet: Sheet, sleeve: Path) -> None:
    """Lay both sleeves and their cuffs."""
    folds = [
        Fold(curve([bend(26, 44), bend(20, 50), bend(13, 54)]), -56, 1.8, 1.1),
        Fold(curve([bend(24, 56), bend(18, 60), bend(11.6, 62)]), -48, 1.8, 1.1),
        Fold(curve([bend(10, 76), bend(14, 79), bend(19, 78)]), -44, 1.6, 1.0),
        Fold(curve([bend(22, 24), bend(17.4, 42), bend(14, 66), bend(12.4, 84)]), 44, 3.0, 1.9),
    ]
    sheet.lay(sleeve, CLOTH, folds)
    sheet.lay(mirrored(sleeve), CLOTH, [fold.mirrored() for fold in folds])
    for cuff in (curve(CUFF), mirrored(curve(CUFF))):
        sheet.lay(cuff, RIB, lift=0.4)


def body_folds() -> list[Fold]:
    """Return the creases of the front."""
    left = [
        Fold(curve([bend(28, 46), bend(34, 53), bend(37, 62)]), -54),
        Fold(curve([bend(27, 76), bend(30, 86), bend(30, 94)]), -52, 2.0, 1.2),
        Fold(curve([bend(35, 80), bend(36, 88), bend(35, 95)]), -46, 1.8, 1.1),
        Fold(curve([bend(43, 82), bend(43.4, 89), bend(43, 95)]), -46, 1.8, 1.1),
        Fold(curve([bend(38, 24), bend(40, 46), bend(39.6, 76)]), 40, 4.4, 2.8),
    ]
    return [*left, *(fold.mirrored() for fold in left)]


def draw_ribs(sheet: Sheet) -> None:
    """Draw the fine lines of the ribbed cuffs, welt and collar."""
    (welt_top, welt_bottom), (collar_top, collar_bottom) = WELT, COLLAR
    sheet.draw_lines(rungs(welt_top, welt_bottom), RIB_LINE, 0.25)
    sheet.draw_lines(rungs(collar_top, collar_bottom), RIB_LINE, 0.25)
    cuff = [[(8.6 + 1.1 * i, 88.2), (9 + 1.02 * i, 94)] for i in range(1, 8)]
    sheet.draw_lines([*cuff, *(mirrored(line) for line in cuff)], RIB_LINE, 0.25)


def rungs(upper: Path, lower: Path) -> list[Path]:
    """Return every third line across two edges that have equally many points."""
    return [[top, bottom] for top, bottom in zip(upper[3::3], lower[3::3], strict=True)]


def draw_pockets(sheet: Sheet) -> None:
    """Lay the slanted pocket flaps."""
    flap = curve([sharp(31, 66), sharp(33.4, 66.8), sharp(37.4, 79.6), sharp(35, 80.6), sharp(31, 66)])
    for shape in (flap, mirrored(flap)):
        sheet.lay(shape, CLOTH, lift=0.5)
        sheet.draw_lines(dashes(shape, 3, 3), STITCH, 0.22)


def draw_zip(sheet: Sheet) -> None:
    """Draw the closed zip with its teeth and its pull."""
    tape = between([(49, 21.6), (51, 21.6)], [(49, 103.4), (51, 103.4)])
    sheet.lay(tape, RIB, lift=0.3)
    sheet.draw_lines([[(49.4, 23 + 0.8 * i), (50.6, 23 + 0.8 * i)] for i in range(100)], ZIP, 0.3)
    sheet.draw_lines([[(48.4, 21.8), (48.4, 103)], [(51.6, 21.8), (51.6, 103)]], STITCH, 0.2)
    sheet.lay(
        curve([sharp(49.2, 23), sharp(50.8, 23), sharp(50.6, 28), sharp(49.4, 28), sharp(49.2, 23)]), ZIP
    )
