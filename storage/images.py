"""Looking at a file that was sent: what it is, a copy safe to show, where and when it was taken."""

from __future__ import annotations

import io
import math
import re
import threading
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Literal

import pillow_heif
from PIL import ExifTags, Image, ImageOps

from workflows.case.calendar import VIETNAM
from workflows.frozen import frozen
from workflows.maplinks import plausible

Format = Literal["jpeg", "png", "webp", "gif", "heic", "mp4", "mov", "webm", "ogg", "mp3", "m4a", "aac", "amr"]
Kind = Literal["photo", "video", "voice"]
_Exif = Mapping[str, Mapping[int, Any]]  # "base", "exif" and "gps" to tags

MAX_BYTES = 20 * 1024 * 1024  # the platform's own limit for bots (telegram.md, 4)
MAX_PIXELS = 50_000_000  # what phones make; decoded, that is 200 MB already
LONG_SIDE = 1280  # pixels of the copy, what platforms show anyway (telegram.md, 4)
QUALITY = 82

_ONE_AT_A_TIME = threading.Lock()  # pictures are large in memory, and warnings are a matter of the whole process

# Pillow's own guard as well, in case a format hides its size until it is decoded.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
pillow_heif.register_heif_opener(thumbnails=False)

_MIME: Mapping[Format, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "amr": "audio/amr",
}
_KINDS: Mapping[Format, Kind] = {
    "mp4": "video",
    "mov": "video",
    "webm": "video",
    "ogg": "voice",
    "mp3": "voice",
    "m4a": "voice",
    "aac": "voice",
    "amr": "voice",
}
_PILLOW = {"jpeg": ("JPEG",), "png": ("PNG",), "webp": ("WEBP",), "gif": ("GIF",), "heic": ("HEIF",)}

# The brand in the first box of an ISO media file (ISO/IEC 14496-12) says what the file is.
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MP4_BRANDS = frozenset({b"isom", b"avc1", b"mp41", b"mp42", b"MSNV", b"M4V ", b"dash", b"f4v "})


class Refused(Exception):
    """A file that is not taken; ``reason`` is one of those of ``MediaArrived.problem``."""

    reason = ""


class NotAnImage(Refused):
    """Not a photo, video or voice note that we know, whatever its name says, or too broken to be opened."""

    reason = "not_an_image"


class TooLarge(Refused):
    """More bytes than we take."""

    reason = "too_large"


class Bomb(Refused):
    """Few bytes that would unpack into a picture too big for memory."""

    reason = "bomb"


@frozen
class Seen:
    """What a file is. Of videos and voice notes only ``format``, ``kind`` and ``mime`` are known.

    ``shown``: a JPEG without any metadata, upright, at most ``LONG_SIDE`` pixels long. ``width`` and
    ``height`` are the original's. ``dhash``: 64 bits in hexadecimal; few differing bits mean much the same
    picture. ``lat``/``lon``: plausible degrees out of the file, ``taken_at``: UTC.
    """

    format: Format
    kind: Kind
    mime: str
    shown: bytes | None = None
    width: int | None = None
    height: int | None = None
    dhash: str | None = None
    lat: float | None = None
    lon: float | None = None
    taken_at: datetime | None = None


def look(content: bytes, expected: str = "photo", *, max_bytes: int = MAX_BYTES, zone: tzinfo = VIETNAM) -> Seen:
    """What ``content`` is, by its content alone; for a picture also the copy to be shown.

    ``expected`` is what the platform called it (photo, video, voice, document): a photo must be a picture,
    and a voice note may come in a container that films use too. ``zone`` is where cameras are assumed to be
    that do not say. Raises NotAnImage, TooLarge or Bomb.
    """
    if len(content) > max_bytes:
        raise TooLarge(f"{len(content)} bytes")
    found = detect(content)
    if found is None:
        raise NotAnImage("unknown content")
    if found in _PILLOW:
        return _picture(content, found, zone)
    if expected == "photo":
        raise NotAnImage(f"{found} sent as a photo")
    return Seen(found, "voice" if expected == "voice" else _KINDS[found], _MIME[found])


def detect(content: bytes) -> Format | None:
    """The format that the first bytes give away; None for what we do not know."""
    for form, pattern in _SIGNATURES:
        if pattern.match(content):
            return form
    return _iso_media(content) if content[4:8] == b"ftyp" else None


_SIGNATURES: tuple[tuple[Format, re.Pattern[bytes]], ...] = (
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("webm", re.compile(rb"\x1aE\xdf\xa3.{0,60}?webm", re.DOTALL)),
    ("ogg", re.compile(rb"OggS")),
    ("mp3", re.compile(rb"ID3|\xff[\xfb\xf3\xf2]")),
    ("aac", re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")),  # ADTS, as Zalo's voice messages are
    ("amr", re.compile(rb"#!AMR")),
)


def _iso_media(content: bytes) -> Format | None:
    brand = content[8:12]
    if brand in _HEIC_BRANDS:
        return "heic"
    if brand == b"qt  ":
        return "mov"
    if brand in (b"M4A ", b"M4B "):
        return "m4a"
    return "mp4" if brand in _MP4_BRANDS or brand[:3] in (b"iso", b"3gp", b"3g2") else None


def _picture(content: bytes, form: Format, zone: tzinfo) -> Seen:
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of broken EXIF and of big pictures; we look ourselves
        (width, height), exif, small = _decoded(content, form)
    lat, lon = _position(exif)
    return Seen(
        format=form,
        kind="photo",
        mime=_MIME[form],
        shown=_as_jpeg(small),
        width=width,
        height=height,
        dhash=dhash(small),
        lat=lat,
        lon=lon,
        taken_at=_taken_at(exif, zone),
    )


def _decoded(content: bytes, form: Format) -> tuple[tuple[int, int], _Exif, Image.Image]:
    """A picture's size, its EXIF and its copy; the size is looked at before anything is unpacked."""
    try:
        with Image.open(io.BytesIO(content), formats=_PILLOW[form]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise Bomb(f"{width} x {height}")
            exif = _exif(image)
            return (width, height), exif, _without_metadata(_small_and_upright(image))
    except Refused:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise Bomb(type(error).__name__) from error
    except Exception as error:  # decoders raise whatever a broken file makes them raise
        raise NotAnImage(type(error).__name__) from error


def dhash(image: Image.Image) -> str:
    """64 bits, one for each of 8 x 8 places: whether it gets brighter to the right."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            place = row * 9 + column
            bits = bits << 1 | (grey[place] < grey[place + 1])
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """How many of 64 bits two hashes differ in."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _small_and_upright(image: Image.Image) -> Image.Image:
    """Made small before anything else, for the sake of memory; then turned the way the camera was held."""
    image.draft("RGB", (2 * LONG_SIDE, 2 * LONG_SIDE))  # JPEG only: decodes a half, quarter or eighth
    image.load()
    small = image.convert("RGBA") if image.mode in ("P", "PA", "1") else image
    small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    try:
        return ImageOps.exif_transpose(small)
    except Exception:  # a broken orientation is no orientation
        return small


def _without_metadata(image: Image.Image) -> Image.Image:
    """A new picture with nothing but the pixels, on white where it was transparent."""
    bare = Image.new("RGB", image.size, "white")
    if image.mode in ("RGBA", "LA", "RGBa", "La"):
        layered = image.convert("RGBA")
        bare.paste(layered, mask=layered.getchannel("A"))
    else:
        bare.paste(image.convert("RGB"))
    return bare


def _as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


# EXIF: every part may be missing, broken or made up, and none of it may keep a report from being taken.


def _exif(image: Image.Image) -> _Exif:
    try:
        exif = image.getexif()
        return {
            "gps": dict(exif.get_ifd(ExifTags.IFD.GPSInfo)),
            "exif": dict(exif.get_ifd(ExifTags.IFD.Exif)),
            "base": dict(exif),
        }
    except Exception:  # parsers raise whatever broken EXIF makes them raise
        return {"gps": {}, "exif": {}, "base": {}}


def _position(exif: _Exif) -> tuple[float, float] | tuple[None, None]:
    gps, tag = exif["gps"], ExifTags.GPS
    lat = _degrees(gps.get(tag.GPSLatitude), gps.get(tag.GPSLatitudeRef), "S")
    lon = _degrees(gps.get(tag.GPSLongitude), gps.get(tag.GPSLongitudeRef), "W")
    if lat is None or lon is None or not plausible(lat, lon):
        return None, None
    return round(lat, 6), round(lon, 6)


def _degrees(parts: Any, half: Any, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return -value if str(half).strip().upper().startswith(negative) else value


def _taken_at(exif: _Exif, zone: tzinfo) -> datetime | None:
    tag = ExifTags.Base
    original = exif["exif"].get(tag.DateTimeOriginal) or exif["base"].get(tag.DateTime)
    try:
        local = datetime.strptime(str(original).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(
            tzinfo=_offset(exif["exif"].get(tag.OffsetTimeOriginal)) or zone
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(text: Any) -> tzinfo | None:
    found = re.fullmatch(r"([+-])(\d\d):(\d\d)", str(text).strip("\0 "))
    if not found:
        return None
    length = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-length if found[1] == "-" else length) if length < timedelta(hours=24) else None
