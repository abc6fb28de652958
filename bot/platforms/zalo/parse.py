"""Parse: one of Zalo's events to what it means; a table of names, since the events are many and their forms unsure.

Zalo announces no albums: pictures that one person sends within the same few seconds are taken for one. A button comes
back as a text, its data behind ``#``; anybody can type that, so it proves nothing more than a press does elsewhere.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import structlog

from bot.platforms.command import command_in
from bot.platforms.zalo import shape
from bot.platforms.zalo.door import NAME, NO_CHAT, chat_key
from bot.platforms.zalo.shape import Json, at, first, words
from workflows import events
from workflows.events import Envelope, Event, MediaKind, MediaRef, Place, Sender

log = structlog.get_logger()

PRESS = "#"  # before a button's data
ALBUM_MILLISECONDS = 15_000

_PRESSED = re.compile(r"#([a-z]{1,8}:[^\s]{1,63})")
_MENTION = re.compile(r"\[@[0-9A-Za-z]+\]\s?")  # zalo.md, 5
_NAME = re.compile(r"[a-z_]{1,64}")
# Fetched without being looked at first, so what they are called decides what they are taken for until then.
_MIME = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif",
         "heic": "image/heic", "mp4": "video/mp4", "mov": "video/quicktime"}  # fmt: skip
# zalo.md, 3.6: told to us, of no use in a chat.
_QUIET = re.compile(
    r"user_(received|seen)_message|(user|oa)_reacted_message|user_click_(chatnow|response_button)"
    r"|(add_user_to|remove_user_from|remove)_tag|oa_call_user|user_call_oa|user_reply_consent|user_feedback"
    r"|shop_has_order|change_\w+|event_journey_\w+|update_user_info|widget_\w+|extension_purchased|oa_send_\w+"
)
# Told to us, and somebody should know: what is to be done stands in docs/zalo-checklist.md.
_GRAVE = ("permission_revoked", "user_withdraw")


class ParseError(Exception):
    """What cannot be an event at all. Holds nothing of it."""


class Us(NamedTuple):
    """Who we are on Zalo; ``""``: not told."""

    oa_id: str


def parse(payload: str, received: datetime, us: Us) -> Envelope | None:
    """The event; None for what we ignore. Raises ParseError."""
    event = shape.read(payload)
    name = words(event, "event_name")
    if event is None or not name:
        raise ParseError("not an event as we know them")
    owner = shape.oa_of(event)
    if owner and us.oa_id and owner != us.oa_id:
        _unheard(name, "another OA's")
        return None
    if name in _GRAVE:
        log.error("zalo.grave_event", event_name=name)
        return None
    if _QUIET.fullmatch(name):
        return None
    chat = chat_key(event, us.oa_id)
    if chat == NO_CHAT:
        _unheard(name, "no chat in it")
        return None
    read = _reader(name)
    if read is None:
        _unheard(name, "unknown")
        return None
    return read(_Heard(event, name, chat, received, us))


class _Heard(NamedTuple):
    """An event with where it happened."""

    event: Json
    name: str
    chat: str
    received: datetime
    us: Us

    @property
    def group(self) -> bool:
        return shape.group_of(self.event) is not None

    def says(self, sender: Sender, event: Event | None, message: str = "", reply_to: str = "") -> Envelope | None:
        if event is None:
            return None
        return Envelope(
            NAME,
            self.chat,
            self.group,
            sender,
            event,
            self.received,
            message=message or None,
            reply_to=reply_to or None,
        )


Read = Callable[[_Heard], Envelope | None]


def _reader(name: str) -> Read | None:
    if name in _READERS:
        return _READERS[name]
    if name in shape.GROUP_LIFE:
        return _group_life
    said = shape.SAID.fullmatch(name)
    return _message if said and said[1] != "oa" else None


def _unheard(name: str, why: str) -> None:
    """One line for what is kept and not understood: its name only."""
    log.warning("zalo.event_ignored", event_name=name if _NAME.fullmatch(name) else "?", why=why)


# --- an account's own events ---------------------------------------------------------------------------------------


def _followed(heard: _Heard) -> Envelope | None:
    return heard.says(Sender(heard.chat), events.CommandSent("start"))


def _unfollowed(heard: _Heard) -> Envelope | None:
    return heard.says(Sender(heard.chat), events.BotMembership(False))


def _submitted(heard: _Heard) -> Envelope | None:
    return heard.says(Sender(heard.chat), events.ContactSent())


_READERS: Mapping[str, Read] = {"follow": _followed, "unfollow": _unfollowed, "user_submit_info": _submitted}


# --- groups --------------------------------------------------------------------------------------------------------


def _group_life(heard: _Heard) -> Envelope | None:
    """Who came or went; where the event does not say who, the membership is asked when it matters."""
    what, oa = shape.GROUP_LIFE[heard.name], heard.us.oa_id
    if what in (shape.CAME, shape.ENDED):
        return heard.says(Sender(oa), events.BotMembership(what == shape.CAME))
    if what == shape.CHANGED:
        return None
    ways = (("user_id",), ("user", "id"), ("member", "id"), ("member", "user_id"), ("sender", "id"))
    user = first(*(found for way in ways if (found := words(heard.event, *way)) not in ("", oa)))
    if not user:
        _unheard(heard.name, "nobody in it")
        return None
    return heard.says(Sender(user), events.PersonMembership(user, what == shape.JOINED))


# --- what a message says -------------------------------------------------------------------------------------------


def _message(heard: _Heard) -> Envelope | None:
    event = heard.event
    user = words(event, "sender", "id")
    if user and user == heard.us.oa_id:
        return None
    if heard.group and not user:  # somebody without a name may say nothing in a group
        sender = Sender("", anonymous=True)
    elif heard.group:
        sender = Sender(user, first(words(event, "sender", "name"), words(event, "sender", "display_name")))
    else:
        sender = Sender(heard.chat)
    said = _content(heard)
    quoted = first(words(event, "message", "quote_msg_id"), words(event, "message", "quote_msg", "msg_id"))
    # A press is no message of its own that anything could be said about.
    message = "" if isinstance(said, events.ButtonPressed) else shape.message_id(event)
    return heard.says(sender, said, message, quoted)


def _content(heard: _Heard) -> Event | None:
    """By the attachment, else by the event's name: each is missing or odd at times."""
    event = heard.event
    found = next(iter(shape.attachments(event)), {})
    said = shape.SAID.fullmatch(heard.name)
    named = said[3] if said else ""
    kind = first(words(found, "type"), named)
    kind = named if kind not in _KINDS else kind
    if not found and at(event, "message", "location") is not None:
        kind = "location"
    read = _KINDS.get(kind)
    if read is None:
        return events.Unsupported(kind if _NAME.fullmatch(kind) else "unknown")
    return read(heard, found, _text(heard)) or events.Unsupported(kind)


def _text(heard: _Heard) -> str:
    text = words(heard.event, "message", "text")
    return _MENTION.sub("", text) if heard.group else text


def _words(heard: _Heard, _: Json, text: str) -> Event | None:
    said = text.strip()
    if not said:
        return None
    pressed = None if heard.group else _PRESSED.fullmatch(said)  # groups have no buttons
    if pressed:
        return events.ButtonPressed(pressed[1])
    return command_in(said) or events.TextSent(text)


def _link(heard: _Heard, found: Json, text: str) -> Event | None:
    """A link is words: those of a map are understood as a place."""
    address = first(words(found, "payload", "url"), words(found, "payload", "link"))
    said = [text.strip(), *([address] if address not in text else [])]
    return _words(heard, found, " ".join(filter(None, said)))


def _place(heard: _Heard, found: Json, text: str) -> Event | None:
    """A position wherever it may stand, as numbers or as texts; what cannot be on earth, or is nowhere, is none."""
    for place in (at(found, "payload", "coordinates"), at(found, "payload"), at(heard.event, "message", "location")):
        for lat_name, lon_name in (("latitude", "longitude"), ("lat", "long"), ("lat", "lon"), ("lat", "lng")):
            lat, lon = _degrees(at(place, lat_name), 90), _degrees(at(place, lon_name), 180)
            if lat is not None and lon is not None:
                return None if lat == lon == 0 else events.PlaceSent(Place(lat, lon, text.strip()))
    return None


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= most else None


def _media(kind: MediaKind, mime: str | None = None) -> Callable[[_Heard, Json, str], Event | None]:
    def read(heard: _Heard, found: Json, text: str) -> Event | None:
        address = words(found, "payload", "url")
        if not address:
            return None
        extension = words(found, "payload", "type").lower().lstrip(".")
        size = words(found, "payload", "size")
        ref = MediaRef(
            kind=kind,
            handle=address,
            unique=first(words(found, "payload", "checksum"), _digest(address)),
            size=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else None,
            mime=mime or _MIME.get(extension),
        )
        album = _album(heard) if kind in ("photo", "video") else None
        return events.MediaSent(ref, text.strip(), album)

    return read


def _album(heard: _Heard) -> str:
    sent = words(heard.event, "timestamp")
    moment = int(sent) // ALBUM_MILLISECONDS if sent.isascii() and sent.isdigit() and len(sent) < 16 else 0
    return f"{words(heard.event, 'sender', 'id')}:{moment}"


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:32]


# zalo.md, 3.5. Stickers, business cards and what comes next are not understood, and that is said.
_KINDS: Mapping[str, Callable[[_Heard, Json, str], Event | None]] = {
    "text": _words,
    "link": _link,
    "location": _place,
    "image": _media("photo", "image/jpeg"),
    "photo": _media("photo", "image/jpeg"),
    "gif": _media("photo", "image/gif"),
    "video": _media("video", "video/mp4"),
    "audio": _media("voice"),
    "voice": _media("voice"),
    "file": _media("document"),
}
