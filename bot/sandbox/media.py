"""Files on the far end: photos recompressed in several sizes without metadata, the rest byte for byte."""

import hashlib
import io
import json
import secrets
import sqlite3
import warnings
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.sandbox import limits
from bot.sandbox.errors import ApiError, bad
from bot.sandbox.store import Json, Tx, dump

# Longest sides of the copies that the platform makes of a photo, smallest first.
SIDES = (90, 320, 800, 1280)
FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "video": "videos",
    "voice": "voice",
    "sticker": "stickers",
}
SUFFIXES = {"photo": ".jpg", "video": ".mp4", "voice": ".oga", "sticker": ".webp"}


@dataclass(frozen=True)
class Picture:
    """One size of a photo, as JPEG bytes."""

    width: int
    height: int
    data: bytes


@lru_cache(maxsize=32)
def sizes(data: bytes) -> tuple[Picture, ...]:
    """The copies of a photo, smallest first. Raises ApiError 400 for what is no photo."""
    if not data:
        raise bad("file must be non-empty")
    if len(data) > limits.PHOTO_BYTES:
        raise ApiError(
            400,
            f"Bad Request: file of size {len(data)} bytes is too big for a photo; "
            f"the maximum size is {limits.PHOTO_BYTES} bytes",
        )
    picture = _open(data)
    wanted = [side for side in SIDES if side < max(picture.size)] or [SIDES[0]]
    if max(picture.size) <= SIDES[-1]:
        wanted.append(max(picture.size))
    return tuple(_copy(picture, side) for side in sorted(set(wanted)))


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as raw:
                if sum(raw.size) > 10_000 or max(raw.size) > 20 * min(raw.size):
                    raise bad("PHOTO_INVALID_DIMENSIONS")
                return ImageOps.exif_transpose(raw).convert("RGB")
    except ApiError:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Warning,
        OSError,
        ValueError,
        SyntaxError,
    ) as fault:
        raise bad("IMAGE_PROCESS_FAILED") from fault


def _copy(picture: Image.Image, side: int) -> Picture:
    small = picture.copy()
    small.thumbnail((side, side))
    # A new picture from the pixels alone: nothing of the original's metadata can come along.
    clean = Image.new("RGB", small.size)
    clean.paste(small)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=87)
    return Picture(small.width, small.height, out.getvalue())


def keep_photo(tx: Tx, pictures: tuple[Picture, ...]) -> Json:
    """Keep every size and give the content of a message: `{"photo": [PhotoSize, …]}`."""
    kept = []
    for picture in pictures:
        file = _keep(tx, "photo", picture.data, "image/jpeg", None)
        kept.append({**file, "width": picture.width, "height": picture.height})
    content = {"photo": kept}
    for size in kept:
        tx.run("UPDATE files SET content = ? WHERE file_id = ?", dump(content), size["file_id"])
    return content


def keep_file(tx: Tx, kind: str, data: bytes, mime: str, name: str | None, **more: int) -> Json:
    """Keep the bytes as they came; `more` is what the kind carries (width, height, duration)."""
    if not data:
        raise bad("file must be non-empty")
    shown: Json = {**_keep(tx, kind, data, mime, name), "mime_type": mime, **more}
    if kind == "sticker":
        shown = {**shown, "type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
        del shown["mime_type"]
    if name is not None and kind in ("document", "video"):
        shown["file_name"] = name
    content = {kind: shown}
    tx.run("UPDATE files SET content = ? WHERE file_id = ?", dump(content), shown["file_id"])
    return content


def _keep(tx: Tx, kind: str, data: bytes, mime: str, name: str | None) -> Json:
    digest = hashlib.sha256(data).digest()
    unique_id = "AQAD" + urlsafe_b64encode(digest[:9]).decode()
    file_id = "AgACAgUAAxkBAAI" + secrets.token_urlsafe(30)
    write_once(tx.media_dir / digest.hex(), data)
    suffix = Path(name).suffix if name else SUFFIXES.get(kind, "")
    path = f"{FOLDERS[kind]}/file_{tx.next('files')}{suffix[:10]}"
    row = (file_id, unique_id, path, digest.hex(), len(data), mime, kind, "{}")
    tx.run("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *row)
    return {"file_id": file_id, "file_unique_id": unique_id, "file_size": len(data)}


def write_once(path: Path, data: bytes) -> None:
    """A file named by its content is written once; renaming makes it whole for every reader."""
    if path.exists():
        return
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    fresh.write_bytes(data)
    fresh.replace(path)


def by_id(tx: Tx, file_id: str) -> sqlite3.Row | None:
    return tx.one("SELECT * FROM files WHERE file_id = ?", file_id)


def by_path(tx: Tx, path: str) -> sqlite3.Row | None:
    return tx.one("SELECT * FROM files WHERE path = ?", path)


def again(tx: Tx, kind: str, file_id: str) -> Json:
    """The content of a file known by its id. Raises ApiError 400 for an unknown id or another kind."""
    row = by_id(tx, file_id)
    if row is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if row["kind"] != kind:
        raise bad(f"can't use file of type {row['kind'].title()} as {kind.title()}")
    content: Json = json.loads(row["content"])
    return content
