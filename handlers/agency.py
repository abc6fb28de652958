"""Something happened in a linked group: who did it, in which roles, about which case; then the desk decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers import cases, duty_desk, inspection_line, naming, opening, replies, storming
from handlers.callbacks import lines as call_lines
from handlers.carry_out import carry_out
from handlers.cases import Mover
from handlers.intake import filed
from handlers.rights import duty_roles, looks
from handlers.stance import stance
from handlers.standing import Standing
from handlers.turn import AskMembership, Turn
from handlers.views import agency_names, card_line, view_of
from storage.agencies import AgencyRow
from storage.cases import CaseRow
from storage.chats import ChatRow
from storage.codec import dump, load
from storage.posts import PostRow
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case.model import Case
from workflows.case.sealed import sealed
from workflows.case.view import CaseView, Names
from workflows.desk import engine
from workflows.desk.codes import leading_code, words_of
from workflows.desk.facts import (
    CHOICES,
    PAGE,
    Actor,
    AgencyChoice,
    CallLine,
    CardLine,
    DeskFacts,
    Linked,
    Moved,
    Needs,
)
from workflows.desk.flows import EXTEND_BY, MEANWHILE, SUPPORT_WITHIN
from workflows.desk.spoken import choice_in
from workflows.desk.state import Desk
from workflows.events import ButtonPressed, Envelope, MediaSent, TextSent, TimerFired
from workflows.messages import Button
from workflows.storm.mode import on
from workflows.text import fold, words

MOST_HELPING = 50  # cases of others that a unit helps with; beyond that its own list is not worth reading either


def agency(turn: Turn, envelope: Envelope) -> None:
    """One event of one person in one group. Raises AskMembership when the platform must be asked first."""
    desk = _desk(turn)
    needs = engine.needs(desk, envelope, turn.tools.case_prefix)
    actor = _actor(turn, envelope) if needs.actor else _named(turn, envelope)
    post, row, refused = _case(turn, envelope, needs)
    offered = _offered(turn, post, row)
    needs = _of_choice(turn, desk, envelope, needs, offered)
    facts = facts_of(turn, needs, actor, post, row, refused, offered)
    step = engine.decide(desk, envelope, facts)
    mover = Mover(turn.person.id if turn.person else None, actor.roles, turn.chat.agency_id)
    carry_out(turn, step.effects, mover)
    if turn.person is not None and step.state != desk:
        turn.uow.dialogs.save(turn.chat.id, turn.person.id, dump(step.state), turn.now)


def _of_choice(turn: Turn, desk: Desk, envelope: Envelope, needs: Needs, offered: tuple[Button, ...]) -> Needs:
    """A typed choice needs what its button would; which button it means, only the card that offered it tells."""
    if not isinstance(envelope.event, TextSent | MediaSent) or not offered:
        return needs
    if desk.draft is not None and not (needs.code or needs.replied):
        return needs  # a bare number answers the question on the table
    prefix = turn.tools.case_prefix
    chosen = choice_in(leading_code(words_of(envelope.event), prefix)[1], offered, turn.tools.words.spell)
    if chosen is None:
        return needs
    wanted = engine.needs(desk, replace(envelope, event=ButtonPressed(chosen[0].data)), prefix)
    return replace(
        needs,
        dates=wanted.dates,
        stock=wanted.stock,
        people=wanted.people,
        ahead=wanted.ahead,
        agencies=wanted.agencies,
        branch=wanted.branch,
        any_unit=wanted.any_unit,
        instruments=wanted.instruments,
        areas=wanted.areas,
        categories=wanted.categories,
    )


def _desk(turn: Turn) -> Desk:
    if turn.person is None:
        return Desk()
    state = turn.batch.dialogs.get((turn.chat.id, turn.person.id))
    return load(state, Desk) if state else Desk()


# --- who -----------------------------------------------------------------------------------------------------------


def _named(turn: Turn, envelope: Envelope) -> Actor:
    """Who it is, without asking whether they may: enough for ordinary talk."""
    if turn.person is None:
        return Actor(0, "", frozenset(), "anonymous")
    return Actor(turn.person.id, envelope.sender.name or turn.person.name or "", frozenset(), "unknown")


def _actor(turn: Turn, envelope: Envelope) -> Actor:
    """The person with the roles that they have in this group now. Fails closed."""
    person, named = turn.person, _named(turn, envelope)
    if envelope.sender.anonymous or person is None:
        return replace(named, status="anonymous")
    if isinstance(envelope.event, TimerFired):
        return named
    present = _present(turn, envelope.sender.user)
    if present is not True:
        return replace(named, status="unknown" if present is None else "not_member")
    if not turn.chat.linked:
        return replace(named, status="pending")
    name = named.name
    duty = turn.uow.people.join_staff(person.id, turn.chat.agency_id, turn.now)
    if name and name != person.name:
        turn.uow.people.change(person.id, name=name)
    if duty.status != "confirmed":
        return replace(named, status="pending")
    roles = duty_roles(turn.uow, turn.chat, duty, turn.now)
    return replace(named, roles=roles, status="confirmed", number=duty.id if turn.tools.pages else 0)


def _present(turn: Turn, user: str) -> bool | None:
    """Whether the person is in the group now; None when the platform could not say."""
    known = turn.uow.chats.member(turn.chat.id, user, turn.now - turn.tools.road.membership)
    if known is not None:
        return known
    asked = turn.batch.unanswered.get((turn.chat.id, user))
    if asked is not None and asked + turn.tools.road.membership > turn.now:
        return None
    raise AskMembership(turn.chat.id, turn.chat.platform, turn.chat.external_id, user)


# --- about what ----------------------------------------------------------------------------------------------------


def _case(turn: Turn, envelope: Envelope, needs: Needs) -> tuple[PostRow | None, CaseRow | None, bool]:
    """The message answered, the case meant, and whether there is one that is not this group's."""
    uow = turn.uow
    post = uow.posts.find(turn.chat.id, needs.replied) if needs.replied else None
    row = uow.cases.get(post.case_id) if post and post.case_id is not None else None
    if row is None and needs.code:
        row = uow.cases.by_code(needs.code)
    if row is None and needs.case_id is not None:
        row = uow.cases.get(needs.case_id)
    if row is None or (_visible(turn, row) and not _own_unit(turn, row)):
        return post, row, False
    return post, None, True


def _visible(turn: Turn, row: CaseRow) -> bool:
    """Whether the group sees the case, or has at least to decide where it goes (R61)."""
    return _looks_or_knows(turn.uow, turn.chat, row.case)


def _own_unit(turn: Turn, row: CaseRow) -> bool:
    """Whether the case is about the unit that this person works for, in whatever group they ask (R61)."""
    person = turn.person.id if turn.person else None
    return row.case.sensitive and inspection_line.works_for(turn.uow, person, row.case.concerned_id)


def facts_of(
    turn: Turn,
    needs: Needs,
    actor: Actor,
    post: PostRow | None,
    row: CaseRow | None,
    refused: bool,
    offered: tuple[Button, ...],
) -> DeskFacts:
    """What the desk asked for, about the case that is meant; of a group that this process sends to, what it can do."""
    tools, uow = turn.tools, turn.uow
    platform = tools.platforms.get(turn.chat.platform)
    return DeskFacts(
        at=turn.now,
        linked=_linked(turn),
        actor=actor,
        spell=tools.words.spell,
        language=turn.chat.language,
        agency_id=turn.chat.agency_id,
        agency=agency_names(uow, turn.chat.agency_id),
        view=_view(turn, row),
        actions=_actions(turn, row, actor),
        view_refused=refused,
        moved=_moved(turn, row) if row else None,
        cards=_cards(turn, needs) if needs.cards and not _is_named(needs, row) and actor.status == "confirmed" else (),
        agencies=_agencies(turn, needs, row) if needs.agencies is not None else (),
        areas=tools.knowledge.search_areas(uow, needs.areas)[: CHOICES + 1] if needs.areas is not None else (),
        located=tools.knowledge.locate(uow, needs.locate.lat, needs.locate.lon) if needs.locate else None,
        named=tools.knowledge.named_areas(uow, needs.address) if needs.address else (),
        dates=_dates(turn, row, ahead=needs.ahead) if needs.dates and row else (),
        stock=replies.offered(uow, turn.chat.agency_id, needs.stock) if needs.stock else (),
        ends=tools.knowledge.law(uow).calendar.end_of,
        other=_other(turn, needs.other) if needs.other else None,
        official_words=tools.knowledge.lookout.officials,
        danger_words=tools.knowledge.lookout.danger,
        filed=filed(turn, needs.number, needs.channel) if needs.number and needs.channel else None,
        calls=_calls(turn, needs, row) if needs.calls and turn.chat.operators else (),
        categories=tools.knowledge.categories(uow),
        bound_purpose=post.purpose if post else "",
        offered_on_card=offered,
        fresh=tools.fresh(),
        case_prefix=tools.case_prefix,
        replies=platform is None or platform.capabilities.replies,
        people=naming.colleagues(turn) if needs.people and actor.status == "confirmed" else (),
        today=tools.knowledge.law(uow).calendar.local_day(turn.now) if needs.people or needs.dates else None,
        duty=duty_desk.shown(turn) if needs.duty and actor.status == "confirmed" else (None, None),
        storms=storming.shown(turn) if needs.storms and turn.chat.operators else (),
        meanwhile=tuple(tools.words.text("vi", f"urgent.say.{name}", {}) for name in MEANWHILE),
        censor=tools.censor,
    )


def _actions(turn: Turn, row: CaseRow | None, actor: Actor) -> tuple[Action, ...]:
    """The moves open to this person in this group."""
    if row is None:
        return ()
    law = turn.tools.knowledge.law(turn.uow, row.case)
    stands = stance(turn.uow, law, actor.roles, turn.chat.agency_id, row.case, turn.now)
    return turn.tools.knowledge.open_here(turn.uow, row.case, stands)


def _view(turn: Turn, row: CaseRow | None) -> CaseView | None:
    """The case as this group may know it."""
    if row is None:
        return None
    view = view_of(turn.tools, turn.uow, row, turn.now)
    return view if looks(turn.uow, turn.chat, row.case) else sealed(view)


def _calls(turn: Turn, needs: Needs, row: CaseRow | None) -> tuple[CallLine, ...]:
    """What reporters without a chat are still to be told: of the case that was named, or of all."""
    return call_lines(turn.uow, turn.chat, PAGE + 1, row.id if row and needs.code else None)


def _linked(turn: Turn) -> Linked:
    if turn.chat.operators:
        return "operators"
    return "agency" if turn.chat.agency_id is not None else ""


def _offered(turn: Turn, post: PostRow | None, row: CaseRow | None) -> tuple[Button, ...]:
    if (post is None or not post.offered) and row is not None:
        post = turn.uow.posts.card(row.id, turn.chat.id)
    return load(post.offered, tuple[Button, ...]) if post and post.offered else ()


def _moved(turn: Turn, row: CaseRow) -> Moved | None:
    case = row.case
    if case.moved_at is None:
        return None
    if case.moved_by is None or case.moved_by == case.reporter_id:
        return Moved("", None, case.moved_at)
    by = turn.uow.people.get([case.moved_by]).get(case.moved_by)
    whose = _unit_of(turn, case.moved_by, case.agency_id)
    return Moved((by.name or "") if by else "", agency_names(turn.uow, whose), case.moved_at)


def _unit_of(turn: Turn, person_id: int, holder_id: int | None) -> int | None:
    """For whom somebody acted on a case: for its holder where they may; else for the first of their units."""
    units = [duty.agency_id for duty in turn.uow.people.duties(person_id)]
    return holder_id if holder_id in units or not units else units[0]


def _is_named(needs: Needs, row: CaseRow | None) -> bool:
    """Whether the words name one case, which is there to be shown: nothing has to be searched."""
    return bool(needs.code) and row is not None


def _cards(turn: Turn, needs: Needs) -> tuple[CardLine, ...]:
    agency_id = None if turn.chat.operators else turn.chat.agency_id
    if needs.search:
        found = turn.uow.cases.search(words(needs.search), agency_id, PAGE + 1 + needs.offset, below=_below(turn))
        found = found[needs.offset :]
    else:
        found = _open_cases(turn, agency_id, needs.offset)
    shown = looks if needs.search else _looks_or_knows
    found = [row for row in found if shown(turn.uow, turn.chat, row.case) and not _own_unit(turn, row)]
    return tuple(card_line(turn.tools, turn.uow, row, turn.now, agency_id) for row in found)


def _looks_or_knows(uow: UnitOfWork, chat: ChatRow, case: Case) -> bool:
    return looks(uow, chat, case) or inspection_line.knows(chat, case)


def _below(turn: Turn) -> tuple[int, ...]:
    """Whose cases the group sees beside its own."""
    if turn.chat.operators or turn.chat.agency_id is None:
        return ()
    return turn.uow.agencies.below(turn.chat.agency_id)


def _open_cases(turn: Turn, agency_id: int | None, offset: int) -> list[CaseRow]:
    """What waits for the group: first what it was asked to help others with, then its own."""
    cases = turn.uow.cases
    helping = cases.helping(agency_id, MOST_HELPING) if agency_id is not None else []
    shown = helping[offset : offset + PAGE + 1]
    storm = bool(on(turn.tools.knowledge.storms(turn.uow), turn.now))
    rest, skip = PAGE + 1 - len(shown), max(0, offset - len(helping))
    own = cases.desk(agency_id, rest, skip, below=_below(turn), urgent_first=storm)
    return [*shown, *own]


def _dates(turn: Turn, row: CaseRow, *, ahead: bool) -> tuple[datetime, ...]:
    """Days proposed: for an extension some working days after the present due date, for help some from today."""
    since = turn.now if ahead else row.case.resolve_due
    if since is None:
        return ()
    calendar = turn.tools.knowledge.law(turn.uow, row.case).calendar
    day = calendar.local_day(since)
    counts = SUPPORT_WITHIN if ahead else EXTEND_BY
    return tuple(calendar.end_of(calendar.add_working_days(day, count)) for count in counts)


def _other(turn: Turn, code: str) -> CaseView | None:
    """Another case that this group sees."""
    row = turn.uow.cases.by_code(code)
    hidden = row is None or not looks(turn.uow, turn.chat, row.case) or _own_unit(turn, row)
    return None if row is None or hidden else view_of(turn.tools, turn.uow, row, turn.now)


def _agencies(turn: Turn, needs: Needs, row: CaseRow | None) -> tuple[AgencyChoice, ...]:
    """Other agencies that a case may go to: those that fit the words, or all with the routes' proposal first.

    The inspection line is offered a case about officials, and nobody else is; a unit is named whichever it is (R61).

    The old name of a unit finds whoever took over from it.
    """
    query = fold(needs.agencies or "")
    holder = row.case.agency_id if row else None
    units = turn.uow.agencies.all()
    standing = Standing(turn.uow, turn.now)
    called = {
        heir.id for one in units if query in fold(f"{one.vi} {one.en} {one.code}") for heir in standing.heirs(one.id)
    }
    known = [one for one in units if standing.stands(one.id) and (needs.any_unit or one.id != holder)]
    if row is not None and not needs.any_unit:
        lines = inspection_line.fitting(turn.uow, row.case.concerned_id) if row.case.sensitive else ()
        known = [one for one in known if (one in lines if row.case.sensitive else one.kind != inspection_line.LINE)]
    if needs.branch and not (holder is None and row is not None and row.case.sensitive):
        giver = turn.chat.agency_id
        known = [one for one in known if holder is not None and cases.in_branch(turn.uow, giver, holder, one.id)]
    found = [one for one in known if one.id in called]
    proposed = opening.proposed_agency(turn.tools, turn.uow, row.case) if row else None
    if not query:
        found.sort(key=lambda one: one.id != proposed)
    choices = _owners(turn, units, holder, query) if needs.instruments else ()
    rest = tuple(AgencyChoice(one.id, Names(one.vi, one.en)) for one in found)
    return (*choices, *rest)[: CHOICES + 1]


def _owners(turn: Turn, units: list[AgencyRow], holder: int | None, query: str) -> tuple[AgencyChoice, ...]:
    """Measuring instruments that other units own: to choose one is to ask its owner for it (R47)."""
    owners = {one.id: one for one in units if one.id != holder}
    offered = []
    for one in turn.uow.instruments.all(usable=True):
        owner = owners.get(one.agency_id)
        if owner is not None:
            name = Names(f"{one.vi} · {owner.vi}", f"{one.en} · {owner.en}")
            if query in fold(f"{name.vi} {name.en} {owner.code}"):
                offered.append(AgencyChoice(owner.id, name, one.kind))
    return tuple(dict.fromkeys(offered))
