"""Parse: a line of JSON from a text-only far end to the event it means.

``{"id": "7", "chat": "an-cuu", "group": true, "user": "duc", "name": "Đức", "text": "/viec"}``. Instead of
``text`` there may be ``photo`` (the file's handle), or ``happened``: ``joined`` or ``left`` (the person),
``added`` or ``removed`` (ourselves).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from bot.platforms.command import command_in
from handlers.ports import Delivery
from workflows import events
from workflows.events import Envelope, Event, MediaRef, Sender

NAME = "plain"


class ParseError(Exception):
    """A line that cannot be understood. Holds nothing of it."""


class Said(msgspec.Struct, kw_only=True):
    """What one line may say."""

    id: str
    chat: str
    user: str
    group: bool = False
    name: str = ""
    text: str = ""
    photo: str = ""
    happened: Literal["", "joined", "left", "added", "removed"] = ""


class _Named(msgspec.Struct):
    id: str
    chat: str


def identify(body: bytes) -> Delivery | None:
    """The line's id and chat, or None when it has none."""
    try:
        body.decode()
        named = msgspec.json.decode(body, type=_Named)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return Delivery(named.id, named.chat)


def parse(payload: str, at: datetime) -> Envelope | None:
    """The event in a line; None where it says nothing. Raises ParseError."""
    try:
        said = msgspec.json.decode(payload, type=Said)
    except (msgspec.MsgspecError, RecursionError):
        raise ParseError("not a line as we know them") from None
    event = _event(said)
    if event is None:
        return None
    return Envelope(
        platform=NAME,
        chat=said.chat,
        group=said.group,
        sender=Sender(said.user, said.name),
        event=event,
        at=at,
        message=said.id,
    )


def _event(said: Said) -> Event | None:
    if said.happened in ("added", "removed"):
        return events.BotMembership(said.happened == "added")
    if said.happened:
        return events.PersonMembership(said.user, said.happened == "joined")
    if said.photo:
        ref = MediaRef("photo", said.photo, said.photo, mime="image/jpeg")
        return events.MediaSent(ref, said.text)
    return _text(said.text.replace("\0", ""))


def _text(text: str) -> Event | None:
    if not text.strip():
        return None
    return command_in(text) or events.TextSent(text)
