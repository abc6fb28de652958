"""What handlers need from the world: a platform to talk to, words, a clock, a bell; built in bot/wiring.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, Protocol

from workflows.events import Envelope
from workflows.frozen import frozen
from workflows.messages import Button, Message, Value
from workflows.notifier.channels import Window


class SendLater(Exception):
    """Not now: try again at or after ``seconds`` from now. ``whole_bot`` holds every chat of the platform back."""

    def __init__(self, seconds: float, code: str, *, whole_bot: bool = False) -> None:
        super().__init__(code)
        self.seconds = seconds
        self.code = code
        self.whole_bot = whole_bot


class SendNever(Exception):
    """It will not work, ever. ``chat_lost``: the person blocked us or the group threw us out."""

    def __init__(self, code: str, *, chat_lost: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.chat_lost = chat_lost


class WindowClosed(SendNever):
    """The person has said nothing for too long: nothing reaches them here until they write again."""


class QuotaSpent(SendLater):
    """What may be sent for now is used up; what need not go had better not wait for it."""


class ChatHasMoved(Exception):
    """The chat has a new id; send there from now on."""

    def __init__(self, to: str) -> None:
        super().__init__("moved")
        self.to = to


class TopicGone(Exception):
    """The forum topic is gone or closed: send again to the chat itself."""


class SendUnknown(Exception):
    """Nobody knows whether it arrived (time-out, broken connection, 5xx): sent again after the lease."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FileGone(Exception):
    """A file cannot be had: ``code`` is ``too_large`` or ``gone``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@frozen
class Capabilities:
    """What a platform can do; rules and senders ask this, never the platform's name.

    ``buttons`` are in private chats, and in groups unless ``group_buttons`` says otherwise; ``uploads`` are the kinds
    of files that can be sent out, others are spoken of; ``leaves``: whether we can leave a group ourselves;
    ``numbers``: each choice is written with its number, whether or not there are buttons.
    """

    buttons: bool
    edits: bool
    locations: bool
    replies: bool
    topics: bool = False
    max_text: int = 4096
    per_chat_per_second: float = 0  # 0: no limit of ours
    per_group_per_minute: int = 0
    per_bot_per_second: int = 0
    group_buttons: bool = True
    groups: bool = True  # whether agencies can work here
    uploads: frozenset[str] = frozenset()
    leaves: bool = True
    numbers: bool = False
    window: Window | None = None  # None: a chat once begun can be written to for ever


@frozen
class File:
    """A stored photo, video or voice note to be sent: bytes, a kind, and the platform's own handle if it has one."""

    kind: str
    content: bytes
    mime: str
    handle: str = ""
    name: str = "file"


@frozen
class Outgoing:
    """One message ready to be put into a platform's form: the reader's language is decided, files are at hand."""

    chat: str
    group: bool
    message: Message
    language: str
    files: tuple[File, ...] = ()
    thread: str | None = None
    reply_to: str | None = None
    edit: str | None = None  # our own message to replace
    edit_media: bool = False  # that message carries a caption, not a text
    links: tuple[tuple[Value, str], ...] = ()  # label and address of pages of ours


@frozen
class Sent:
    """What the platform gave back: message ids in order (the buttons are on the last), and whether one holds media."""

    ids: tuple[str, ...] = ()
    captioned: bool = False
    handles: tuple[str, ...] = field(default_factory=tuple)  # the platform's own handles of uploaded files


class Door(Protocol):
    """Where a platform's deliveries come in. Pure, and called from several threads."""

    name: str

    def is_probe(self, body: bytes) -> bool:
        """Whether this is the platform trying our address out: answered, and nothing else."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a webhook request is really the platform's (constant time)."""
        ...

    def identify(self, body: bytes) -> Delivery | None:
        """Name a delivery without understanding it. None: not a delivery at all (malformed)."""
        ...


class Platform(Door, Protocol):
    """A chat platform. All methods may be called from several threads; only ``parse`` and the door are pure."""

    capabilities: Capabilities

    def parse(self, payload: str, at: datetime) -> Envelope | None:
        """The event in a kept payload; None for what we ignore. Raises on what cannot be parsed."""
        ...

    def send(self, outgoing: Outgoing) -> Sent:
        """Send or edit one message. Raises one of the exceptions above."""
        ...

    def acknowledge(self, press: str, text: str, alert: bool) -> None:
        """Answer a button press; too late is no error."""
        ...

    def drop_buttons(self, chat: str, message: str) -> None:
        """Take the buttons off one of our messages, where the platform can; never an error."""
        ...

    def take_back(self, chat: str, messages: Sequence[str]) -> None:
        """Delete messages of ours, as far as the platform can; those that stay are no error."""
        ...

    def fetch(self, handle: str, limit: int) -> bytes:
        """A file's bytes, at most ``limit``. Raises FileGone, SendLater or SendUnknown."""
        ...

    def is_member(self, chat: str, user: str) -> bool:
        """Whether ``user`` is in the group now. Raises SendLater or SendUnknown when the platform does not say."""
        ...

    def open_topic(self, chat: str, title: str) -> str:
        """Make a forum topic and return its id. Raises like ``send``."""
        ...

    def leave(self, chat: str) -> None:
        """Leave a group that nobody linked."""
        ...

    def me(self) -> Mapping[str, Any]:
        """What the platform says about our own account; costs nothing and reaches nobody. Raises like ``send``."""
        ...


@frozen
class Delivery:
    """A delivery's own id on its platform and the chat in whose order it must be worked.

    ``parts``: payloads to be kept one by one in place of the body, where one delivery says several things.
    """

    external_id: str
    chat: str
    parts: tuple[str, ...] = ()


class Words(Protocol):
    """The catalogue of words."""

    def text(self, language: str, key: str, values: Mapping[str, Value]) -> str:
        """One sentence; values are put in as plain text. Raises KeyError for an unknown key."""
        ...

    def label(self, language: str, value: Value) -> str:
        """A button's or a value's words."""
        ...

    def spell(self, button: Button) -> Sequence[str]:
        """A button's label in every language, plain: what a person may type instead of pressing it."""
        ...


class Pages(Protocol):
    """Addresses of our own pages, signed and expiring."""

    def address(self, page: str, chat_id: int, case_id: int | None, draft: int = 0) -> str | None:
        """Where ``page`` (of ``workflows.messages.Link``) is for this chat and case or draft; None: there is none."""
        ...


class Clock(Protocol):
    """The time; in the sandbox shifted by a stored offset."""

    def now(self) -> datetime:
        """Timezone-aware UTC."""
        ...


class Bell(Protocol):
    """Tells a worker that there is something to do. A lost ring is made good by the sweep; a double one is harmless."""

    def ring(self) -> None:
        """Never raises and never waits long."""
        ...

    def more(self) -> None:
        """One worker is not enough: wake another. Never raises and never waits long."""
        ...

    def looked(self) -> None:
        """A worker looks for the last time before it sleeps: later work must ring again."""
        ...
