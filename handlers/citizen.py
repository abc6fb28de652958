"""Something happened in a citizen's own chat: gather what the conversation asks for, let it decide, carry it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from handlers import answering, banners, linking, nearby
from handlers.carry_out import carry_out
from handlers.cases import SYSTEM, Mover
from handlers.ports import Capabilities
from handlers.turn import Turn
from handlers.views import case_line
from storage.cases import CaseRow
from storage.codec import dump, load
from workflows import codes
from workflows.case.model import Role
from workflows.case.notices import TIMERS
from workflows.case.view import Names
from workflows.conversation import engine
from workflows.conversation.facts import BoundCase, CaseLine, Facts, Needs, Unit
from workflows.conversation.state import Dialog
from workflows.effects import AnswerCall, MoveCase
from workflows.events import BotMembership, Envelope, TextSent, TimerFired
from workflows.messages import Button
from workflows.text import fold

DAY = timedelta(days=1)


def citizen(turn: Turn, envelope: Envelope) -> None:
    """One event of a private chat."""
    match envelope.event:
        case TimerFired(about=about, case_id=int(case_id)) if about in TIMERS:
            carry_out(turn, (MoveCase(case_id, TIMERS[about]),), SYSTEM)
            return
        case TimerFired(about=linking.ABOUT, version=gone):
            linking.again(turn, gone)
            return
        case BotMembership(present=present):
            turn.uow.chats.change(turn.chat.id, status="open" if present else "lost")
            return
    if turn.person is None:
        return  # a timer of somebody who has been erased
    dialog = _with_last_choices(turn, envelope, _dialog(turn))
    needs = engine.needs(dialog, envelope)
    step = engine.advance(dialog, envelope, _facts(turn, envelope, needs))
    calls = [one for one in step.effects if isinstance(one, AnswerCall)]
    others = [one for one in step.effects if not isinstance(one, AnswerCall)]
    carry_out(turn, others, Mover(turn.person.id, frozenset({Role.CITIZEN})))
    for call in calls:
        answering.answer(turn, call, envelope.sender.user)
    if turn.person is not None and step.state != dialog:  # whoever it is now: accounts may have been linked
        turn.uow.dialogs.save(turn.chat.id, turn.person.id, dump(step.state), turn.now)


def _dialog(turn: Turn) -> Dialog:
    assert turn.person is not None, "the caller has met the person"
    state = turn.batch.dialogs.get((turn.chat.id, turn.person.id))
    return load(state, Dialog) if state else Dialog()


def _with_last_choices(turn: Turn, envelope: Envelope, dialog: Dialog) -> Dialog:
    """A number typed means the last message that had choices: a notice, if one came after our last answer.

    A question on the table keeps its numbers, for it is what the person is answering.
    """
    if not isinstance(envelope.event, TextSent) or dialog.drafting or dialog.expect.kind:
        return dialog
    post = turn.uow.posts.last_offer(turn.chat.id)
    if post is None or post.offered is None or post.at.timestamp() < dialog.heard_at:
        return dialog
    return replace(dialog, offered=load(post.offered, tuple[Button, ...]))


def _facts(turn: Turn, envelope: Envelope, needs: Needs) -> Facts:
    tools, uow, person = turn.tools, turn.uow, turn.person
    assert person is not None, "the caller has met the person"
    knowledge, can = tools.knowledge, _capabilities(turn)
    return Facts(
        at=turn.now,
        categories=knowledge.categories(uow),
        language=person.language,
        consent=person.consent_version,
        consent_version=tools.consent_version,
        located=knowledge.locate(uow, needs.locate.lat, needs.locate.lon) if needs.locate else None,
        named=knowledge.named_areas(uow, needs.address) if needs.address else (),
        asked=_asked(turn, needs),
        bound=_bound(turn, envelope) if needs.bound else None,
        cases=_own_cases(turn) if needs.cases else (),
        around=nearby.around(tools, uow, needs.around, person.id, turn.now) if needs.around else None,
        sent_today=_sent_today(turn, person.id) if needs.sent_today else 0,
        blocked_until=_still(person.blocked_until, turn.now),
        block_reason=person.block_reason or "",
        required=knowledge.required(uow),
        limits=knowledge.limits(uow, tools.limits),
        fresh=tools.fresh(),
        spell=tools.words.spell,
        locations=can is None or can.locations,
        numbers=can is not None and can.numbers,
        case_prefix=tools.case_prefix,
        danger_words=knowledge.lookout.danger,
        formal_words=knowledge.lookout.formal,
        secret_words=knowledge.lookout.secret,
        banners=banners.everywhere(tools, uow, turn.now),
        official_words=knowledge.lookout.officials,
        has_line=knowledge.has_line(uow),
        units=_units(turn, needs),
    )


def _units(turn: Turn, needs: Needs) -> tuple[Unit, ...]:
    """Agencies by words, or those that answer in an area first."""
    if needs.units is None:
        return ()
    wanted = fold(needs.units)
    near = {rule.agency_id for rule in turn.tools.knowledge.routes(turn.uow) if rule.area == needs.units_in}
    known = [one for one in turn.uow.agencies.all() if one.active and wanted in fold(f"{one.vi} {one.en}")]
    known.sort(key=lambda one: one.id not in near)
    return tuple(Unit(one.id, Names(one.vi, one.en)) for one in known)


def _capabilities(turn: Turn) -> Capabilities | None:
    """What this chat's platform can do; None for one that is off: then places are supposed, and no numbers."""
    platform = turn.tools.platforms.get(turn.chat.platform)
    return platform.capabilities if platform else None


def _sent_today(turn: Turn, person_id: int) -> int:
    """Reports of the last day; looked up once for everybody of the batch, and counted on by those of the batch."""
    if turn.uow.people.is_new(person_id):
        return 0
    sent = turn.batch.sent
    if person_id not in sent:
        people = {person_id, *turn.batch.people} - sent.keys()
        sent |= dict.fromkeys(people, 0) | turn.uow.cases.sent_since(list(people), turn.now - DAY)
    return sent[person_id]


def _still(until: datetime | None, now: datetime) -> datetime | None:
    return until if until and until > now else None


def _own(turn: Turn, row: CaseRow | None) -> CaseLine | None:
    """A case as a line, if it is the person's own."""
    if row is None or turn.person is None or turn.person.id not in row.case.reporters:
        return None
    return _line(turn, row)


def _line(turn: Turn, row: CaseRow) -> CaseLine:
    """As this person stands to it."""
    joiner = turn.person is not None and turn.person.id in row.case.joined
    return replace(case_line(turn.tools, turn.uow, row), joiner=joiner)


def _asked(turn: Turn, needs: Needs) -> CaseLine | None:
    if needs.case_id is not None:
        return _own(turn, turn.uow.cases.get(needs.case_id))
    code = codes.parse(needs.code, turn.tools.case_prefix) if needs.code else None
    return _own(turn, turn.uow.cases.by_code(code)) if code else None


def _bound(turn: Turn, envelope: Envelope) -> BoundCase | None:
    post = turn.uow.posts.find(turn.chat.id, envelope.reply_to or "")
    if post is None or post.case_id is None:
        return None
    line = _own(turn, turn.uow.cases.get(post.case_id))
    return BoundCase(line, post.purpose) if line else None


def _own_cases(turn: Turn) -> tuple[CaseLine, ...]:
    if turn.person is None or turn.uow.people.is_new(turn.person.id):
        return ()
    rows = {row.id: row for own in turn.uow.cases.of_reporter(turn.person.id) if (row := _going_on(turn, own))}
    return tuple(_line(turn, row) for row in rows.values())


def _going_on(turn: Turn, row: CaseRow) -> CaseRow | None:
    """The case itself, or the one that it was merged into."""
    return row if row.case.master_id is None or row.case.left else turn.uow.cases.get(row.case.master_id)
