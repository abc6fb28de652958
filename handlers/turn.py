"""One turn: an inbox row being worked inside a transaction, and everything its handlers share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from handlers.tools import Tools
from storage.chats import ChatRow
from storage.codec import dump
from storage.inbox import InboxRow
from storage.people import PersonRow
from storage.unit_of_work import UnitOfWork
from workflows.effects import Lane
from workflows.events import Envelope
from workflows.messages import Message


class CaseBusy(Exception):
    """Another step of this batch has this case already: the row waits for the next batch."""


class AskMembership(Exception):
    """Whether somebody is in a group must be asked of the platform, which a transaction never waits for."""

    def __init__(self, chat_id: int, platform: str, chat: str, user: str) -> None:
        super().__init__("membership unknown")
        self.chat_id = chat_id
        self.platform = platform
        self.chat = chat
        self.user = user


@dataclass(slots=True)
class Batch:
    """What the steps of one transaction share: cases they hold, people and dialogs fetched for all of them at once."""

    cases: set[int] = field(default_factory=set)
    people: dict[int, PersonRow] = field(default_factory=dict)
    dialogs: dict[tuple[int, int], str] = field(default_factory=dict)
    unanswered: dict[tuple[int, str], datetime] = field(default_factory=dict)  # memberships nobody could tell us
    sent: dict[int, int] = field(default_factory=dict)  # reports of a day, of people already counted


@dataclass(slots=True)
class Turn:
    """One row's turn. ``person`` is the citizen or officer; None where nobody did it (a group's own events)."""

    tools: Tools
    uow: UnitOfWork
    batch: Batch
    now: datetime
    chat: ChatRow
    row: InboxRow | None = None
    envelope: Envelope | None = None
    person: PersonRow | None = None
    cards: dict[tuple[int, int], bool] = field(default_factory=dict)  # (case, chat) -> post it anew
    touched: set[int] = field(default_factory=set)
    press: str | None = None  # acknowledged, but not yet by anything that goes out

    def take_press(self) -> str | None:
        """The press that waits to be acknowledged, for whatever goes out first; None for the next."""
        press, self.press = self.press, None
        return press

    def lock_case(self, case_id: int) -> None:
        """Take a case for this step. Raises CaseBusy when another step of the batch has it."""
        if case_id not in self.touched and case_id in self.batch.cases:
            raise CaseBusy
        self.touched.add(case_id)

    def answer(self, message: Message) -> None:
        """Say something where this came from: in its topic, and in a group as a reply to what it answers."""
        said = self.envelope
        self.uow.outbox.put(
            self.chat.id,
            Lane.REPLY,
            "send",
            dump(message),
            self.now,
            reply_to=said.message if said and self.chat.kind == "group" else None,
            thread=said.thread if said else None,
        )
