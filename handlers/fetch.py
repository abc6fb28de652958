"""Fetch a file's bytes, look at what they are, keep the original and a copy without metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.ports import FileGone, Platform
from handlers.tools import Tools
from storage.attachments import AttachmentRow

if TYPE_CHECKING:
    from storage.images import Seen


def fetch(tools: Tools, platform: Platform, file: AttachmentRow) -> dict[str, Any]:
    """What the attachment's columns become, and the event for the chat's dialog. Raises like ``Platform.fetch``."""
    from storage.images import Refused  # Pillow and its codecs: only for a process that is sent a picture

    if file.status != "waiting" or not file.handle:
        return {"columns": {}, "event": _event(file)}
    try:
        content = platform.fetch(file.handle, tools.road.file_limit)
    except FileGone as gone:
        return _failed(file, gone.code)
    try:
        columns, seen = keep(tools, content, file.kind)
    except Refused as refused:
        return _failed(file, refused.reason)
    return {"columns": columns, "event": _event(file) | {"lat": seen.lat, "lon": seen.lon}}


def keep(tools: Tools, content: bytes, kind: str) -> tuple[dict[str, Any], Seen]:
    """Look at a file's bytes and keep the original and a copy; the attachment's columns. Raises Refused."""
    from storage.images import look

    seen = look(content, kind, max_bytes=tools.road.file_limit)
    columns = {
        "status": "kept",
        "original": tools.media.put(content),
        "shown": tools.media.put(seen.shown) if seen.shown else None,
        "mime": seen.mime,
        "kind": seen.kind,
        "size": len(content),
        "dhash": seen.dhash,
        "handle": None,
    }
    return columns, seen


def _failed(file: AttachmentRow, problem: str) -> dict[str, Any]:
    columns = {"status": "failed", "problem": problem, "handle": None}
    return {"columns": columns, "event": _event(file) | {"problem": problem}}


def _event(file: AttachmentRow) -> dict[str, Any]:
    """Whose dialog hears of the file: in a group every officer has one."""
    return {"attachment": file.id, "person_id": file.person_id}
