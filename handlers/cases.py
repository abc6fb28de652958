"""Opening and moving a case: lock it, let the table decide, add to its history, and say who must hear of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handlers import officials, pairs, spots
from handlers.privacy import censor
from handlers.rights import is_enterprise
from handlers.stance import stance
from handlers.tools import Tools
from handlers.views import agency_names, view_of
from storage.cases import CaseRow
from storage.unit_of_work import UnitOfWork
from workflows import codes
from workflows.actions import Action
from workflows.case import routing
from workflows.case.decide import decide
from workflows.case.model import Act, Case, CaseEvent, Refusal, Role, State
from workflows.case.notices import notices
from workflows.case.replay import apply
from workflows.case.watch import first_look
from workflows.effects import Effect, MoveCase
from workflows.privacy import CHECKED
from workflows.report import Report
from workflows.text import words


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves a case, in which roles, and for which agency."""

    person_id: int | None
    roles: frozenset[Role]
    agency_id: int | None = None


@dataclass(frozen=True, slots=True)
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


def open_case(
    tools: Tools,
    uow: UnitOfWork,
    report: Report,
    person_id: int,
    chat_id: int,
    now: datetime,
    *,
    taken_by: Mover | None = None,
    channel: str = "",
    alike: tuple[int, ...] = (),
    earlier: tuple[int, ...] = (),
) -> Outcome:
    """Make a case out of a report (T1) and, where a route says who is responsible, hand it over at once (T9).

    ``taken_by``: the operator who took it down for the reporter, and ``channel`` how it came. ``alike`` and
    ``earlier``: cases that may be the same matter, or the same trouble before (effects.OpenCase).
    """
    entered = enter(
        tools,
        uow,
        report,
        person_id,
        chat_id,
        now,
        taken_by=taken_by,
        channel=channel,
        alike=alike,
        earlier=earlier,
    )
    if isinstance(entered, Refusal):
        return Outcome(0, refusal=entered)
    row, events = entered
    told = announce(tools, uow, row, report, events, now)
    return Outcome(row.id, told, code=row.case.code, events=events)


def enter(
    tools: Tools,
    uow: UnitOfWork,
    report: Report,
    person_id: int,
    chat_id: int,
    now: datetime,
    *,
    taken_by: Mover | None = None,
    channel: str = "",
    alike: tuple[int, ...] = (),
    earlier: tuple[int, ...] = (),
) -> tuple[CaseRow, tuple[CaseEvent, ...]] | Refusal:
    """Write a report down as a case (T1); nobody has heard of it yet."""
    category = tools.knowledge.categories(uow).find(report.category)
    law = tools.knowledge.law(uow)
    said = tools.fresh() if report.text else ""
    position = tools.fresh() if report.has_place else ""
    unit = tools.fresh() if report.concerned_name else ""
    act = Act(
        Action.OPEN,
        taken_by.roles if taken_by else frozenset({Role.CITIZEN}),
        now,
        person_id=taken_by.person_id if taken_by else person_id,
        target_person_id=person_id if taken_by else None,
        channel=channel,
        words=said,
        position=position,
        category=report.category,
        area=report.area,
        **officials.opened(uow, report, about_officials=bool(category and category.sensitive)),
        media=tuple(item.attachment for item in report.media),
        public_text=bool(report.text),
        code=codes.make(tools.case_prefix, tools.code_numbers()),  # one taken already fails, and the step is redone
        reporter_type=report.reporter_type,
        flags=_noticed(report, about_officials=bool(category and category.sensitive)),
        concerned_words=unit,
        alike=alike,
        earlier=earlier,
    )
    events = decide(None, act, law)
    if isinstance(events, Refusal):
        return events
    case = _folded(None, events)
    case_id = uow.cases.add(case, chat_id, first_look(case, law, now))
    uow.cases.append(case_id, events)
    if said:
        uow.cases.add_words(said, case_id, person_id, "report", report.text, now)
    for kind, given in (("contact_name", report.contact_name), ("phone", report.phone)):
        if given:
            uow.cases.add_words(tools.fresh(), case_id, person_id, kind, given, now)
    if unit:
        uow.cases.add_words(unit, case_id, person_id, "concerned", report.concerned_name, now)
    if report.reporter_name:
        uow.cases.add_words(tools.fresh(), case_id, person_id, "reporter_name", report.reporter_name, now)
    if position:
        uow.cases.add_position(position, case_id, person_id, report.lat, report.lon, report.address, now)
    uow.attachments.bind(case.media, case_id)
    uow.cases.add_terms(case_id, _terms(tools, case.code, report.text, report.address))
    row = CaseRow(case_id, chat_id, case)
    return row, events


def announce(
    tools: Tools, uow: UnitOfWork, row: CaseRow, report: Report, events: tuple[CaseEvent, ...], now: datetime
) -> tuple[Effect, ...]:
    """Who must hear of a case that was written down, and of its assignment where a route knows the agency."""
    return _told(tools, uow, row, None, events, now) + _hand_over(tools, uow, row, report, now)


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
    case = _folded(row.case, events)
    uow.cases.append(row.id, events)
    uow.cases.save(row.id, case, first_look(case, tools.knowledge.law(uow, case), now))
    if wanted.action in {Action.ANSWER, Action.ADD, Action.DISPUTE, Action.APPEAL, Action.ASK_REVIVAL}:
        uow.cases.add_terms(row.id, _terms(tools, "", wanted.text, ""))
    spots.keep(uow, row, events[0], now)
    effects = _told(tools, uow, replace(row, case=case), row.case, events, now)
    if case.sensitive and not row.case.sensitive:
        effects += _to_line(tools, uow, row.id, case, now) + _with_it(tools, uow, case, mover, now)
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
    case = _folded(row.case, events)
    uow.cases.append(row.id, events)
    uow.cases.save(row.id, case, first_look(case, tools.knowledge.law(uow, case), now))
    return _told(tools, uow, replace(row, case=case), row.case, events, now)


def _hand_over(tools: Tools, uow: UnitOfWork, row: CaseRow, report: Report, now: datetime) -> tuple[Effect, ...]:
    """T9 by the timer, where nothing needs an operator's eye first."""
    if row.case.sensitive:
        return _to_line(tools, uow, row.id, row.case, now)
    if not tools.auto_assign or {"formal", "secret", "not_officials"} & set(row.case.flags):
        return ()
    agency = proposed_agency(tools, uow, row.case)
    if agency is None:
        return ()
    return move(tools, uow, MoveCase(row.id, Action.ASSIGN, agency_id=agency), SYSTEM, now).effects


def _to_line(tools: Tools, uow: UnitOfWork, case_id: int, case: Case, now: datetime) -> tuple[Effect, ...]:
    """T9 of a case about officials: to the one unit of the inspection line that answers for it, if there is one."""
    line = officials.line_for(tools, uow, case.category, case.area, case.concerned_id) if case.sealed else None
    if line is None or case.state is not State.RECEIVED:
        return ()
    return move(tools, uow, MoveCase(case_id, Action.ASSIGN, agency_id=line), SYSTEM, now).effects


def _with_it(tools: Tools, uow: UnitOfWork, case: Case, mover: Mover, now: datetime) -> tuple[Effect, ...]:
    """What was merged into a case tells of the same thing: it is about officials as well."""
    moved = (move(tools, uow, MoveCase(one, Action.SET_SENSITIVE), mover, now) for one in case.merged_in)
    return tuple(effect for outcome in moved for effect in outcome.effects)


def _noticed(report: Report, *, about_officials: bool) -> tuple[str, ...]:
    """What the operators look at first; also where somebody chose the field of officials but says it is not about
    what they do."""
    more = {"urgent": report.urgent, "not_officials": about_officials and report.officials == "no"}
    return (*report.flags, *(flag for flag, noticed in more.items() if noticed))


def proposed_agency(tools: Tools, uow: UnitOfWork, case: Case) -> int | None:
    """Who the routes say is responsible, of the inspection line for a sensitive case (R61); None where that is open."""
    if case.sensitive:
        return officials.line_for(tools, uow, case.category, case.area, case.concerned_id)
    tree = tools.knowledge.categories(uow)
    category = tree.find(case.category)
    path = (case.category, category.parent) if category and category.parent else (case.category,)
    return routing.route(tools.knowledge.routes(uow), path, area_path(tools, uow, case.area)).agency_id


def area_path(tools: Tools, uow: UnitOfWork, code: str) -> tuple[str, ...]:
    """A case's area as routes may name it: its own, and the one that it has become, if it is no more."""
    if not code:
        return ()
    now = tools.knowledge.present_areas(uow, code)
    return (code, now[0]) if len(now) == 1 and now[0] != code else (code,)


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
        **_target(uow, case, wanted, mover),
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
        target_stands=_stands(uow, case, wanted, now),
        pair=tools.fresh() if pairs.sources(uow, case, wanted) else "",
        fine=wanted.fine,
        ticked=wanted.ticked,
        spot=spots.number_for(uow, other.id) if other and wanted.action is Action.CHAIN else None,
        exposed=_exposed(tools, wanted),
    )
    known = officials.facts(tools, uow, case, wanted, mover.person_id)
    return replace(act, **known) if known else act


def _target(uow: UnitOfWork, case: Case, wanted: MoveCase, mover: Mover) -> dict[str, Any]:
    """What the table must know of the unit that would get the case."""
    proposed = case.proposed_agency_id if wanted.action is Action.TRANSFER else None
    target = wanted.agency_id or proposed
    if wanted.action not in GIVEN_TO_A_UNIT or target is None:
        return {}
    inside = wanted.action is Action.DELEGATE and case.agency_id is not None
    return {
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


def _stands(uow: UnitOfWork, case: Case, wanted: MoveCase, now: datetime) -> bool:
    """Whether the unit that is to get it takes cases on this day; nobody is the operators, who always do."""
    proposed = case.proposed_agency_id if wanted.action is Action.TRANSFER else None
    target = uow.agencies.get(wanted.agency_id or proposed or 0) if wanted.agency_id or proposed else None
    return target is None or target.stands(now)


def _exposed(tools: Tools, wanted: MoveCase) -> str:
    """Where personal data stands in words that would leave the authorities."""
    kinds = CHECKED.get(wanted.action)
    return censor(tools.words).where(f"{wanted.text}\n{wanted.reference}", kinds) if kinds else ""


def _folded(case: Case | None, events: tuple[CaseEvent, ...]) -> Case:
    for event in events:
        case = apply(case, event)
    if case is None:
        raise ValueError("a case needs at least one event")
    return case


def _told(
    tools: Tools,
    uow: UnitOfWork,
    row: CaseRow,
    before: Case | None,
    events: tuple[CaseEvent, ...],
    now: datetime,
) -> tuple[Effect, ...]:
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


def _terms(tools: Tools, code: str, text: str, address: str) -> set[str]:
    """The folded words by which a case is found: its own, and the two halves of its code.

    Nobody finds out by searching whose telephone number stands in which report.
    """
    said = censor(tools.words).without(f"{text}\n{address}")
    return {word for word in (*words(said), *words(code)[1:]) if len(word) > 1}
