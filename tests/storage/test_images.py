"""Files that people send: recognised by content, refused with a reason, copied without metadata."""

import io
import struct
import zlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageDraw, ImageOps, PngImagePlugin

from storage import images
from storage.images import Bomb, NotAnImage, Refused, TooLarge, detect, distance, look

HUE = (16.4637, 107.5909)


def picture(width=1600, height=1200, mode="RGB"):
    """Bands that get brighter to the right, and a dark corner at the top left."""
    bands = Image.linear_gradient("L").rotate(90).resize((width, height)).convert(mode)
    ImageDraw.Draw(bands).rectangle((0, 0, width // 4, height // 4), fill=0 if mode == "L" else "black")
    return bands


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(position=HUE, taken="2026:11:20 16:30:00", offset=None, orientation=1):
    data = Image.Exif()
    data[ExifTags.Base.Orientation] = orientation
    data[ExifTags.Base.Make] = "Somebody's phone"
    details = data.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if position:
        lat, lon = position
        data.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
                ExifTags.GPS.GPSLatitude: sexagesimal(abs(lat)),
                ExifTags.GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
                ExifTags.GPS.GPSLongitude: sexagesimal(abs(lon)),
            }
        )
    return data


def sexagesimal(degrees):
    minutes = degrees % 1 * 60
    return (float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 4))


def opened(seen):
    return Image.open(io.BytesIO(seen.shown))


def png_that_claims(width, height):
    """A few bytes whose header promises a very large picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("form", "saved_as", "mime"),
    [
        ("jpeg", "JPEG", "image/jpeg"),
        ("png", "PNG", "image/png"),
        ("webp", "WEBP", "image/webp"),
        ("gif", "GIF", "image/gif"),
        ("heic", "HEIF", "image/heic"),
    ],
)
def test_pictures_of_every_kind_become_a_small_jpeg(form, saved_as, mime):
    content = saved(picture(), saved_as)
    seen = look(content)
    assert detect(content) == seen.format == form
    assert (seen.kind, seen.mime, seen.width, seen.height) == ("photo", mime, 1600, 1200)
    copy = opened(seen)
    assert (copy.format, copy.size) == ("JPEG", (1280, 960))


def test_a_small_picture_is_not_blown_up():
    assert opened(look(saved(picture(200, 100), "PNG"))).size == (200, 100)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "LA", "CMYK", "I;16"])
def test_pictures_of_every_mode_can_be_shown(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("I;16", (40, 30)) if mode == "I;16" else picture(40, 30).convert(mode)
    assert opened(look(saved(image, form))).mode == "RGB"


def test_what_was_transparent_is_white():
    seen = look(saved(Image.new("RGBA", (32, 32), (255, 0, 0, 0)), "PNG"))
    assert opened(seen).getpixel((16, 16)) == (255, 255, 255)


def test_of_a_gif_the_first_frame_is_shown():
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    red, _, blue = opened(look(content)).getpixel((16, 16))
    assert red > 200 > 50 > blue


@pytest.mark.parametrize(
    ("content", "form", "kind"),
    [
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "mp4", "video"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", "mp4", "video"),
        (b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00", "mp4", "video"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "mov", "video"),
        (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x82\x84webm", "webm", "video"),
        (b"OggS\x00\x02OpusHead", "ogg", "voice"),
        (b"ID3\x04\x00", "mp3", "voice"),
        (b"\xff\xf1\x50\x80", "aac", "voice"),
        (b"#!AMR\n", "amr", "voice"),
        (b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00", "m4a", "voice"),
    ],
)
def test_films_and_voices_are_known_by_their_first_bytes(content, form, kind):
    seen = look(content, "document")
    assert (seen.format, seen.kind, seen.shown) == (form, kind, None)
    with pytest.raises(NotAnImage):
        look(content, "photo")


def test_a_voice_note_may_come_in_a_films_container():
    content = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"
    assert look(content, "voice").kind == "voice"
    assert look(content, "video").kind == "video"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Kinh gui UBND phuong",
        "Ảnh đâu".encode(),
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00",
        b"\x1a\x45\xdf\xa3\x01\x00\x00\x00matroska",
    ],
)
def test_what_is_none_of_them_is_refused_whatever_it_was_called(content):
    with pytest.raises(NotAnImage) as refused:
        look(content, "document")
    assert refused.value.reason == "not_an_image"


def test_too_many_bytes_are_not_even_opened():
    with pytest.raises(TooLarge) as refused:
        look(b"\xff\xd8\xff" + b"\0" * 21 * 1024 * 1024)
    assert refused.value.reason == "too_large"
    with pytest.raises(TooLarge):
        look(saved(picture(100, 100), "PNG"), max_bytes=10)


@pytest.mark.parametrize(("width", "height"), [(8000, 7000), (12_000, 12_000), (60_000, 60_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_unpacks(width, height):
    content = png_that_claims(width, height)
    assert len(content) < 100
    with pytest.raises(Bomb) as refused:
        look(content)
    assert refused.value.reason == "bomb"


def test_a_real_bomb_of_one_colour():
    content = saved(Image.new("1", (16_000, 16_000)), "PNG")
    assert len(content) < 100_000
    with pytest.raises(Bomb):
        look(content)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_truncated_picture_is_refused(form):
    content = saved(picture(), form)
    with pytest.raises(NotAnImage):
        look(content[: len(content) // 2])


@given(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]), st.data())
def test_no_spoilt_byte_makes_it_fail_in_any_other_way(form, data):
    content = bytearray(saved(picture(64, 48), form))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        look(bytes(content))
    except Refused:
        return


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "WEBP", "PNG"])
def test_place_and_time_are_read_and_not_handed_on(form):
    seen = look(saved(picture(), form, exif=exif()))
    assert (seen.lat, seen.lon) == pytest.approx(HUE, abs=1e-4)
    assert seen.taken_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    copy = opened(seen)
    assert dict(copy.getexif()) == {}
    assert b"Exif" not in seen.shown
    assert b"phone" not in seen.shown


def test_comments_and_profiles_are_not_handed_on():
    jpeg = saved(picture(), "JPEG", comment=b"secret-comment", icc_profile=b"secret-profile" * 20)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "secret-author")
    png = saved(picture(), "PNG", pnginfo=text)
    assert b"secret" in jpeg
    assert b"secret" in png
    assert b"secret" not in look(jpeg).shown + look(png).shown


def test_the_zone_of_the_camera_wins():
    east = exif(taken="2026:11:20 16:30:00", offset="+09:00")
    assert look(saved(picture(), "JPEG", exif=east)).taken_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    elsewhere = timezone(-timedelta(hours=5))
    seen = look(saved(picture(), "JPEG", exif=exif()), zone=elsewhere)
    assert seen.taken_at == datetime(2026, 11, 20, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize("position", [None, (0.0, 0.0), (95.0, 107.0), (16.0, 181.0)])
def test_a_place_that_cannot_be_is_none(position):
    seen = look(saved(picture(), "JPEG", exif=exif(position)))
    assert (seen.lat, seen.lon) == (None, None)


def test_south_and_west_are_negative():
    seen = look(saved(picture(), "JPEG", exif=exif((-33.8586, -70.5))))
    assert (seen.lat, seen.lon) == pytest.approx((-33.8586, -70.5), abs=1e-4)


@pytest.mark.parametrize(
    "taken", ["", "yesterday", "0000:00:00 00:00:00", "2026:13:45 99:99:99", "0001:01:01 00:00:00"]
)
def test_a_time_that_cannot_be_is_none(taken):
    assert look(saved(picture(), "JPEG", exif=exif(taken=taken))).taken_at is None


@pytest.mark.parametrize("position", range(0, len(exif(orientation=6).tobytes()) - 10, 5))
def test_broken_exif_never_costs_a_report(position):
    """The photo is fine; one run of bytes in its EXIF block is not."""
    content = bytearray(saved(picture(64, 48), "JPEG", exif=exif(orientation=6)))
    start = content.index(b"Exif\0\0") + 6 + position
    content[start : start + 4] = b"\xff\xfe\xff\x7f"
    assert look(bytes(content)).shown


def test_an_orientation_that_makes_no_sense_is_none():
    seen = look(saved(picture(400, 300), "JPEG", exif=exif(orientation=99)))
    assert opened(seen).size == (400, 300)


def test_the_copy_stands_upright():
    sideways = picture(400, 300).transpose(Image.Transpose.ROTATE_90)
    seen = look(saved(sideways, "JPEG", exif=exif(orientation=6)))
    copy = opened(seen)
    assert copy.size == (400, 300)
    assert copy.convert("L").getpixel((20, 20)) < 30


def test_much_the_same_picture_has_much_the_same_hash():
    original = look(saved(picture(), "PNG")).dhash
    smaller = look(saved(picture().resize((640, 480)), "JPEG", quality=40)).dhash
    mirrored = look(saved(ImageOps.mirror(picture()), "PNG")).dhash
    assert len(original) == 16
    assert distance(original, smaller) <= 4
    assert distance(original, mirrored) > 30
    assert distance("0" * 16, "f" * 16) == 64


def test_limits_are_those_of_pillow_too():
    assert Image.MAX_IMAGE_PIXELS == images.MAX_PIXELS
