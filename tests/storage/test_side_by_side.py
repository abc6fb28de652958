"""Before and after in one picture: both whole, each with its label in Vietnamese letters."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFont

from storage.images import look
from storage.side_by_side import FONT, GAP, HEIGHT, WIDEST, side_by_side

SAMPLES = Path(__file__).parent.parent.parent / "bot" / "sandbox" / "samples"
LABELS = ("Trước", "Sau")


def plain(size, colour) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", quality=95)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("before", "after", "widths", "height"),
    [
        ((1280, 960), (960, 1280), (960, 540), HEIGHT),
        ((100, 100), (1280, 960), (720, 960), HEIGHT),
        ((4000, 100), (4000, 100), (WIDEST, WIDEST), 27),
        ((1, 1), (100, 4000), (720, 18), HEIGHT),
    ],
)
def test_both_are_whole_and_beside_each_other(before, after, widths, height):
    both = opened(side_by_side(plain(before, "red"), plain(after, "blue"), LABELS))
    assert both.size == (widths[0] + GAP + widths[1], height)
    red, blue = both.getpixel((widths[0] - 3, height // 2)), both.getpixel((both.width - 3, height // 2))
    assert red[0] > 200 > 60 > red[2] and blue[2] > 200 > 60 > blue[0]


def test_each_has_its_label_and_nothing_else_is_told():
    copies = [look((SAMPLES / name).read_bytes()).shown for name in ("lamp.jpg", "lamp-after.jpg")]
    labelled = opened(side_by_side(*copies, LABELS))
    other = opened(side_by_side(*copies, ("Trước", "Khác")))
    box = ImageChops.difference(labelled, other).point(lambda value: 255 if value > 40 else 0).getbbox()
    assert box is not None and box[0] > labelled.width // 2 and box[3] < 120, "only the label of the second differs"
    assert "exif" not in labelled.info and not labelled.getexif()


def test_the_font_has_every_letter_of_vietnamese():
    font = ImageFont.truetype(FONT, 40)
    missing = font.getmask("\uffff").getbbox(), bytes(font.getmask("\uffff"))
    for letter in "ăâđêôơưắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỳỵỷỹ":
        for one in (letter, letter.upper()):
            assert (font.getmask(one).getbbox(), bytes(font.getmask(one))) != missing, one


def test_what_is_no_picture_is_refused():
    with pytest.raises(OSError, match="identify"):
        side_by_side(b"nothing", plain((10, 10), "red"), LABELS)
