from io import BytesIO

from PIL import Image


def encode_jpeg(image: Image.Image, quality: int = 90) -> bytes:
    """Encode an RGB picture as JPEG, quality 1 to 95."""
    encoded = BytesIO()
    image.save(encoded, "JPEG", quality=quality)
    return encoded.getvalue()
