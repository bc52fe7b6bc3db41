"""A sheet on which cloth is laid piece by piece, with soft light and shadow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from wearon_devkit.pictures.drawing.curves import Path, mirrored

Colour = tuple[int, int, int]

SHEET_PX = (900, 1080)
OVERSAMPLING = 2
NEUTRAL = 128
"""The grey that soft light leaves unchanged."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A soft crease: darker than the cloth below 0, lighter above; `width` and `blur` in sheet units."""

    path: Path
    strength: int = -46
    width: float = 2.2
    blur: float = 1.3

    def mirrored(self) -> Self:
        """Return the same crease on the other side."""
        return replace(self, path=mirrored(self.path))


class Sheet:
    """A picture under work; all lengths are in units of a hundredth of its width."""

    def __init__(self, size_px: tuple[int, int], backdrop: tuple[Colour, Colour] | None) -> None:
        self._unit_px = size_px[0] * OVERSAMPLING / 100
        self._size_px = (size_px[0] * OVERSAMPLING, size_px[1] * OVERSAMPLING)
        self._picture = Image.new("RGBA", self._size_px)
        if backdrop is not None:
            self._picture.paste(gradient(self._size_px, *backdrop))

    @classmethod
    def plain(cls, top: Colour, bottom: Colour) -> Self:
        """Return a sheet with a backdrop that runs from one colour to another."""
        return cls(SHEET_PX, (top, bottom))

    @classmethod
    def transparent(cls) -> Self:
        """Return a sheet without a backdrop."""
        return cls(SHEET_PX, None)

    def lay_shadow(self, outlines: Sequence[Path]) -> None:
        """Let the whole garment cast one wide shadow on the backdrop."""
        mask = ImageChops.offset(self._mask(outlines), 0, self._px(2.2)).filter(self._blur(3.2))
        self._stain(mask, 0.34)

    def lay(self, outline: Path, colour: Colour, folds: Sequence[Fold] = (), *, lift: float = 0.9) -> None:
        """Lay one piece of cloth; `lift` is how far it stands off what is below it."""
        mask = self._mask([outline])
        below = self._picture.getchannel("A")
        shadow = ImageChops.offset(mask, 0, self._px(lift / 2)).filter(self._blur(lift))
        self._stain(ImageChops.multiply(shadow, below), 0.5)
        cloth = Image.new("RGB", self._size_px, colour)
        lit = ImageChops.soft_light(cloth, Image.merge("RGB", [self._light(mask, folds)] * 3))
        self._picture.paste(lit, mask=mask)

    def draw_lines(self, paths: Sequence[Path], colour: Colour, width: float = 0.35) -> None:
        """Draw seams or stitches."""
        pen = ImageDraw.Draw(self._picture)
        for path in paths:
            pen.line(self._pixels(path), fill=(*colour, 255), width=self._px(width), joint="curve")

    def draw_button(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Draw a round button with a lighter rim and two holes."""
        pen = ImageDraw.Draw(self._picture)
        rim = tuple(min(255, value + 50) for value in colour)
        pen.circle(self._point(x, y), radius * self._unit_px, (*rim, 255))
        pen.circle(self._point(x, y), 0.78 * radius * self._unit_px, (*colour, 255))
        for hole_x in (x - radius / 4, x + radius / 4):
            pen.circle(self._point(hole_x, y), 0.13 * radius * self._unit_px, (30, 30, 30, 255))

    def finished(self) -> Image.Image:
        """Return the picture at its final size, smooth edges included (RGBA)."""
        return self._picture.reduce(OVERSAMPLING)

    def _light(self, mask: Image.Image, folds: Sequence[Fold]) -> Image.Image:
        """Return the light on a piece: dimmer towards its edges, and the folds."""
        light = mask.filter(self._blur(4)).point(lambda value: NEUTRAL - 52 + value * 66 // 255)
        for fold in folds:
            crease = Image.new("L", self._size_px)
            ImageDraw.Draw(crease).line(self._pixels(fold.path), 255, self._px(fold.width), "curve")
            tone = Image.new("L", self._size_px, max(0, min(255, NEUTRAL + 2 * fold.strength)))
            light.paste(tone, mask=crease.filter(self._blur(fold.blur)).point(lambda value: value // 2))
        return light

    def _stain(self, mask: Image.Image, strength: float) -> None:
        """Darken the picture where the mask is, on a transparent sheet by a see-through black."""
        shade = Image.new("RGBA", self._size_px, (24, 20, 30, 255))
        shade.putalpha(mask.point(lambda value: value * strength))
        self._picture.alpha_composite(shade)

    def _mask(self, outlines: Sequence[Path]) -> Image.Image:
        mask = Image.new("L", self._size_px)
        for outline in outlines:
            ImageDraw.Draw(mask).polygon(self._pixels(outline), fill=255)
        return mask

    def _blur(self, radius: float) -> ImageFilter.Filter:
        return ImageFilter.GaussianBlur(radius * self._unit_px)

    def _px(self, length: float) -> int:
        return max(1, round(length * self._unit_px))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return (x * self._unit_px, y * self._unit_px)

    def _pixels(self, path: Path) -> Path:
        return [self._point(x, y) for x, y in path]


def gradient(size_px: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """Return a picture whose colour runs evenly from its top to its bottom."""
    slope = Image.linear_gradient("L").resize(size_px)
    return Image.composite(Image.new("RGB", size_px, bottom), Image.new("RGB", size_px, top), slope)
