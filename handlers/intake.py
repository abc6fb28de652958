"""A report that an operator takes down for somebody who has no chat: the case, where it came from, and the slip."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.cases import Mover, Outcome
from handlers.identity import KINDS
from handlers.opening import Entry, open_case
from handlers.rights import sees
from handlers.tools import Tools
from handlers.turn import Turn
from handlers.views import view_of
from storage.chats import ChatRow
from storage.sources import SourceStore
from storage.unit_of_work import UnitOfWork
from workflows import codes, lookout
from workflows.case.model import Refusal
from workflows.desk.facts import Filed
from workflows.effects import Effect, Here, Say, ShowCard, ToReporter
from workflows.frozen import frozen
from workflows.intake.slip import slip
from workflows.intake.sources import number_key
from workflows.messages import Message, say, text
from workflows.notifier.channels import BY_PHONE
from workflows.report import Report
from workflows.text import words

SECRET_LASTS = timedelta(days=30)  # of a printed slip
NAMES = {"telegram": "Telegram", "zalo": "Zalo", "zalo-bot": "Zalo"}  # of platforms, as people know them


@frozen
class Taken:
    """What became of it: the new case, or the one that has this number already (``filed``)."""

    outcome: Outcome
    filed: int | None = None


def take(tools: Tools, uow: UnitOfWork, report: Report, channel: str, number: str, by: Mover, now: datetime) -> Taken:
    """Make a case for somebody without a chat (T1 by an operator), with its source.

    Its reporter is a person of their own: whoever calls twice is two, until they follow both in one chat. They have
    heard what the slip says, so nobody calls them for that.
    """
    key = number_key(number)
    known = SourceStore(uow).with_number(key, channel) if key else []
    if known:
        return Taken(Outcome(known[0]), known[0])
    person = uow.people.make("vi", now)
    chat = _no_chat(tools, uow, person.id)
    noticed = noticed_in(tools, uow, report)
    entry = Entry(noticed, person.id, chat.id, taken_by=by, channel=channel)
    opened = open_case(tools, uow, entry, now)
    if opened.refusal is not None:
        return Taken(opened)
    SourceStore(uow).add(opened.case_id, channel, number.strip(), key)
    uow.cases.add_terms(opened.case_id, {word for word in words(number) if len(word) > 1})
    return Taken(replace(opened, effects=_without_receipt(opened.effects)))


def _no_chat(tools: Tools, uow: UnitOfWork, person_id: int) -> ChatRow:
    """In the place of a chat: what would be said there is told by telephone."""
    name = tools.fresh()
    uow.chats.ensure([(BY_PHONE, name)])
    chat = uow.chats.find(BY_PHONE, name)
    if chat is None:
        raise RuntimeError("a chat was neither found nor made")
    uow.chats.change(chat.id, kind="private", person_id=person_id)
    return chat


def noticed_in(tools: Tools, uow: UnitOfWork, report: Report) -> Report:
    """What the words give cause for, as with a citizen's own: danger, a formal complaint, a state secret."""
    looks = tools.knowledge.lookout
    danger = (*looks.danger, *tools.knowledge.categories(uow).danger)
    flags = lookout.flags(report.text, danger, looks.formal, looks.secret)
    return replace(report, flags=flags, urgent="danger" in flags)


def _without_receipt(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    return tuple(one for one in effects if not (isinstance(one, Say) and isinstance(one.to, ToReporter)))


# --- in the operators' group ---------------------------------------------------------------------------------------


def take_here(
    turn: Turn, report: Report, channel: str, number: str, by: Mover
) -> tuple[tuple[Effect, ...], Refusal | None]:
    """Take down what an operator confirmed: what follows, with the slip to read out, or the table's refusal."""
    taken = take(turn.tools, turn.uow, report, channel, number, by, turn.now)
    if taken.outcome.refusal is not None:
        return (), taken.outcome.refusal
    turn.touched.add(taken.outcome.case_id)
    if taken.filed is not None:
        return _known(turn, taken.filed), None
    read_out = slip_of(turn.tools, turn.uow, taken.outcome.case_id, turn.now)
    said = Say(Here(), _to_read_out(read_out), case_id=taken.outcome.case_id, purpose="card")
    return (said, *taken.outcome.effects), None


def _to_read_out(read_out: Message) -> Message:
    return replace(read_out, lines=(*say("intake.read_out").lines, *read_out.lines))


def _known(turn: Turn, case_id: int) -> tuple[Effect, ...]:
    shown = _filed(turn, case_id)
    if not shown.code:
        return (Say(Here(), say("intake.number_filed_elsewhere")),)
    return (Say(Here(), say("intake.number_filed", code=text(shown.code))), ShowCard(Here(), case_id, repost=True))


def filed(turn: Turn, key: str, channel: str) -> Filed | None:
    """The case that has this number of that channel already."""
    known = SourceStore(turn.uow).with_number(key, channel)
    return _filed(turn, known[0]) if known else None


def _filed(turn: Turn, case_id: int) -> Filed:
    row = turn.uow.cases.get(case_id)
    return Filed(case_id, row.case.code if row is not None and sees(turn.chat, row.case) else "")


# --- the slip ------------------------------------------------------------------------------------------------------


def slip_of(tools: Tools, uow: UnitOfWork, case_id: int, now: datetime, *, secret: str = "") -> Message:
    """What is read out or printed for the reporter of a case as it stands now."""
    row = uow.cases.get(case_id)
    if row is None:
        raise ValueError("a slip is of a case")
    left = {one["kind"] for one in uow.cases.words_of_case(case_id) if one["kind"] in KINDS and one["text"]}
    channels = dict.fromkeys(NAMES[name] for name in tools.platforms if name in NAMES)
    return slip(view_of(tools, uow, row, now), ", ".join(channels), phone="phone" in left, secret=secret)


def new_secret(uow: UnitOfWork, case_id: int, now: datetime) -> str:
    """A secret for one printed slip, in two groups of four; kept as a hash, and an earlier one is good no more."""
    secret = "-".join("".join(secrets.choice(codes.ALPHABET) for _ in range(4)) for _ in range(2))
    SourceStore(uow).set_secret(case_id, secret, now + SECRET_LASTS)
    return secret
