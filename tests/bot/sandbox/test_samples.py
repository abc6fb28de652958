"""The sample pictures can be drawn anew, and look like what is shipped."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.sandbox import samples
from bot.sandbox.samples import draw


def test_drawing_again_gives_the_same_pictures(tmp_path):
    draw.draw_all(tmp_path)
    for name in draw.PICTURES:
        shipped = Image.open(io.BytesIO(samples.upload(name).data))
        drawn = Image.open(tmp_path / f"{name}.jpg")
        difference = ImageStat.Stat(ImageChops.difference(shipped, drawn)).mean
        assert max(difference) < 3, name


def test_before_and_after_differ():
    before, after = (Image.open(io.BytesIO(samples.upload(name).data)).convert("L") for name in ("lamp", "lamp-after"))
    assert ImageStat.Stat(after).mean[0] > ImageStat.Stat(before).mean[0] * 1.5


@pytest.mark.parametrize(
    ("name", "start"), [("video", b"ftyp"), ("voice", b"OggS"), ("voice-zalo", b"#!AMR"), ("sticker", b"RIFF")]
)
def test_other_samples_are_what_they_say(name, start):
    assert start in samples.upload(name).data[:12]
