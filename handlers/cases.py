"""Moving a case: lock it, let the table decide, add to its history, and say who must hear of it."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime
from typing import Any

from handlers import officials, pairs, spots
from handlers.rights import is_enterprise
from handlers.stance import stance
from handlers.tools import Tools
from handlers.views import agency_names, view_of
from storage.cases import CaseRow
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case.decide import decide
from workflows.case.model import Act, Case, CaseEvent, Refusal, Role, State
from workflows.case.notices import notices
from workflows.case.replay import apply
from workflows.case.watch import first_look
from workflows.effects import Effect, MoveCase
from workflows.frozen import frozen
from workflows.privacy import CHECKED
from workflows.text import words


@frozen
class Mover:
    """Who moves a case, in which roles, and for which agency."""

    person_id: int | None
    roles: frozenset[Role]
    agency_id: int | None = None


@frozen
class Outcome:
    """What became of an attempt: the effects to carry out, or the table's refusal (nothing has changed then)."""

    case_id: int
    effects: tuple[Effect, ...] = ()
    refusal: Refusal | None = None
    code: str = ""
    goes_on_as: int | None = None  # merged: the citizen's words are for this case
    events: tuple[CaseEvent, ...] = field(default_factory=tuple)


GIVEN_TO_A_UNIT = frozenset({Action.ASSIGN, Action.DELEGATE, Action.TRANSFER})
SYSTEM = Mover(None, frozenset({Role.TIMER}))
ADMINISTRATOR = Mover(None, frozenset({Role.ADMIN}))


def move(tools: Tools, uow: UnitOfWork, wanted: MoveCase, mover: Mover, now: datetime) -> Outcome:
    """Try one move. The caller's transaction holds the case until it ends."""
    row = uow.cases.get(wanted.case_id, lock=True)
    if row is None:
        return Outcome(wanted.case_id, refusal=Refusal("refused.unknown_case"))
    if row.case.state is State.MERGED and Role.CITIZEN in mover.roles and wanted.action is not Action.LEAVE:
        return Outcome(row.id, code=row.case.code, goes_on_as=row.case.master_id)
    other = _other(uow, row.case, wanted)
    act = _act(tools, uow, row.case, wanted, mover, now, other)
    events = decide(row.case, act, tools.knowledge.law(uow, row.case))
    if isinstance(events, Refusal):
        return Outcome(row.id, refusal=_explained(uow, row.case, events), code=row.case.code)
    beside = _beside(tools, uow, row, other, act)
    if isinstance(beside, Refusal):
        return Outcome(row.id, refusal=_explained(uow, row.case, beside), code=row.case.code)
    if act.reference:
        kind = f"{wanted.action.value}_reference"
        uow.cases.add_words(act.reference, row.id, mover.person_id, kind, wanted.reference, now)
    if act.words:
        uow.cases.add_words(act.words, row.id, mover.person_id, wanted.action.value, wanted.text, now)
    if act.position and wanted.place is not None:
        place = wanted.place
        uow.cases.add_position(act.position, row.id, mover.person_id, place.lat, place.lon, place.address, now)
    elif act.position:
        uow.cases.add_position(act.position, row.id, mover.person_id, None, None, wanted.text, now)
    if wanted.media:
        uow.attachments.bind(wanted.media, row.id)
    if act.pair:
        pairs.begin(uow, row, act.pair, wanted, now)
    case = folded(row.case, events)
    uow.cases.append(row.id, events)
    uow.cases.save(row.id, case, first_look(case, tools.knowledge.law(uow, case), now))
    if wanted.action in {Action.ANSWER, Action.ADD, Action.DISPUTE, Action.APPEAL, Action.ASK_REVIVAL}:
        uow.cases.add_terms(row.id, terms(tools, "", wanted.text, ""))
    spots.keep(uow, row, events[0], now)
    effects = told(tools, uow, replace(row, case=case), row.case, events, now)
    if case.sensitive and not row.case.sensitive:
        effects += to_line(tools, uow, row.id, case, now) + _with_it(tools, uow, case, mover, now)
    if wanted.action is Action.CHAIN:
        effects += spots.alarm(tools, uow, replace(row, case=case), now)
    if other is not None and beside:
        effects += keep(tools, uow, other, beside, now)
    return Outcome(row.id, effects, code=case.code, events=tuple(events))


def _other(uow: UnitOfWork, case: Case, wanted: MoveCase) -> CaseRow | None:
    """The case that goes on: the one to merge into, or the one that was merged into."""
    if wanted.action is Action.MERGE and wanted.other_id is not None:
        return uow.cases.get(wanted.other_id, lock=True)
    if wanted.action is Action.PROPOSE_MERGE and wanted.other_id is not None:
        return uow.cases.get(wanted.other_id)
    if wanted.action in {Action.UNMERGE, Action.LEAVE} and case.master_id is not None:
        return uow.cases.get(case.master_id, lock=True)
    if wanted.action is Action.CHAIN:
        wanted_ids = case.earlier if wanted.other_id is None else (wanted.other_id,)
        rows = (uow.cases.get(one) for one in wanted_ids)
        return next((row for row in rows if row and not row.case.sensitive), None)
    return None


def _beside(
    tools: Tools, uow: UnitOfWork, row: CaseRow, other: CaseRow | None, act: Act
) -> tuple[CaseEvent, ...] | Refusal:
    """What happens to the case that goes on: somebody more reported it, or somebody less."""
    if other is None or act.action in {Action.PROPOSE_MERGE, Action.CHAIN}:
        return ()
    joins = act.action is Action.MERGE and Role.CITIZEN in act.roles  # and brings along what they just said
    both = replace(
        act,
        action=Action.JOIN if act.action is Action.MERGE else Action.PART,
        words=row.case.words if joins else "",
        media=row.case.media if joins else (),
        target_case_id=row.id,
        target_person_id=row.case.reporter_id,
        target_case=None,
    )
    return decide(other.case, both, tools.knowledge.law(uow, other.case))


def keep(
    tools: Tools, uow: UnitOfWork, row: CaseRow, events: tuple[CaseEvent, ...], now: datetime
) -> tuple[Effect, ...]:
    """Add to the history of a case that is locked; who must hear of it."""
    case = folded(row.case, events)
    uow.cases.append(row.id, events)
    uow.cases.save(row.id, case, first_look(case, tools.knowledge.law(uow, case), now))
    return told(tools, uow, replace(row, case=case), row.case, events, now)


def to_line(tools: Tools, uow: UnitOfWork, case_id: int, case: Case, now: datetime) -> tuple[Effect, ...]:
    """T9 of a case about officials: to the one unit of the inspection line that answers for it, if there is one."""
    line = officials.line_for(tools, uow, case.category, case.area, case.concerned_id) if case.sealed else None
    if line is None or case.state is not State.RECEIVED:
        return ()
    return move(tools, uow, MoveCase(case_id, Action.ASSIGN, agency_id=line), SYSTEM, now).effects


def _with_it(tools: Tools, uow: UnitOfWork, case: Case, mover: Mover, now: datetime) -> tuple[Effect, ...]:
    """What was merged into a case tells of the same thing: it is about officials as well."""
    moved = (move(tools, uow, MoveCase(one, Action.SET_SENSITIVE), mover, now) for one in case.merged_in)
    return tuple(effect for outcome in moved for effect in outcome.effects)


def _act(
    tools: Tools,
    uow: UnitOfWork,
    case: Case,
    wanted: MoveCase,
    mover: Mover,
    now: datetime,
    other: CaseRow | None = None,
) -> Act:
    category = tools.knowledge.categories(uow).leaf(wanted.category) if wanted.category else None
    place = wanted.place is not None or (wanted.action is Action.CORRECT_PLACE and bool(wanted.text))
    stands = stance(uow, tools.knowledge.law(uow, case), mover.roles, mover.agency_id, case, now)
    act = Act(
        wanted.action,
        stands.roles,
        now,
        person_id=mover.person_id,
        agency_id=mover.agency_id,
        above=stands.above,
        in_stead=stands.in_stead,
        words=tools.fresh() if wanted.text and wanted.action is not Action.CORRECT_PLACE else "",
        reason=wanted.reason,
        target_agency_id=wanted.agency_id,
        **_target(uow, case, wanted, mover, now),
        category=category.code if category else "",
        position=tools.fresh() if place else "",
        area=wanted.area,
        outcome=wanted.outcome,
        rating=wanted.rating,
        media=wanted.media,
        expected_version=wanted.expected_version,
        public_text=bool(wanted.text),
        until=wanted.until,
        instrument=wanted.instrument,
        reference=tools.fresh() if wanted.reference else "",
        target_case_id=other.id if other else None,
        target_case=other.case if other else None,
        pair=tools.fresh() if pairs.sources(uow, case, wanted) else "",
        fine=wanted.fine,
        ticked=wanted.ticked,
        spot=spots.number_for(uow, other.id) if other and wanted.action is Action.CHAIN else None,
        exposed=_exposed(tools, wanted),
    )
    known = officials.facts(tools, uow, case, wanted, mover.person_id)
    return replace(act, **known) if known else act


def _target(uow: UnitOfWork, case: Case, wanted: MoveCase, mover: Mover, now: datetime) -> dict[str, Any]:
    """What the table must know of the unit that is named; nobody is the operators, who always take a case."""
    target = officials.unit_meant(case, wanted)
    if target is None:
        return {}
    row = uow.agencies.get(target)
    known = {"target_stands": row is None or row.stands(now)}
    if wanted.action not in GIVEN_TO_A_UNIT:
        return known
    inside = wanted.action is Action.DELEGATE and case.agency_id is not None
    return known | {
        "target_enterprise": is_enterprise(uow, target),
        "target_supervisor_id": uow.agencies.supervisor_of(target),
        "target_in_branch": inside and in_branch(uow, mover.agency_id, case.agency_id or 0, target),
    }


def in_branch(uow: UnitOfWork, agency_id: int | None, holder: int, target: int) -> bool:
    """Whether a unit may be given a case of ``holder`` without a transfer: it hangs below whoever gives it.

    Who gives it from above may also take it.
    """
    above = agency_id is not None and agency_id in uow.agencies.above(holder)
    giver = agency_id if above and agency_id is not None else holder
    return (above and target == giver) or uow.agencies.hangs_below(target, giver)


def _exposed(tools: Tools, wanted: MoveCase) -> str:
    """Where personal data stands in words that would leave the authorities."""
    kinds = CHECKED.get(wanted.action)
    return tools.censor.where(f"{wanted.text}\n{wanted.reference}", kinds) if kinds else ""


def folded(case: Case | None, events: tuple[CaseEvent, ...]) -> Case:
    """A case after more has happened to it."""
    for event in events:
        case = apply(case, event)
    if case is None:
        raise ValueError("a case needs at least one event")
    return case


def told(
    tools: Tools,
    uow: UnitOfWork,
    row: CaseRow,
    before: Case | None,
    events: tuple[CaseEvent, ...],
    now: datetime,
) -> tuple[Effect, ...]:
    """Who must hear of what has happened to a case."""
    effects: list[Effect] = []
    for event in events:
        after = apply(before, event)
        view = view_of(tools, uow, replace(row, case=after), now, event)
        effects.extend(notices(row.id, before, event, view))
        before = after
    return tuple(effects)


def _explained(uow: UnitOfWork, case: Case, refusal: Refusal) -> Refusal:
    """Who was quicker, and when: what an officer who comes too late is told."""
    by = refusal.values.get("person_id") or (str(case.holder_id) if case.holder_id else "")
    person = uow.people.get([int(by)]).get(int(by)) if by else None
    agency = agency_names(uow, case.agency_id)
    known = {
        "officer": (person.name or "") if person else "",
        "agency": agency.vi if agency else "",
        "at": (case.moved_at or case.opened_at).isoformat(),
        "code": case.code,
    }
    if unit_id := refusal.values.get("unit_id"):
        known |= _ended(uow, int(unit_id))
    return replace(refusal, values=known | refusal.values)


def _ended(uow: UnitOfWork, unit_id: int) -> dict[str, str]:
    """A unit that is given nothing, and who took over from it."""
    unit = agency_names(uow, unit_id)
    heirs = [agency_names(uow, one) for one in uow.agencies.successors().get(unit_id, ())]
    return {"unit": unit.vi if unit else "", "heirs": ", ".join(one.vi for one in heirs if one) or "–"}


def terms(tools: Tools, code: str, text: str, address: str) -> set[str]:
    """The folded words by which a case is found: its own, and the two halves of its code.

    Nobody finds out by searching whose telephone number stands in which report.
    """
    said = tools.censor.without(f"{text}\n{address}")
    return {word for word in (*words(said), *words(code)[1:]) if len(word) > 1}
