"""Platform plain: text in, text out; its far end is this object's memory, or a file that others read."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from bot.platforms.plain import parse
from bot.platforms.plain.render import TEXT_LIMIT, render
from bot.platforms.text import MAP_URL
from bot.words.catalogue import Catalogue
from handlers.ports import Capabilities, Delivery, FileGone, Outgoing, SendNever, SendUnknown, Sent
from workflows.events import Envelope
from workflows.frozen import frozen


@frozen
class PlainOptions:
    """``outbox``: a file to which every text is added as a line of JSON, for a far end in another process."""

    outbox: Path | None = None
    map_url: str = MAP_URL


@frozen
class Told:
    """One text that reached a chat."""

    id: str
    chat: str
    text: str


@dataclass(slots=True)
class FarEnd:
    """What the people of a text-only platform see and have. Tests read and change it freely."""

    told: list[Told] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # what ``photo`` in a line refers to
    absent: set[tuple[str, str]] = field(default_factory=set)  # (chat, user) who are not in the group
    lost: set[str] = field(default_factory=set)  # chats that cannot be written to any more
    down: str = ""  # while nothing gets through: why

    def texts(self, chat: str) -> list[str]:
        """All texts of one chat, in order."""
        return [told.text for told in self.told if told.chat == chat]


class Plain:
    """The text-only platform."""

    name = parse.NAME
    capabilities = Capabilities(
        buttons=False, edits=False, locations=False, replies=False, max_text=TEXT_LIMIT, numbers=True
    )

    def __init__(self, options: PlainOptions, words: Catalogue) -> None:
        self._options = options
        self._words = words
        self._numbers = itertools.count(1)
        self._writing = threading.Lock()
        self.far_end = FarEnd()

    def is_probe(self, body: bytes) -> bool:
        """Never: nobody tries out an address that is not there."""
        return False

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Never: this platform has no webhook."""
        return False

    def identify(self, body: bytes) -> Delivery | None:
        """Name a line."""
        return parse.identify(body)

    def parse(self, payload: str, at: datetime) -> Envelope | None:
        """The event in a line. Raises ParseError."""
        return parse.parse(payload, at)

    def send(self, outgoing: Outgoing) -> Sent:
        """Say a message. Edits and replies are sent like any other, for there are none here."""
        self.me()
        if outgoing.chat in self.far_end.lost:
            raise SendNever("gone", chat_lost=True)
        texts = render(outgoing, self._words, self._options.map_url)
        if not texts:
            raise SendNever("cannot_render")
        return Sent(tuple(self._tell(outgoing.chat, text) for text in texts))

    def acknowledge(self, press: str, text: str, alert: bool) -> None:
        """Nothing to do: there are no buttons to press."""

    def drop_buttons(self, chat: str, message: str) -> None:
        """Nothing to do: there are no buttons to take away."""

    def take_back(self, chat: str, messages: Sequence[str]) -> None:
        """Nothing to do: what was sent stays."""

    def fetch(self, handle: str, limit: int) -> bytes:
        """The bytes of a photo in a line. Raises FileGone."""
        content = self.far_end.files.get(handle)
        if content is None:
            raise FileGone("gone")
        if len(content) > limit:
            raise FileGone("too_large")
        return content

    def is_member(self, chat: str, user: str) -> bool:
        """Everyone who writes in a group is in it, unless said otherwise."""
        return (chat, user) not in self.far_end.absent

    def open_topic(self, chat: str, title: str) -> str:
        """There are no topics. Raises SendNever."""
        raise SendNever("no_topics")

    def leave(self, chat: str) -> None:
        """Write to this chat no more."""
        self.far_end.lost.add(chat)

    def me(self) -> Mapping[str, Any]:
        """There is nothing to tell. Raises SendUnknown while nothing gets through."""
        if self.far_end.down:
            raise SendUnknown(self.far_end.down)
        return {}

    def close(self) -> None:
        """Nothing to end."""

    def _tell(self, chat: str, text: str) -> str:
        with self._writing:
            number = str(next(self._numbers)) if self._options.outbox is None else uuid4().hex
            told = Told(number, chat, text)
            self.far_end.told.append(told)
            if self._options.outbox is not None:
                with self._options.outbox.open("ab") as file:
                    file.write(msgspec.json.encode(told) + b"\n")
        return told.id
