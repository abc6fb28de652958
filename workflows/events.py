"""What can happen in a chat, in no platform's words: the events that the rules are given."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.frozen import frozen

MediaKind = Literal["photo", "video", "voice", "document"]


@frozen
class MediaRef:
    """One file as the platform announced it; its bytes are fetched later by ``handle``."""

    kind: MediaKind
    handle: str  # what the platform wants back in order to hand over the bytes
    unique: str  # the same for the same file, for ever; used to notice repeats
    size: int | None = None  # bytes, where the platform says it
    mime: str | None = None


@frozen
class Place:
    """A position in degrees (WGS 84) and what the platform said about it."""

    lat: float
    lon: float
    address: str = ""  # a venue's name and address


@frozen
class TextSent:
    """Ordinary words."""

    text: str


@frozen
class MediaSent:
    """A photo, video, voice note or file, with its caption; ``album`` is shared by the items of one album."""

    media: MediaRef
    caption: str = ""
    album: str | None = None


@frozen
class PlaceSent:
    """A pin, a venue or the first point of a live location.

    ``draft``: pointed at on our map page, whose link was for the draft of this serial; 0: sent in the chat itself.
    """

    place: Place
    draft: int = 0


@frozen
class AddressSent:
    """An address typed on our map page instead of a point; ``draft`` as in ``PlaceSent``."""

    address: str
    draft: int


@frozen
class ButtonPressed:
    """A button under one of our messages; ``data`` came through the person's own client and proves nothing."""

    data: str
    press: str | None = None  # the platform's id of the press, to be acknowledged


@frozen
class CommandSent:
    """``/name args``; in a group only when it is not meant for somebody else."""

    name: str
    args: str = ""
    to_us: bool = False  # our name stands beside it


@frozen
class ContactSent:
    """Somebody's phone number, which we do not ask for and do not keep."""


@frozen
class TextEdited:
    """An earlier message was changed; ``Envelope.message`` names it."""

    text: str


@frozen
class PlaceMoved:
    """A live location moved on, or an edit we do not follow: never an answer to a question."""


@frozen
class Unsupported:
    """Stickers, polls, games and whatever comes next; ``kind`` is for the log only."""

    kind: str


@frozen
class TimerFired:
    """Something we scheduled fell due. ``about`` says what; ``version`` is the dialog's at the time."""

    about: str
    version: int = 0
    case_id: int | None = None


@frozen
class MediaArrived:
    """Bytes of a file of ours are in the store, or never will be.

    ``problem`` is empty, or a reason the citizen is told: ``not_an_image``, ``too_large``, ``bomb``, ``gone``.
    ``lat``/``lon`` are the photo file's own coordinates, when it has plausible ones.
    """

    attachment: str
    problem: str = ""
    lat: float | None = None
    lon: float | None = None


@frozen
class BotMembership:
    """We were added to a chat, removed from it, or (private) blocked and unblocked."""

    present: bool


@frozen
class PersonMembership:
    """Somebody joined or left a group."""

    user: str
    present: bool


@frozen
class ChatMoved:
    """The platform gave this group a new id (Telegram: group became supergroup)."""

    to: str


Event = (
    TextSent
    | MediaSent
    | PlaceSent
    | AddressSent
    | ButtonPressed
    | CommandSent
    | ContactSent
    | TextEdited
    | PlaceMoved
    | Unsupported
    | TimerFired
    | MediaArrived
    | BotMembership
    | PersonMembership
    | ChatMoved
)


@frozen
class Sender:
    """Who did it, by the platform's id; ``anonymous`` is a group administrator hiding behind the group."""

    user: str
    name: str = ""  # shown to colleagues in the group only, never logged
    anonymous: bool = False
    language: str = ""  # the client's, a hint for the first greeting


@frozen
class Envelope:
    """One event with where, when and by whom.

    ``chat`` and ``sender.user`` are the platform's ids as text. ``message`` is the platform's id of the message
    itself, or, for a press, of the message that carries the button. ``reply_to`` is the message it answers.
    ``thread`` is the forum topic. ``at`` is timezone-aware UTC and is the moment that we received it.
    """

    platform: str
    chat: str
    group: bool
    sender: Sender
    event: Event
    at: datetime
    message: str | None = None
    reply_to: str | None = None
    thread: str | None = None
    forum: bool = False
