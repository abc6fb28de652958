"""Photos and files of Zalo: what people send lies behind links that die, what the OA uploads is known by an id."""

import hashlib
import io
import secrets
import sqlite3
import warnings
from pathlib import PurePath

from PIL import Image, UnidentifiedImageError

from bot.sandbox import media
from bot.sandbox.call import Upload
from bot.sandbox.store import Json, Tx
from bot.sandbox.zalo import limits
from bot.sandbox.zalo.account import MEDIA
from bot.sandbox.zalo.errors import ZaloError

FILE_SUFFIXES = (".pdf", ".doc", ".docx", ".csv")
# What a file of each suffix begins with; a table of values may begin with anything.
BEGINNINGS = {".pdf": b"%PDF-", ".doc": b"\xd0\xcf\x11\xe0", ".docx": b"PK\x03\x04", ".csv": b""}
FORMATS = {"image": ("JPEG", "PNG"), "gif": ("GIF",)}
SIZES = {"image": limits.IMAGE_BYTES, "gif": limits.GIF_BYTES, "file": limits.FILE_BYTES}


def upload(tx: Tx, kind: str, file: Upload | None) -> Json:
    """Keep what the OA uploads: `{"attachment_id"}` of an image or gif, `{"token"}` of a file.

    Raises ZaloError -201 for a wrong format, -210 for one that is too large, -211 when the month's number is used up.
    """
    if file is None or not file.data:
        raise ZaloError(-201, "file is required")
    if len(file.data) > SIZES[kind]:
        raise ZaloError(-210, f"file exceeds {SIZES[kind]} bytes")
    width, height, mime = (0, 0, file.mime) if kind == "file" else _picture(file.data, kind)
    if kind == "file":
        _check_file(file)
    in_force = limits.read(tx)
    _count(tx, in_force["uploads_month"])
    made = keep(tx, kind, file, mime, in_force["upload_days"] * 86400, size=(width, height))
    return {"token" if kind == "file" else "attachment_id": made}


def keep(tx: Tx, kind: str, file: Upload, mime: str, lifetime: float, *, size: tuple[int, int] = (0, 0)) -> str:
    """Keep bytes under a new id for so many seconds."""
    digest = hashlib.sha256(file.data).hexdigest()
    media.write_once(tx.media_dir / digest, file.data)
    made = secrets.token_urlsafe(24)
    tx.run(
        "INSERT INTO zalo_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        made,
        kind,
        digest,
        file.name,
        mime,
        len(file.data),
        *size,
        tx.now + lifetime,
    )
    return made


def sent_by_person(tx: Tx, kind: str, file: Upload) -> str:
    """Keep what a person sends; photos are made small and lose their metadata on the phone. Gives its id."""
    lifetime = limits.read(tx)["media_hours"] * 3600
    if kind != "image":
        return keep(tx, kind, file, file.mime, lifetime)
    picture = media.sizes(file.data)[-1]
    small = Upload("photo.jpg", "image/jpeg", picture.data)
    return keep(tx, kind, small, small.mime, lifetime, size=(picture.width, picture.height))


def find(tx: Tx, file_id: str) -> sqlite3.Row | None:
    return tx.one("SELECT * FROM zalo_files WHERE id = ?", file_id)


def good(tx: Tx, file_id: str, kinds: tuple[str, ...]) -> sqlite3.Row:
    """An upload that may still be sent. Raises ZaloError -100."""
    row = find(tx, file_id)
    if row is None or row["kind"] not in kinds or row["expires"] < tx.now:
        raise ZaloError(-100)
    return row


def link(base: str, row: sqlite3.Row) -> str:
    """The public address of a file, without any key, as those of Zalo are."""
    return f"{base}{MEDIA}/{row['id']}{PurePath(row['name']).suffix.lower()}"


def _picture(data: bytes, kind: str) -> tuple[int, int, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as picture:
                picture.verify()
                if picture.format not in FORMATS[kind]:
                    raise ZaloError(-201, f"file must be {' or '.join(FORMATS[kind])}")
                return picture.width, picture.height, Image.MIME[picture.format]
    except ZaloError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Warning, OSError, ValueError, SyntaxError) as fault:
        raise ZaloError(-201, "file is no picture") from fault


def _check_file(file: Upload) -> None:
    suffix = PurePath(file.name).suffix.lower()
    if suffix not in FILE_SUFFIXES or not file.data.startswith(BEGINNINGS[suffix]):
        raise ZaloError(-201, "file must be PDF, DOC, DOCX or CSV")


def _count(tx: Tx, most: int) -> None:
    month = int(tx.now // (30 * 86400))
    used = tx.fact("zalo_uploads", {"month": month, "count": 0})
    count = used["count"] + 1 if used["month"] == month else 1
    if count > most:
        raise ZaloError(-211, "Uploads of this month are used up")
    tx.keep_fact("zalo_uploads", {"month": month, "count": count})
