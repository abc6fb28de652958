"""The notifier: claimed rows are planned before they are sent; what is put off, moved or given up has its sequel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from handlers.callbacks import announce
from handlers.carry_out import put_card
from handlers.courier import Ready, Result, ready
from handlers.forecast import PLANNED, channel_of
from handlers.outages import NEVER, Outages
from handlers.tools import Tools
from storage.chats import ChatRow
from storage.codec import dump
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork
from workflows.case.model import OVER
from workflows.effects import Lane
from workflows.events import BotMembership, Envelope
from workflows.messages import Button, Line, Message, say, text, word
from workflows.notifier.channels import CALL, Channel, Window, closes_at
from workflows.notifier.planner import ASK_BEFORE, FallBack, Hold, Notice, NotReached, Send, asks_at, plan, together
from workflows.notifier.table import REOPEN, rule_of

log = structlog.get_logger()

KEPT = frozenset({"fetch", "leave"})  # what else must not be lost while a channel is away
ASK_EVERY = timedelta(minutes=5)
ASK_AT_ONCE = 200  # people asked to write in one round
SPARE = 200  # characters of a message that are left for what a platform adds


class Notifier:
    """Plans rows for one sender. Where a channel works and limits nothing, it does nothing and asks nothing."""

    def __init__(self, tools: Tools, outages: Outages) -> None:
        self.tools = tools
        self.outages = outages
        self._asked_at = self._ask_at = NEVER

    # --- before sending --------------------------------------------------------------------------------------------

    def load(self, uow: UnitOfWork, rows: Sequence[OutboxRow]) -> list[Ready]:
        """Rows that are ours, with everything that sending them needs, and what is to become of them."""
        loaded = ready(uow, rows)
        if all(self._simple(one) for one in loaded):
            return loaded
        return self._planned(uow, loaded, self.tools.clock.now())

    def bundle(self, loaded: Sequence[Ready]) -> list[Ready]:
        """The same, with what may be told together in one; claims that in transactions of its own."""
        now = self.tools.clock.now()
        return [self._gathered(one, now) if self._may_bundle(one) else one for one in loaded]

    def _simple(self, one: Ready) -> bool:
        """Whether there is nothing to plan: the channel works, and what it takes is not limited."""
        chat, row = one.chat, one.row
        if row.kind not in PLANNED:
            return row.kind not in KEPT or self.outages.works(chat.platform)
        if not self.outages.works(chat.platform):
            return False
        if chat.kind == "group":
            return True
        return chat.status == "open" and row.held_for is None and self._window(chat.platform) is None

    def _planned(self, uow: UnitOfWork, loaded: list[Ready], now: datetime) -> list[Ready]:
        people = {one.chat.person_id for one in loaded if one.chat.person_id is not None and not self._simple(one)}
        chats = uow.chats.of_people(sorted(people)) if people else {}
        return [one if self._simple(one) else self._plan(one, chats, now) for one in loaded]

    def _plan(self, one: Ready, chats: dict[int, list[ChatRow]], now: datetime) -> Ready:
        row, chat = one.row, one.chat
        others = [self.channel(other) for other in chats.get(chat.person_id or 0, []) if other.id != chat.id]
        answer = plan(self._notice(row, chat), self.channel(chat), others, now)
        if row.kind in KEPT and not isinstance(answer, Hold):
            return one
        return replace(one, answer=answer)

    def _notice(self, row: OutboxRow, chat: ChatRow) -> Notice:
        group = chat.kind == "group" or row.kind in KEPT
        return Notice(row.id, rule_of(row.lane, row.purpose, group=group), row.created_at, row.expires_at)

    def channel(self, chat: ChatRow) -> Channel:
        """What is known of a chat as a way to tell something."""
        return channel_of(chat, self._windows(), self.outages.dead())

    def _windows(self) -> dict[str, Window | None]:
        return {name: platform.capabilities.window for name, platform in self.tools.platforms.items()}

    def _window(self, platform: str) -> Window | None:
        known = self.tools.platforms.get(platform)
        return known.capabilities.window if known else None

    # --- bundles ---------------------------------------------------------------------------------------------------

    def _may_bundle(self, one: Ready) -> bool:
        """What has waited, or costs, takes along what waits in the same chat."""
        if not isinstance(one.answer, Send) or one.chat.kind == "group" or not _is_plain(one):
            return False
        return one.row.held_for is not None or one.answer.price > 0

    def _gathered(self, one: Ready, now: datetime) -> Ready:
        with self.tools.store.write() as uow:
            waiting = [row for row in uow.outbox.waiting_with(one.row) if not row.expires_at or row.expires_at > now]
            alike = together(self._notice(one.row, one.chat), [self._notice(row, one.chat) for row in waiting])
            wanted = {notice.id for notice in alike}
            mates = [mate for mate in ready(uow, [row for row in waiting if row.id in wanted]) if _is_plain(mate)]
            mates = self._that_fit(one, mates)
            taken = uow.outbox.take([mate.row.id for mate in mates], now, self.tools.road.lease) if mates else []
        ours = {row.id: row for row in taken}
        return _bundled(one, [replace(mate, row=ours[mate.row.id]) for mate in mates if mate.row.id in ours])

    def _that_fit(self, one: Ready, mates: list[Ready]) -> list[Ready]:
        """As many as go into one message of the platform."""
        room = self.tools.platforms[one.chat.platform].capabilities.max_text - SPARE - self._length(one)
        fitting = []
        for mate in mates:
            room -= self._length(mate)
            if room < 0:
                break
            fitting.append(mate)
        return fitting

    def _length(self, one: Ready) -> int:
        lines = one.message.lines if one.message else ()
        return sum(len(self.tools.words.text(one.chat.language, line.key, line.values)) + 2 for line in lines)

    # --- after sending ---------------------------------------------------------------------------------------------

    def follow(self, uow: UnitOfWork, results: Sequence[Result], now: datetime) -> None:
        """What follows from rows that were put off, moved or given up; in the transaction that notes them."""
        told: set[int | None] = set()
        for result in results:
            answer, row = result.answer, result.note.row
            if isinstance(answer, FallBack):
                uow.outbox.move(row.id, answer.chat)
            elif isinstance(answer, Hold) and answer.why == CALL:
                if row.held_for is None:
                    announce(self.tools, uow, row, now)
            elif answer is not None and row.held_for is None and row.case_id not in told:  # put off for the first time
                self._not_told(uow, result, now)
                told.add(row.case_id)

    def _not_told(self, uow: UnitOfWork, result: Result, now: datetime) -> None:
        row = result.note.row
        chat = uow.chats.get([row.chat_id])[row.chat_id]
        if row.case_id is None or row.kind not in PLANNED:
            return
        if chat.kind == "group":
            if isinstance(result.answer, Hold) and not chat.operators and chat.agency_id is not None:
                self._stand_in(uow, row.case_id, chat.agency_id, now)
        elif rule_of(row.lane, row.purpose).urgent and _is_out_of_reach(result):
            self._say_unreached(uow, row.case_id, now)

    def _stand_in(self, uow: UnitOfWork, case_id: int, agency_id: int, now: datetime) -> None:
        """An agency whose every group is on a dead channel: the operators see its case meanwhile."""
        if any(self.outages.works(group.platform) for group in uow.chats.of_agency(agency_id)):
            return
        case = uow.cases.get(case_id)
        for group in uow.chats.of_operators():
            if case is None or not self.outages.works(group.platform):
                continue
            new = uow.posts.card(case_id, group.id) is None and not uow.outbox.has_card(group.id, case_id)
            if new:
                note = say("notifier.stands_in", code=text(case.case.code))
                uow.outbox.put(group.id, Lane.NOTICE, "send", dump(note), now, case_id=case_id, purpose="card")
            put_card(self.tools, uow, case, group, now, repost=new)

    def _say_unreached(self, uow: UnitOfWork, case_id: int, now: datetime) -> None:
        """Whoever holds the case hears that its reporter has not; the public code is what remains."""
        row = uow.cases.get(case_id)
        if row is None:
            return
        case = row.case
        agency = case.agency_id if not case.sensitive else None
        groups = (uow.chats.of_agency(agency) if agency is not None else []) or uow.chats.of_operators()
        note = say("notifier.unreached", code=text(case.code))
        for group in groups:
            uow.outbox.put(group.id, Lane.NOTICE, "send", dump(note), now, case_id=case_id, purpose="card")

    # --- asking to write -------------------------------------------------------------------------------------------

    def ask_now(self) -> int:
        """Ask whom it is time to ask, if nobody else has looked lately. Returns how many."""
        now = self.tools.clock.now()
        if not any(self._window(name) for name in self.tools.platforms) or self._ask_at > now > self._asked_at:
            return 0
        self._asked_at, self._ask_at = now, now + ASK_EVERY
        with self.tools.store.write() as uow:
            mine = uow.registers.take_turn("ask_to_write", now, now + ASK_EVERY)
        return self.ask_to_write(now) if mine else 0

    def ask_to_write(self, now: datetime) -> int:
        """Ask people with an open case to write before their window closes, once each. Returns how many."""
        limited = {name: window for name in self.tools.platforms if (window := self._window(name))}
        if not limited:
            return 0
        asked = 0
        with self.tools.store.write() as uow:
            for name, window in limited.items():
                until = now - max(window.last - ASK_BEFORE, timedelta(0))
                chats = uow.chats.heard_between(name, now - window.last, until, ASK_AT_ONCE)
                asked += sum(self._ask(uow, chat, now) for chat in chats)
            uow.flush(now)
        return asked

    def _ask(self, uow: UnitOfWork, chat: ChatRow, now: datetime) -> bool:
        if chat.person_id is None or not self.outages.works(chat.platform):
            return False
        home = self.channel(chat)
        chats = uow.chats.of_people([chat.person_id])[chat.person_id]
        others = [self.channel(other) for other in chats if other.id != chat.id]
        at = asks_at(home, others, now)
        waiting = [row for row in uow.cases.of_reporter(chat.person_id) if row.case.state not in OVER]
        uow.chats.change(chat.id, asked_at=now)  # who need not be asked now need not be looked at again
        if at is None or at > now or not waiting:
            return False
        values = {"code": text(waiting[0].case.code)}
        button = Button(f"k:{waiting[0].id}:show", word("button.show_case"))
        message = Message((Line("notifier.reopen", values),), ((button,),))
        ends = closes_at(home)
        uow.outbox.put(chat.id, Lane.NOTICE, "send", dump(message), now, case_id=waiting[0].id, purpose=REOPEN,
                       expires_at=ends)  # fmt: skip
        return True


def heard(tools: Tools, uow: UnitOfWork, said: Sequence[tuple[ChatRow, Envelope]], now: datetime) -> None:
    """People wrote to us: where a platform counts from a person's last word, it is kept, and what waited goes out.

    One statement for all of a batch that were heard there; none where nothing is limited.
    """
    chats = []
    for chat, envelope in said:
        platform = tools.platforms.get(chat.platform)
        if platform is None or platform.capabilities.window is None or envelope.group:
            continue
        if isinstance(envelope.event, BotMembership) and not envelope.event.present:
            continue  # who leaves has said nothing
        last = max(min(envelope.at, now), chat.heard_at or min(envelope.at, now))
        uow.chats.change(chat.id, heard_at=last, said=0, refused_at=None, quota_until=None)
        chats.append(chat.id)
    if chats:
        uow.outbox.release(chats, now)


def _is_plain(one: Ready) -> bool:
    """Whether its words can stand among others: nothing to press, to see, or to replace."""
    row, message = one.row, one.message
    if row.kind != "send" or message is None or row.edit or one.skip or one.problem:
        return False
    return not (message.buttons or message.media or message.wish or message.pin or message.links)


def _is_out_of_reach(result: Result) -> bool:
    match result.answer:
        case NotReached(reason=reason):
            return reason != "expired"
        case Hold(why="window"):
            return True
    return False


def _bundled(one: Ready, mates: list[Ready]) -> Ready:
    """One message that says them all, oldest first."""
    if not mates or one.message is None:
        return one
    parts = sorted([one, *mates], key=lambda part: part.row.id)
    lines = tuple(line for part in parts if part.message for line in part.message.lines)
    cases = {part.row.case_id for part in parts}
    row = one.row if len(cases) == 1 else replace(one.row, case_id=None)
    return replace(one, row=row, message=replace(one.message, lines=lines), mates=tuple(mates))
