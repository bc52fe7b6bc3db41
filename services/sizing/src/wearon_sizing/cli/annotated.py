from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from wearon_sizing.cli.measured import Measured
from wearon_sizing.measurement.arms import ArmCut
from wearon_sizing.measurement.trunk import LEVELS, trace_trunk
from wearon_sizing.pose import Joint

_TINT = np.array([64, 160, 255], np.float32)
_TINT_SHARE = 0.35
_LANDMARK, _BREADTH, _TEXT, _BOX = "#ffd92f", "#e7298a", "#ffffff", "#202020"
_DOT_PX = 3
# The levels next to bust, natural waist and buttocks; see `LEVELS`.
_NAMED_LEVELS = {0.3: "chest", 0.7: "waist", 1.0: "hip"}


def annotate(measured: Measured) -> Image.Image:
    """Return the picture with silhouette, landmarks, where each breadth was taken, size and confidence."""
    picture = Image.fromarray(_tinted(measured))
    draw = ImageDraw.Draw(picture)
    _draw_breadths(draw, measured)
    for joint in Joint:
        x_px, y_px = measured.view.pose.pixel(joint).tolist()
        draw.ellipse((x_px - _DOT_PX, y_px - _DOT_PX, x_px + _DOT_PX, y_px + _DOT_PX), fill=_LANDMARK)
    _draw_size(draw, measured)
    return picture


def to_jpeg(picture: Image.Image) -> bytes:
    """Encode for a file."""
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=88)
    return encoded.getvalue()


def _tinted(measured: Measured) -> NDArray[np.uint8]:
    share = (measured.view.silhouette.mask * _TINT_SHARE)[..., None]
    tinted = (measured.rgb * (1 - share) + _TINT * share).astype(np.uint8)
    outline = (measured.view.silhouette.mask > 0.5).astype(np.uint8)  # noqa: PLR2004 - even odds
    contours, _ = cv2.findContours(outline, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(tinted, contours, -1, _TINT.tolist(), 1), np.uint8)


def _draw_breadths(draw: ImageDraw.ImageDraw, measured: Measured) -> None:
    pose, silhouette = measured.view.pose, measured.view.silhouette
    trunk = trace_trunk(pose, silhouette, ArmCut(pose, silhouette), measured.rgb)
    body = measured.estimate.body
    girths_cm = {"chest": body.chest_cm, "waist": body.waist_cm, "hip": body.hip_cm}
    for level, left_px, right_px, y_px in np.stack([LEVELS, *trunk.ends_px(LEVELS)], axis=1).tolist():
        name = _NAMED_LEVELS.get(round(level, 1))
        draw.line((left_px, y_px, right_px, y_px), fill=_BREADTH, width=3 if name else 1)
        if name:
            _label(draw, (right_px + 6, y_px - 6), f"{name} {girths_cm[name]:.0f} cm")


def _draw_size(draw: ImageDraw.ImageDraw, measured: Measured) -> None:
    advice, body = measured.estimate.advice, measured.estimate.body
    span = advice.size_range
    fit = span.lower if span.lower == span.upper else f"{span.lower}-{span.upper}"
    _label(draw, (8, 8), f"size {advice.size}, {advice.confidence:.0%} sure (try {fit})")
    _label(
        draw,
        (8, 24),
        f"height {body.height_cm:.0f}, shoulders {body.shoulder_cm:.0f}, inseam {body.inseam_cm:.0f} cm",
    )


def _label(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str) -> None:
    draw.rectangle(draw.textbbox(place, text), fill=_BOX)
    draw.text(place, text, fill=_TEXT)
