"""Work the inbox: the oldest due row of each chat, several chats a transaction, a poisoned row alone."""

from __future__ import annotations

import traceback
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from structlog.contextvars import bound_contextvars

from handlers.agency import agency
from handlers.carry_out import end_step
from handlers.citizen import citizen
from handlers.groups import GROUP_EVENTS, group
from handlers.map_page import KIND, event_in
from handlers.notifier import heard
from handlers.ports import SendLater, SendNever, SendUnknown
from handlers.tools import Tools
from handlers.turn import AskMembership, Batch, CaseBusy, Turn
from storage.chats import ChatRow
from storage.codec import dump, plain
from storage.inbox import DueRow, InboxRow, hold_until
from storage.outbox import OutboxRow
from storage.people import PersonRow
from storage.unit_of_work import UnitOfWork
from workflows.effects import Lane
from workflows.events import ChatMoved, Envelope, Event, MediaArrived, Sender, TimerFired
from workflows.frozen import frozen
from workflows.messages import say

log = structlog.get_logger()

PATIENCE = timedelta(milliseconds=300)  # with which a row waits for the process that sends to its chat
MOST_OURS = 10_000
AWAY = timedelta(minutes=5)  # between two looks whether a platform is in use again


@frozen
class Worked:
    """What one transaction did: rows worked and their chats, rows of the outbox that are ours to send, memberships to
    ask for.
    """

    rows: int = 0
    born: list[OutboxRow] = field(default_factory=list)
    ask: list[AskMembership] = field(default_factory=list)
    chats: Sequence[ChatRow] = ()


NOTHING = Worked()


class Ours:
    """The chats to which this process is sending. Their next rows are worked here first, while others see to theirs:
    what was sent last is noted in the same transaction, so that the answer goes at once and nobody has to claim it.
    """

    def __init__(self) -> None:
        self._chats: OrderedDict[int, None] = OrderedDict()

    def first(self, due: list[DueRow], now: datetime) -> list[DueRow]:
        """Of these rows those to be worked now: ours, new chats', and what nobody has worked for a while; or all."""
        ours = [row for row in due if row.chat_id is None or row.chat_id in self._chats or row.since <= now - PATIENCE]
        return ours or due

    def served(self, worked: Worked) -> None:
        """A chat is ours from the answer on that is born as ours to send, until one is not."""
        sending = {row.chat_id for row in worked.born}
        for chat in worked.chats:
            self._chats.pop(chat.id, None)
            if chat.id in sending:
                self._chats[chat.id] = None
        while len(self._chats) > MOST_OURS:
            self._chats.popitem(last=False)


class Beside(Protocol):
    """What is written in the same transaction, before the inbox is read and after its steps are worked."""

    def before(self, uow: UnitOfWork, now: datetime) -> None:
        """Before anything of the inbox is read."""
        ...

    def after(self, uow: UnitOfWork, now: datetime, worked: Worked) -> None:
        """After everything that the steps have written."""
        ...

    def alone(self) -> None:
        """The shared transaction has failed: do both in another."""
        ...


class Drain:
    """Works the inbox until nothing is due. One per process; any number of processes at once."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._unanswered: dict[tuple[int, str], datetime] = {}
        self._ours = Ours()

    def batch(self, *, lease: bool, beside: Beside | None = None) -> Worked:
        """One transaction's worth. ``lease``: rows it says may be born as ours to send (we have a free sender).

        ``beside`` shares the transaction; where that fails, it is told to work alone.
        """
        try:
            worked = self._transaction(self.tools.road.batch, None, lease=lease, beside=beside)
        except Exception as error:  # its words may repeat what somebody wrote: they stay out of the log
            log.warning("batch.redone_singly", kind=type(error).__name__)
            if beside is not None:
                beside.alone()
            return self._singly(lease=lease and beside is None)
        for one in worked.ask:
            self._ask(one)
        return worked

    def _singly(self, *, lease: bool) -> Worked:
        """Redo what failed together one by one: a poisoned row holds up only its own chat."""
        with self.tools.store.read() as uow:
            rows = uow.inbox.ready(self.tools.clock.now(), self.tools.road.batch)
        count = 0
        born: list[OutboxRow] = []
        ask: list[AskMembership] = []
        for row in rows:
            try:
                worked = self._transaction(1, row, lease=lease)
            except Exception as error:
                self._failed(row, error)
                count += 1
                continue
            count += worked.rows
            born.extend(worked.born)
            ask.extend(worked.ask)
            for one in worked.ask:
                self._ask(one)
        return Worked(count, born, ask)

    def _transaction(self, how_many: int, only: DueRow | None, *, lease: bool, beside: Beside | None = None) -> Worked:
        now = self.tools.clock.now()
        with self.tools.store.write() as uow:
            if beside is not None:
                beside.before(uow, now)
            rows = [only] if only else self._ours.first(uow.inbox.ready(now, 4 * how_many), now)
            worked = self._rows(uow, rows, now, how_many)
            worked = replace(worked, born=uow.flush(now, self.tools.road.lease if lease else None))
            self._ours.served(worked)
            if beside is not None:
                beside.after(uow, now, worked)
        return worked

    def _rows(self, uow: UnitOfWork, due: list[DueRow], now: datetime, how_many: int) -> Worked:
        """Work those of these rows that nobody else works on."""
        taken = self._in_use(uow, _take(uow, due, now, how_many), now)
        if not taken:
            return NOTHING
        batch = self._batch(uow, [chat for _, chat in taken])
        envelopes = {row.id: self._envelope(row, chat, now) for row, chat in taken}
        _expect(uow, taken, envelopes)
        done: list[int] = []
        ignored: list[int] = []
        said: list[tuple[ChatRow, Envelope]] = []
        ask: list[AskMembership] = []
        for row, chat in taken:
            mark = uow.mark()
            try:
                with bound_contextvars(platform=row.platform, chat_id=chat.id, inbox_id=row.id):
                    worked = self._step(uow, batch, row, chat, envelopes[row.id], now)
                (done if worked else ignored).append(row.id)
                uow.keep()
                if (envelope := envelopes[row.id]) is not None and row.kind == "delivery":
                    said.append((chat, envelope))
            except CaseBusy:
                uow.back_to(mark)
            except AskMembership as question:
                uow.back_to(mark)
                ask.append(question)
        uow.inbox.done(done, now)
        uow.inbox.done(ignored, now, "ignored")
        heard(self.tools, uow, said, now)
        return Worked(len(done) + len(ignored), ask=ask, chats=[chat for _, chat in taken])

    def _in_use(
        self, uow: UnitOfWork, taken: list[tuple[InboxRow, ChatRow]], now: datetime
    ) -> list[tuple[InboxRow, ChatRow]]:
        """Without deliveries of a platform that settings have switched off: their chats wait until it is back."""
        away = [chat for row, chat in taken if row.kind == "delivery" and row.platform not in self.tools.platforms]
        for chat in away:
            uow.chats.change(chat.id, held_until=now + AWAY)
        return [(row, chat) for row, chat in taken if chat not in away] if away else taken

    def _batch(self, uow: UnitOfWork, chats: Sequence[ChatRow]) -> Batch:
        people = [chat.person_id for chat in chats if chat.person_id is not None]
        uow.attachments.expect(people)
        return Batch(
            people=uow.people.get(people) if people else {},
            dialogs=uow.dialogs.of_chats([chat.id for chat in chats if chat.kind == "private"]),
            unanswered=self._unanswered,
        )

    def _step(
        self, uow: UnitOfWork, batch: Batch, row: InboxRow, chat: ChatRow, envelope: Envelope | None, now: datetime
    ) -> bool:
        """Work one row. False: of a kind we take no notice of."""
        if envelope is None:
            return False
        if chat.kind == "new":
            kind = "group" if envelope.group else "private"
            uow.chats.change(chat.id, kind=kind)
            chat = uow.chats.get([chat.id])[chat.id]
        turn = Turn(self.tools, uow, batch, now, chat, row, envelope)
        turn.person = _person(turn, envelope, row)
        if chat.kind == "private" and chat.status == "lost" and row.kind == "delivery":
            uow.chats.change(chat.id, status="open")  # whoever writes to us can be written to
        elif chat.kind == "group" and row.kind == "delivery" and envelope.forum != chat.forum:
            uow.chats.change(chat.id, forum=envelope.forum)
        _in_group(turn, envelope) if chat.kind == "group" else citizen(turn, envelope)
        end_step(turn)
        batch.cases |= turn.touched
        return True

    def _envelope(self, row: InboxRow, chat: ChatRow, now: datetime) -> Envelope | None:
        if row.kind == "delivery":
            return self.tools.platforms[row.platform].parse(row.payload, now)
        event = event_in(row.payload) if row.kind == KIND else _timer(row.payload)
        return Envelope(row.platform, row.chat, chat.kind == "group", Sender(""), event, now)

    def _ask(self, question: AskMembership) -> None:
        """Ask the platform, outside any transaction; what it cannot say counts as no for a while."""
        now = self.tools.clock.now()
        try:
            present = self.tools.platforms[question.platform].is_member(question.chat, question.user)
        except (SendLater, SendNever, SendUnknown) as trouble:
            log.warning("membership.unknown", chat_id=question.chat_id, code=trouble.code)
            self._unanswered[(question.chat_id, question.user)] = now
            return
        self._unanswered.pop((question.chat_id, question.user), None)
        with self.tools.store.write() as uow:
            uow.chats.know_member(question.chat_id, question.user, present, now)

    def _failed(self, due: DueRow, error: Exception) -> None:
        """Count the attempt in a transaction of its own; the last one sets the row aside and tells the chat."""
        where = "".join(traceback.format_tb(error.__traceback__)[-6:])
        now = self.tools.clock.now()
        with self.tools.store.write() as uow:
            for row in uow.inbox.still_new([due.id]):
                # The message of an error may repeat what somebody wrote; its kind and place do not.
                self._set_back(uow, row, type(error).__name__, where, now)
            uow.flush(now)

    def _set_back(self, uow: UnitOfWork, row: InboxRow, kind: str, where: str, now: datetime) -> None:
        dead = row.attempts + 1 >= self.tools.road.attempts
        log.error("step.failed", inbox_id=row.id, attempts=row.attempts + 1, dead=dead, kind=kind)
        uow.inbox.failed(row.id, f"{kind}\n{where}", dead=dead)
        uow.chats.ensure([(row.platform, row.chat)])
        chat = uow.chats.find(row.platform, row.chat)
        if chat is None:
            raise RuntimeError("a chat was neither found nor made")
        uow.chats.change(chat.id, held_until=None if dead else hold_until(row.attempts, now))
        if dead and row.kind != "timer" and chat.kind == "private":
            uow.outbox.put(chat.id, Lane.REPLY, "send", dump(say("misc.went_wrong")), now)


def _take(uow: UnitOfWork, due: list[DueRow], now: datetime, how_many: int) -> list[tuple[InboxRow, ChatRow]]:
    """Lock the chats of these rows, as far as nobody else works on them, and read the rows that are still new."""
    if not due:
        return []
    uow.chats.ensure_free((row.platform, row.chat) for row in due if row.chat_id is None)
    chats: dict[tuple[str, str], ChatRow] = {}
    mine: list[int] = []
    while due and 2 * len(mine) < how_many:  # the oldest first; those behind them where others have these
        part, due = due[: how_many - len(mine)], due[how_many - len(mine) :]
        for platform in {row.platform for row in part}:
            keys = [row.chat for row in part if row.platform == platform]
            chats |= {(platform, chat.external_id): chat for chat in uow.chats.lock(platform, keys, now)}
        mine += [row.id for row in part if (row.platform, row.chat) in chats]
    fresh = uow.inbox.still_new(mine) if mine else []
    return [(row, chats[(row.platform, row.chat)]) for row in fresh]


def _person(turn: Turn, envelope: Envelope, row: InboxRow) -> PersonRow | None:
    """Who did it: of a private chat, its owner; in a group, the sender; for a timer, who is named in it."""
    uow, chat = turn.uow, turn.chat
    if row.kind == "timer":
        person_id = chat.person_id if chat.kind == "private" else plain(row.payload).get("person_id")
        known = turn.batch.people.get(person_id) if person_id is not None else None
        person = known or (uow.people.get([person_id]).get(person_id) if person_id is not None else None)
        _load_dialog(turn, person)
        return person
    if chat.kind == "private" and chat.person_id is not None:
        return turn.batch.people.get(chat.person_id) or uow.people.get([chat.person_id])[chat.person_id]
    if envelope.sender.anonymous or not envelope.sender.user:
        return None
    language = envelope.sender.language if envelope.sender.language in {"vi", "en"} else "vi"
    person = uow.people.meet(envelope.platform, envelope.sender.user, language, turn.now)
    turn.batch.people[person.id] = person
    if chat.kind == "private":
        uow.chats.change(chat.id, person_id=person.id, language=person.language)
    _load_dialog(turn, person)
    return person


def _expect(uow: UnitOfWork, taken: list[tuple[InboxRow, ChatRow]], envelopes: dict[int, Envelope | None]) -> None:
    """Look up at once whose the accounts are that the steps will ask for one by one."""
    users: dict[str, set[str]] = {}
    for row, chat in taken:
        envelope = envelopes[row.id]
        if envelope and envelope.sender.user and not envelope.sender.anonymous and chat.person_id is None:
            users.setdefault(row.platform, set()).add(envelope.sender.user)
    for platform, names in users.items():
        uow.people.expect(platform, sorted(names))


def _load_dialog(turn: Turn, person: PersonRow | None) -> None:
    if person is None or (turn.chat.id, person.id) in turn.batch.dialogs or turn.uow.people.is_new(person.id):
        return
    state = turn.uow.dialogs.get(turn.chat.id, person.id)
    if state is not None:
        turn.batch.dialogs[(turn.chat.id, person.id)] = state


def _in_group(turn: Turn, envelope: Envelope) -> None:
    if isinstance(envelope.event, GROUP_EVENTS):
        group(turn, envelope)
    else:
        agency(turn, envelope)


def _timer(payload: str) -> Event:
    kept = plain(payload)
    if "moved_to" in kept:
        return ChatMoved(kept["moved_to"])
    if "attachment" in kept:
        return MediaArrived(kept["attachment"], kept.get("problem", ""), kept.get("lat"), kept.get("lon"))
    return TimerFired(kept["about"], kept["version"], kept.get("case_id"))
