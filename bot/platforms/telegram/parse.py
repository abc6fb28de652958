"""Parse: a raw update to the event it means."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TypeVar

import msgspec

from bot.platforms.telegram import shape
from bot.platforms.telegram.door import NAME
from bot.platforms.telegram.shape import Carrier, Change, Chat, File, Message, Picture, Press, Update, User
from workflows import events
from workflows.events import Envelope, Event, MediaKind, MediaRef, Place, Sender
from workflows.frozen import frozen

_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_GROUPS = ("group", "supergroup", "channel")
# Bot API, ChatMember: of the restricted, ``is_member`` tells.
_IN = frozenset(("creator", "administrator", "member"))
_RESTRICTED = "restricted"

T = TypeVar("T")


class ParseError(Exception):
    """An update that cannot be understood. Says where, never what stood there."""


@frozen
class Us:
    """Who we are on Telegram: our user id, and our name for commands (``""``: not known yet)."""

    id: int
    username: str = ""


def parse(payload: str, at: datetime, us: Us) -> Envelope | None:
    """The event in an update; None for what we ignore. Raises ParseError, whose text holds nothing of it."""
    try:
        return _update(shape.read(payload), at, us)
    except ParseError:
        raise
    except Exception as error:
        # What Python says about a strange update could hold a piece of it.
        raise ParseError(f"not an update as we know them ({type(error).__name__})") from None


def _update(update: Update, at: datetime, us: Us) -> Envelope | None:
    if update.message is not None:
        return _message(update.message, at, us)
    if update.edited_message is not None:
        return _edited(update.edited_message, at)
    if update.callback_query is not None:
        return _press(update.callback_query, at)
    if update.my_chat_member is not None:
        return _our_membership(update.my_chat_member, at)
    if update.chat_member is not None:
        return _membership(update.chat_member, at, us)
    return None


def _message(message: Message, at: datetime, us: Us) -> Envelope | None:
    if message.migrate_to_chat_id:
        return _moved(message, _there(message.chat).id, message.migrate_to_chat_id, at)
    if message.migrate_from_chat_id:
        return _moved(message, message.migrate_from_chat_id, _there(message.chat).id, at)
    if message.new_chat_members or message.left_chat_member:
        return _came_or_went(message, at, us)
    sender = _sender(message)
    if sender is None:
        return None
    event = _content(message, us)
    return None if event is None else _in_message(message, sender, event, at)


def _edited(message: Message, at: datetime) -> Envelope | None:
    sender = _sender(message)
    if sender is None:
        return None
    words = _words(message.text) or _words(message.caption)
    event: Event = events.TextEdited(words) if words and not message.location else events.PlaceMoved()
    return _in_message(message, sender, event, at)


def _press(query: Press, at: datetime) -> Envelope | None:
    carrier = query.message
    if carrier is None:  # a button of an inline message, which we never send
        return None
    event: Event = events.ButtonPressed(_words(query.data), str(query.id))
    if query.data is None:
        event = events.Unsupported("game")
    chat = _there(carrier.chat)
    thread, forum = _topic(carrier)
    return Envelope(
        platform=NAME,
        chat=_id(chat.id),
        group=_is_group(chat),
        sender=_person(_there(query.from_user)),
        event=event,
        at=at,
        message=_id(carrier.message_id),
        thread=thread,
        forum=forum,
    )


def _our_membership(change: Change, at: datetime) -> Envelope:
    return _in_chat(_there(change.chat), _person(_there(change.from_user)), events.BotMembership(_is_in(change)), at)


def _membership(change: Change, at: datetime, us: Us) -> Envelope | None:
    person = _there(_there(change.new_chat_member).user)
    if person.id == us.id or person.is_bot:
        return None
    event = events.PersonMembership(_id(person.id), _is_in(change))
    return _in_chat(_there(change.chat), _person(person), event, at)


def _came_or_went(message: Message, at: datetime, us: Us) -> Envelope | None:
    """A join or leave told by a service message; the envelope's sender is the person whom it is about.

    Our own are told by ``my_chat_member``. Of several people added at once the first is told here, the others
    are met when they first do something.
    """
    present, gone = bool(message.new_chat_members), message.left_chat_member
    people = message.new_chat_members or ([gone] if gone else [])
    person = next((p for p in people if not p.is_bot and p.id != us.id), None)
    if person is None:
        return None
    return _in_chat(_there(message.chat), _person(person), events.PersonMembership(_id(person.id), present), at)


def _moved(message: Message, old: object, new: object, at: datetime) -> Envelope:
    """Both chats tell of a move, each in its own way; both become the same event in the old chat."""
    sender = _sender(message) or Sender(_id(new), anonymous=True)
    return Envelope(NAME, _id(old), True, sender, events.ChatMoved(_id(new)), at)


def _is_in(change: Change) -> bool:
    member = _there(change.new_chat_member)
    if member.status != _RESTRICTED:
        return member.status in _IN
    if member.is_member is msgspec.UNSET:
        raise ParseError("a restricted person of whom it is not told whether they are there")
    return bool(member.is_member)


# --- what a message says --------------------------------------------------------------------------


def _content(message: Message, us: Us) -> Event | None:
    if message.text is not None:
        return _text(_words(message.text), us)
    for read in (_media, _place):
        if (event := read(message)) is not None:
            return event
    if message.contact is not None:
        return events.ContactSent()
    for kind in shape.UNSUPPORTED:
        if getattr(message, kind):
            return events.Unsupported(kind)
    if any(getattr(message, name) for name in shape.SERVICE):
        return None
    return events.Unsupported("unknown")


def _text(text: str, us: Us) -> Event | None:
    match = _COMMAND.fullmatch(text.strip())
    if match is None:
        return events.TextSent(text)
    name, addressee, args = match.groups()
    named = bool(addressee and us.username)
    if named and addressee.casefold() != us.username.casefold():
        return None
    return events.CommandSent(name.lower(), (args or "").strip(), to_us=named)


def _media(message: Message) -> Event | None:
    ref = _media_ref(message)
    if ref is None:
        return None
    album = message.media_group_id
    return events.MediaSent(ref, _words(message.caption), None if album is None else str(album))


def _media_ref(message: Message) -> MediaRef | None:
    if message.photo:
        return _ref("photo", message.photo[-1])  # the same picture in several sizes, the largest last
    # An animation is announced as a document as well, so it is looked for first.
    kinds: tuple[tuple[MediaKind, Picture | None], ...] = (
        ("video", message.video),
        ("video", message.video_note),
        ("video", message.animation),
        ("voice", message.voice),
        ("voice", message.audio),
        ("document", message.document),
    )
    return next((_ref(kind, found) for kind, found in kinds if found is not None), None)


def _ref(kind: MediaKind, found: Picture) -> MediaRef:
    size = found.file_size
    mime = _words(found.mime_type) if isinstance(found, File) else ""
    return MediaRef(
        kind=kind,
        handle=_required(found.file_id),
        unique=_required(found.file_unique_id),
        size=size if isinstance(size, int) else None,
        mime=mime or ("image/jpeg" if kind == "photo" else None),
    )


def _place(message: Message) -> Event | None:
    location = message.location or (message.venue.location if message.venue else None)
    if location is None:
        return None
    lat, lon = float(location.latitude), float(location.longitude)
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return events.Unsupported("location")
    return events.PlaceSent(Place(lat, lon, _venue_words(message)))


def _venue_words(message: Message) -> str:
    if message.venue is None:
        return ""
    return ", ".join(part for part in (_words(message.venue.title), _words(message.venue.address)) if part)


# --- where and by whom ----------------------------------------------------------------------------


def _in_message(message: Message, sender: Sender, event: Event, at: datetime) -> Envelope:
    thread, forum = _topic(message)
    chat, answered = _there(message.chat), message.reply_to_message
    # In a topic, a message that answers nothing still points at the topic's first message.
    if answered is not None and thread is not None and _id(answered.message_id) == thread:
        answered = None
    return Envelope(
        platform=NAME,
        chat=_id(chat.id),
        group=_is_group(chat),
        sender=sender,
        event=event,
        at=at,
        message=_id(message.message_id),
        reply_to=None if answered is None else _id(answered.message_id),
        thread=thread,
        forum=forum,
    )


def _in_chat(chat: Chat, sender: Sender, event: Event, at: datetime) -> Envelope:
    return Envelope(NAME, _id(chat.id), _is_group(chat), sender, event, at, forum=bool(chat.is_forum))


def _topic(message: Message | Carrier) -> tuple[str | None, bool]:
    """The topic, and whether the group has topics. Ordinary replies carry a thread id as well."""
    thread = message.message_thread_id if message.is_topic_message else None
    return None if thread is None else _id(thread), bool(_there(message.chat).is_forum)


def _sender(message: Message) -> Sender | None:
    """Who wrote it: None for other bots; ``anonymous`` for whoever writes as a group or a channel."""
    if message.sender_chat is not None:
        return Sender(_id(message.sender_chat.id), _words(message.sender_chat.title), anonymous=True)
    if message.from_user is None or message.from_user.is_bot:
        return None
    return _person(message.from_user)


def _person(user: User) -> Sender:
    language = _words(user.language_code)
    return Sender(_id(user.id), _full_name(user), language=language[:2])


def _full_name(user: User) -> str:
    return " ".join(part for part in (_words(user.first_name), _words(user.last_name)) if part)


def _is_group(chat: Chat) -> bool:
    return chat.type in _GROUPS


def _there(part: T | None) -> T:
    if part is None:
        raise ParseError("a part that is missing")
    return part


def _id(number: object) -> str:
    if not isinstance(number, int) or isinstance(number, bool):
        raise ParseError("an id that is no number")
    return str(number)


def _required(handle: object) -> str:
    if not isinstance(handle, str) or not handle:
        raise ParseError("a file without a handle")
    return handle


def _words(text: object) -> str:
    """Text without what a database cannot keep: NUL, and halves of characters that JSON can smuggle in."""
    if text is None:
        return ""
    if not isinstance(text, str):
        raise ParseError("a text that is none")
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
