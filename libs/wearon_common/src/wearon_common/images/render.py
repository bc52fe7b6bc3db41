from typing import Literal

from PIL import ExifTags, Image, ImageFile, ImageOps

from wearon_common.images.opening import DECODER_FAILURES

# JPEG decodes at 1/2, 1/4 or 1/8 for a fraction of the cost, but not quite as LANCZOS would shrink it.
# With twice the wanted size left, LANCZOS decides on every detail that is still seen; and a little less
# than twice takes in the 4000 px of a photograph of 12 megapixels.
_LEFT_FOR_LANCZOS = 1.9


def render(
    image: ImageFile.ImageFile, max_side_px: int | None, colours: Literal["RGB", "YCbCr"] = "RGB"
) -> Image.Image:
    """Decode an opened image as `decode_image` promises.

    `YCbCr` is for a JPEG that has them inside: its colours, which JPEG halves, are shrunk at less cost.
    """
    size = _fitted(image.size, max_side_px)
    width, height = (int(_LEFT_FOR_LANCZOS * side) for side in size)
    image.draft(colours, (width, height))
    image.load()
    orientation = _orientation(image)
    if image.mode == "YCbCr":
        picture = _resize_planes(image, size)
    else:
        picture = _in_rgb(image)
        picture = picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)
    return _upright(picture, orientation, image)


def render_reduced(image: ImageFile.ImageFile, least_side_px: int) -> Image.Image:
    """Decode an opened image at a whole fraction of its size, which costs little, upright and in RGB.

    The longer side is left with `least_side_px` to just below twice as many; a smaller image stays as it is.
    """
    width, height = (max(1, side * least_side_px // max(image.size)) for side in image.size)
    image.draft("RGB", (width, height))
    image.load()
    orientation = _orientation(image)
    picture = _in_rgb(image)
    factor = max(picture.size) // least_side_px
    if factor > 1:
        width, height = (side - side % factor or side for side in picture.size)
        picture = picture.reduce(factor, (0, 0, width, height))
    return _upright(picture, orientation, image)


def _fitted(size: tuple[int, int], max_side_px: int | None) -> tuple[int, int]:
    longest = max(size)
    if max_side_px is None or longest <= max_side_px:
        return size
    width, height = (max(1, round(side * max_side_px / longest)) for side in size)
    return width, height


def _orientation(image: Image.Image) -> int:
    """Read the EXIF orientation (1 to 8); 1, upright, where there is none that can be read."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except DECODER_FAILURES:
        return 1
    return orientation if isinstance(orientation, int) and orientation in range(1, 9) else 1


def _resize_planes(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    luma, *chroma = image.split()
    shrunk = [luma.resize(size, Image.Resampling.LANCZOS), *(_resize_chroma(plane, size) for plane in chroma)]
    return Image.merge("YCbCr", shrunk)


def _resize_chroma(plane: Image.Image, size: tuple[int, int]) -> Image.Image:
    halved = plane.reduce(2) if plane.width >= _LEFT_FOR_LANCZOS * size[0] else plane
    return halved.resize(size, Image.Resampling.BILINEAR)


def _in_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Pillow clips 16-bit grey instead of scaling it, and compares its transparent grey in 8 bits.
        image.info.pop("transparency", None)
        return image.point(lambda grey: grey / 256).convert("RGB")
    if image.has_transparency_data:
        return _on_white(image.convert("RGBA"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", picture.size, "white")
    canvas.paste(picture, mask=picture)
    return canvas


def _upright(picture: Image.Image, orientation: int, source: Image.Image) -> Image.Image:
    """Turn the picture, and give one that outlives its source; no copy is made that is not needed."""
    picture.info.clear()
    picture.getexif()[ExifTags.Base.Orientation] = orientation
    if picture is source:
        return ImageOps.exif_transpose(picture)
    ImageOps.exif_transpose(picture, in_place=True)
    return picture
