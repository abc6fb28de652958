"""Parse: one of Zalo Bot's events to what it means; what the bot is not shown is said to be not understood."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from bot.platforms.command import command_in
from bot.platforms.zalo import shape
from bot.platforms.zalo.shape import Json, first, words
from bot.platforms.zalo_bot.door import NAME, NO_CHAT, chat_key, unwrapped
from workflows import events
from workflows.events import Envelope, Event, MediaKind, MediaRef, Sender

log = structlog.get_logger()

ALBUM_MILLISECONDS = 15_000  # photos come one by one and are announced as no album

_NAME = re.compile(r"[a-z_.]{1,64}")


class ParseError(Exception):
    """What cannot be an event at all. Holds nothing of it."""


def parse(payload: str, received: datetime) -> Envelope | None:
    """The event; None for what we ignore. Raises ParseError."""
    event = unwrapped(shape.read(payload))
    name = words(event, "event_name")
    if event is None or not name:
        raise ParseError("not an event as we know them")
    read = _READERS.get(name)
    chat = chat_key(event)
    if read is None or chat == NO_CHAT:
        why = "unknown" if read is None else "no chat in it"
        log.warning("zalo_bot.event_ignored", event_name=name if _NAME.fullmatch(name) else "?", why=why)
        return None
    if shape.at(event, "message", "from", "is_bot") is True:
        return None
    said = read(event)
    if said is None:
        return None
    sender = Sender(words(event, "message", "from", "id"), words(event, "message", "from", "display_name"))
    group = words(event, "message", "chat", "chat_type").upper() == "GROUP"
    message = words(event, "message", "message_id") or None
    return Envelope(NAME, chat, group, sender, said, received, message=message)


def _text(event: Json) -> Event | None:
    text = words(event, "message", "text")
    return command_in(text) or (events.TextSent(text) if text.strip() else None)


def _media(kind: MediaKind, *names: str, mime: str | None = None) -> Callable[[Json], Event | None]:
    """A file whose link stands under one of ``names``: documents and deliveries differ."""

    def read(event: Json) -> Event | None:
        address = first(*(words(event, "message", name) for name in names))
        if not address:
            return events.Unsupported(kind)
        unique = hashlib.sha256(address.encode()).hexdigest()[:32]
        caption = words(event, "message", "caption").strip()
        album = _album(event) if kind == "photo" else None
        return events.MediaSent(MediaRef(kind, address, unique, mime=mime), caption, album)

    return read


def _album(event: Json) -> str:
    sent = words(event, "message", "date")
    moment = int(sent) // ALBUM_MILLISECONDS if sent.isascii() and sent.isdigit() and len(sent) < 16 else 0
    return f"{words(event, 'message', 'from', 'id')}:{moment}"


def _unsupported(kind: str) -> Callable[[Json], Event | None]:
    return lambda _: events.Unsupported(kind)


_READERS: Mapping[str, Callable[[Json], Event | None]] = {
    "message.text.received": _text,
    "message.image.received": _media("photo", "photo", "photo_url", mime="image/jpeg"),
    "message.voice.received": _media("voice", "voice_url"),
    "message.sticker.received": _unsupported("sticker"),
    "message.unsupported.received": _unsupported("unsupported"),
}
