"""The picture that the stub answers with: the inputs on one sheet, plainly labelled as a local preview."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

Box = tuple[int, int, int, int]

TITLE = "LOCAL PREVIEW"
INK = (28, 30, 38)
ACCENT = (255, 196, 61)
CARD = (255, 255, 255)
LABEL_SHARE = 0.115
"""The label's height as a share of the picture's."""

BLUR_WIDTH_PX = 48
"""The backdrop is blurred at this width and enlarged: as soft as a large blur, at a fraction of its cost."""


def compose_preview(inputs: Sequence[Image.Image], size_px: tuple[int, int]) -> Image.Image:
    """Return an RGB picture of exactly `size_px`: the first input large, the others as cards beside it."""
    width_px, height_px = size_px
    person, *garments = inputs
    label_top_px = round(height_px * (1 - LABEL_SHARE))
    sheet = backdrop(person, size_px)
    paste_person(sheet, person, (0, 0, width_px, label_top_px))
    for card, box in zip(garments, card_boxes(len(garments), width_px, label_top_px), strict=True):
        paste_card(sheet, card, box)
    draw_label(sheet, label_top_px, len(inputs))
    return sheet


def encode(picture: Image.Image, image_format: str, compression_percent: int) -> bytes:
    """Return the file's bytes in `png`, `jpeg` or `webp`; PNG ignores the compression."""
    file = BytesIO()
    if image_format == "png":
        picture.save(file, "PNG", compress_level=1)
    else:
        picture.save(file, image_format.upper(), quality=compression_percent)
    return file.getvalue()


def backdrop(person: Image.Image, size_px: tuple[int, int]) -> Image.Image:
    """Return a soft enlargement of the person's picture that fills the sheet."""
    small_px = (BLUR_WIDTH_PX, max(1, BLUR_WIDTH_PX * size_px[1] // size_px[0]))
    small = ImageOps.fit(flat(person), small_px).filter(ImageFilter.GaussianBlur(3))
    return small.resize(size_px, Image.Resampling.BICUBIC)


def paste_person(sheet: Image.Image, person: Image.Image, box: Box) -> None:
    """Put the whole person into the box, as large as it allows."""
    left, top, right, bottom = box
    scaled = ImageOps.contain(flat(person), (right - left, bottom - top))
    sheet.paste(scaled, (left + (right - left - scaled.width) // 2, bottom - scaled.height))


def card_boxes(count: int, width_px: int, height_px: int) -> list[Box]:
    """Return a square for each card, down the right edge and then up the left one."""
    per_column = max(3, -(-count // 2))
    gap_px = max(2, width_px // 40)
    side_px = min(round(width_px * 0.29), (height_px - gap_px) // per_column - gap_px)
    boxes = []
    for index in range(count):
        column, row = divmod(index, per_column)
        left_px = gap_px if column else width_px - side_px - gap_px
        top_px = gap_px + row * (side_px + gap_px)
        boxes.append((left_px, top_px, left_px + side_px, top_px + side_px))
    return boxes


def paste_card(sheet: Image.Image, garment: Image.Image, box: Box) -> None:
    """Lay one garment on the sheet as a white card with round corners and a shadow."""
    side_px = box[2] - box[0]
    radius_px, margin_px = max(1, side_px // 12), max(1, side_px // 20)
    shape = Image.new("L", (side_px, side_px))
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, side_px - 1, side_px - 1), radius_px, fill=255)
    shadow = Image.new("L", sheet.size)
    shadow.paste(shape, (box[0], box[1] + margin_px // 2))
    sheet.paste(INK, mask=shadow.filter(ImageFilter.BoxBlur(margin_px)).point(lambda value: value * 0.35))
    card = Image.new("RGB", (side_px, side_px), CARD)
    inner = ImageOps.contain(flat(garment), (side_px - 2 * margin_px, side_px - 2 * margin_px))
    card.paste(inner, ((side_px - inner.width) // 2, (side_px - inner.height) // 2))
    sheet.paste(card, box[:2], shape)


def draw_label(sheet: Image.Image, top_px: int, input_count: int) -> None:
    """Write what this picture is across the bottom."""
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, top_px, sheet.width, sheet.height), fill=INK)
    pen.rectangle((0, top_px, sheet.width, top_px + max(2, sheet.height // 200)), fill=ACCENT)
    band_px = sheet.height - top_px
    middle_px = sheet.width // 2
    note = f"composed from {input_count} input picture{'s' * (input_count != 1)}, no image model was called"
    write_fitting(pen, TITLE, (middle_px, top_px + round(band_px * 0.42)), round(band_px * 0.42), ACCENT)
    write_fitting(pen, note, (middle_px, top_px + round(band_px * 0.78)), round(band_px * 0.19), CARD)


def write_fitting(
    pen: ImageDraw.ImageDraw,
    text: str,
    middle_px: tuple[int, int],
    size_px: int,
    colour: tuple[int, int, int],
) -> None:
    """Write one centred line, smaller where it would not fit between the edges."""
    limit_px = 1.9 * middle_px[0]
    width_px = pen.textlength(text, font=ImageFont.load_default(size=size_px))
    fitting_px = max(1, int(size_px * min(1.0, limit_px / width_px)))
    pen.text(middle_px, text, font=ImageFont.load_default(size=fitting_px), fill=colour, anchor="mm")


def flat(picture: Image.Image) -> Image.Image:
    """Return the picture as RGB, what is transparent shown as white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    sheet = Image.new("RGB", picture.size, CARD)
    sheet.paste(layer, mask=layer.getchannel("A"))
    return sheet
