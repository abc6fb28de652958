"""One picture out of two, before and after beside each other, each with its label."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HEIGHT = 720  # pixels of both pictures
WIDEST = 1080  # of one; a panorama becomes lower instead
GAP, MARGIN = 8, 14
QUALITY = 82
GROUND, PLATE, INK = "white", (0, 0, 0, 170), "white"
FONT = Path(__file__).parent / "fonts" / "NotoSans-Bold-vi.ttf"  # the letters that Pillow's own font has not
LETTERS = 34  # pixels


def side_by_side(before: bytes, after: bytes, labels: tuple[str, str]) -> bytes:
    """A JPEG without metadata, of two copies made for showing (storage/images.py).

    Raises what Pillow raises for bytes that are no picture.
    """
    panels = [_labelled(_fitted(content), label) for content, label in zip((before, after), labels, strict=True)]
    height = max(panel.height for panel in panels)
    both = Image.new("RGB", (sum(panel.width for panel in panels) + GAP, height), GROUND)
    left = 0
    for panel in panels:
        both.paste(panel, (left, (height - panel.height) // 2))
        left += panel.width + GAP
    out = io.BytesIO()
    both.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _fitted(content: bytes) -> Image.Image:
    """The whole picture, nothing cut off: it is evidence."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        image.load()
        scale = min(HEIGHT / image.height, WIDEST / image.width)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def _labelled(picture: Image.Image, label: str) -> Image.Image:
    """A dark plate with light letters in the upper corner, readable on snow and at night."""
    font = _font()
    left, _, right, _ = font.getbbox(label)
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    width, height = right - left + 2 * MARGIN, LETTERS + 2 * MARGIN
    draw.rounded_rectangle((MARGIN, MARGIN, MARGIN + width, MARGIN + height), radius=10, fill=PLATE)
    middle = MARGIN + height / 2
    draw.text((2 * MARGIN - left, middle), label, font=font, fill=INK, anchor="lm")
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, LETTERS)
