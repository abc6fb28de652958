"""Counting for figures: in SQL what has not changed since, from the replayed history what has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from storage.cases import CASES, EVENTS, SOURCES, CaseStore
from storage.models import COUNTED_EVENTS
from storage.sql import among
from workflows import shortage
from workflows.actions import Action
from workflows.case.model import PROMISED, CaseEvent
from workflows.case.reasons import SANCTION
from workflows.case.replay import replay
from workflows.figures import (
    BY_CHAT,
    UNDIVIDED,
    Interaction,
    Period,
    Promise,
    Result,
    Scope,
    Standing,
    as_of,
    interactions_of,
    promises_of,
    results_of,
    standing_of,
)
from workflows.fines import Sanction, sanctions_of
from workflows.shortage import Shortage

AT_ONCE = 500  # histories that are in memory together
INSTANTS = ("forward_due", "resolve_due", "first_due", "finished_at", "closed_at")
FACTS: dict[str, Any] = {
    **dict.fromkeys(INSTANTS, TIMESTAMP(timezone=True)),
    "return_state": Text(),
    "outcome": Text(),
    "cycle": Integer(),
    "rating": Integer(),
    "disputed": Boolean(),
}

_RECEIVED_IN = (CASES.c.opened_at >= bindparam("start"), CASES.c.opened_at < bindparam("end"))


def received(cases: CaseStore, period: Period) -> int:
    """How many cases were received in the period, counted for itself: what the lines of a table must add up to."""
    found = select(func.count()).select_from(CASES).where(*_RECEIVED_IN)
    return int(cases.connection.scalar(found, _limits(period)) or 0)


def standings(cases: CaseStore, period: Period, scope: Scope) -> Counter[Standing]:
    """Where every case that was received in the period stood at its end, how many of each kind."""
    counted: Counter[Standing] = Counter()
    for row in cases.connection.execute(_settled(cases, scope), _limits(period, scope)):
        counted[_standing(row)] += row.cases
    changed = select(CASES.c.id).where(*_RECEIVED_IN, not_(_untouched_since_end()))
    for sensitive_now, events in _histories(cases, changed, _limits(period)):
        then = replay(as_of(events, period.end))
        hidden = sensitive_now or then.sensitive
        if scope.holds(then, hidden=hidden):
            counted[standing_of(then, period.end, scope, hidden=hidden)] += 1
    return counted


def results(cases: CaseStore, period: Period, scope: Scope) -> Counter[Result]:
    """Every result that was accepted in the period, how many of each kind."""
    counted: Counter[Result] = Counter()
    for row in cases.connection.execute(_plain_results(cases, scope), _limits(period, scope)):
        counted[Result(row.line, row.timing, False, row.outcome)] += row.cases
    others = select(CASES.c.id).where(_accepted_in_period(), not_(_single_result(CASES.c.id)))
    for sensitive_now, events in _histories(cases, others, _limits(period)):
        counted.update(results_of(events, period, scope, hidden=sensitive_now))
    return counted


def interactions(cases: CaseStore, period: Period, scope: Scope) -> Counter[Interaction]:
    """What citizens wrote of their own accord in the period, how many of each kind."""
    counted: Counter[Interaction] = Counter()
    wrote = select(EVENTS.c.case_id).where(*_in_period(Action.ADD))
    for sensitive_now, events in _histories(cases, select(CASES.c.id).where(CASES.c.id.in_(wrote)), _limits(period)):
        counted.update(interactions_of(events, period, scope, hidden=sensitive_now))
    return counted


def sanctions(cases: CaseStore, period: Period, scope: Scope) -> list[Sanction]:
    """Every sanction that was accepted in the period."""
    said = EVENTS.alias("said")
    sanctioned = and_(said.c.action == Action.SUBMIT_RESULT.value, said.c.data.contains(f'"{SANCTION}"'))
    theirs = select(said.c.id).where(said.c.case_id == CASES.c.id, sanctioned).exists()
    found = select(CASES.c.id).where(_accepted_in_period(), theirs)
    return [
        one
        for sensitive_now, events in _histories(cases, found, _limits(period))
        for one in sanctions_of(events, period, scope, hidden=sensitive_now)
    ]


def shortages(cases: CaseStore, period: Period, scope: Scope) -> list[Shortage]:
    """Every time in the period that equipment was missing (R47)."""
    named = EVENTS.c.data.like(f'%"{shortage.REASON}"%')
    how = EVENTS.c.action.in_([str(one) for one in shortage.HOW if one is not Action.ACCEPT_RESULT])
    gave = EVENTS.alias("gave")
    result = (gave.c.case_id == EVENTS.c.case_id, gave.c.action == Action.SUBMIT_RESULT.value)
    obstacle = select(gave.c.id).where(*result, gave.c.data.like(f'%"{shortage.REASON}"%')).exists()
    accepted = and_(EVENTS.c.action == Action.ACCEPT_RESULT.value, obstacle)
    told = select(EVENTS.c.case_id).where(*_within(), or_(and_(how, named), accepted))
    return [
        one
        for sensitive_now, events in _histories(cases, select(CASES.c.id).where(CASES.c.id.in_(told)), _limits(period))
        for one in shortage.shortages_of(events, period, scope, hidden=sensitive_now)
    ]


def promises(cases: CaseStore, period: Period, scope: Scope) -> Counter[Promise]:
    """The dates that results promised in the period, how many of each kind."""
    counted: Counter[Promise] = Counter()
    gave = EVENTS.alias("gave")
    named = gave.c.data.like(f'%"{PROMISED}"%')
    result = (gave.c.case_id == EVENTS.c.case_id, gave.c.action == Action.SUBMIT_RESULT.value, named)
    told = select(EVENTS.c.case_id).where(*_in_period(Action.ACCEPT_RESULT), select(gave.c.id).where(*result).exists())
    for sensitive_now, events in _histories(cases, select(CASES.c.id).where(CASES.c.id.in_(told)), _limits(period)):
        counted.update(promises_of(events, period, scope, hidden=sensitive_now))
    return counted


def codes_outside(cases: CaseStore, period: Period, known: frozenset[str], how_many: int = 20) -> list[str]:
    """Codes of cases that no cell may count: in a state outside ``known``, or with a history that has a gap."""
    last = select(EVENTS.c.id).where(EVENTS.c.case_id == CASES.c.id, EVENTS.c.seq == CASES.c.version).exists()
    strange = CASES.c.state.not_in([str(state) for state in sorted(known)])
    found = select(CASES.c.code).where(*_RECEIVED_IN, or_(not_(last), strange)).order_by(CASES.c.id).limit(how_many)
    return list(cases.connection.scalars(found, _limits(period)))


# --- what a row of ``cases`` still tells about the end of the period ---


def _untouched_since_end() -> ColumnElement[bool]:
    """Whether the case's last event, which its version names, lies before the end: one look into the index."""
    last = select(EVENTS.c.id).where(EVENTS.c.case_id == CASES.c.id, EVENTS.c.seq == CASES.c.version)
    return last.where(EVENTS.c.at < bindparam("end")).exists()


def _settled(cases: CaseStore, scope: Scope) -> Select[Any]:
    facts, told = _facts(cases)
    kinds = {
        "line": _line(scope),
        "state": CASES.c.state,
        "return_state": facts["return_state"],
        "timing": _timing(facts, _end(cases)),
        "reopened": facts["cycle"] > 1,
        "outcome": facts["outcome"],
        "rating": facts["rating"],
        "disputed": facts["disputed"],
    }
    which = (*_RECEIVED_IN, _untouched_since_end())
    return _grouped(_beside(CASES, told), kinds, which, scope)


def _standing(row: Any) -> Standing:
    return Standing(
        row.line,
        row.state,
        row.return_state,
        row.timing,
        bool(row.reopened),
        row.outcome or "",
        row.rating,
        bool(row.disputed),
    )


# --- results ---


def _in_period(action: Action) -> tuple[ColumnElement[bool], ...]:
    return (EVENTS.c.action == action.value, *_within())


def _within() -> tuple[ColumnElement[bool], ...]:
    # The first condition is the index's own, by the letter, as SQLite wants it.
    counted: Any = sql(COUNTED_EVENTS)
    return (counted, EVENTS.c.at >= bindparam("start"), EVENTS.c.at < bindparam("end"))


def _accepted_in_period() -> ColumnElement[bool]:
    found: ColumnElement[bool] = CASES.c.id.in_(select(EVENTS.c.case_id).where(*_in_period(Action.ACCEPT_RESULT)))
    return found


def _single_result(case_id: Any) -> ColumnElement[bool]:
    """Whether the row of the case still tells what its only result was: one cycle, nothing corrected or added."""
    later = EVENTS.alias("later")
    told = later.c.action.in_([Action.REWORK.value, Action.CORRECT.value, Action.ADD.value])
    found: ColumnElement[bool] = select(later.c.id).where(later.c.case_id == case_id, told).exists()
    return not_(found)


def _plain_results(cases: CaseStore, scope: Scope) -> Select[Any]:
    facts, told = _facts(cases)
    kinds = {"line": _line(scope), "timing": _timing(facts, _end(cases)), "outcome": facts["outcome"]}
    which = (*_in_period(Action.ACCEPT_RESULT), _single_result(EVENTS.c.case_id))
    return _grouped(_beside(EVENTS.join(CASES, CASES.c.id == EVENTS.c.case_id), told), kinds, which, scope)


# --- the same for both ---


def _grouped(source: Any, kinds: dict[str, Any], which: tuple[Any, ...], scope: Scope) -> Select[Any]:
    """How many there are of each kind, of what the scope holds."""
    found = select(*(kind.label(name) for name, kind in kinds.items())).select_from(source).where(*which)
    if not scope.with_sensitive:
        found = found.where(CASES.c.sensitive.is_(False))
    if scope.area:
        found = found.where(CASES.c.area == bindparam("area"))
    if scope.agencies is not None:
        found = found.where(among(CASES.c.agency_id, "agencies"))
    if scope.categories is not None:
        found = found.where(among(CASES.c.category, "categories"))
    each = found.subquery("each")
    return select(*each.c, func.count().label("cases")).group_by(*each.c)


def _line(scope: Scope) -> ColumnElement[str]:
    if not scope.split:
        return literal("", Text())
    came = select(SOURCES.c.channel).where(SOURCES.c.case_id == CASES.c.id).scalar_subquery()
    lines = {
        "area": CASES.c.area,
        "agency": cast(CASES.c.agency_id, Text()),
        "category": CASES.c.category,
        "channel": func.coalesce(came, BY_CHAT),
    }
    return case((CASES.c.sensitive, UNDIVIDED), else_=func.coalesce(lines[scope.split], ""))


def _timing(facts: dict[str, Any], end: ColumnElement[Any]) -> ColumnElement[str]:
    """``workflows.figures.timing_of``, in SQL."""
    due = func.coalesce(facts["resolve_due"], facts["forward_due"])
    measured = func.coalesce(facts["finished_at"], facts["closed_at"], end)
    by_the_first = or_(facts["first_due"].is_(None), measured <= facts["first_due"])
    return case((due.is_(None), "on_time"), (measured > due, "late"), (by_the_first, "on_time"), else_="extended")


def _facts(cases: CaseStore) -> tuple[dict[str, Any], Any]:
    """Columns out of the case's JSON, and the table in which PostgreSQL has them (SQLite needs none)."""
    if cases.connection.dialect.name == "postgresql":
        record = func.jsonb_to_record(cast(CASES.c.facts, JSONB))
        table = record.table_valued(*(column(name, kind) for name, kind in FACTS.items()))
        told = table.render_derived(name="told", with_types=True)
        return {name: told.c[name] for name in FACTS}, told
    found = {name: func.json_extract(CASES.c.facts, f"$.{name}") for name in FACTS}
    return found | {name: _sortable(found[name]) for name in INSTANTS}, None


def _beside(source: Any, told: Any) -> Any:
    return source if told is None else source.join(told, true())


def _sortable(instant: Any) -> Any:
    """An ISO instant of any offset as UTC text that sorts as time; to the microsecond, which date functions drop."""
    offset = case((instant.like("%Z"), "Z"), else_=func.substr(instant, -6))
    seconds = func.strftime("%Y-%m-%dT%H:%M:%S", func.substr(instant, 1, 19).concat(offset))
    return seconds.concat(func.replace(func.substr(instant, 20), offset, ""))


def _end(cases: CaseStore) -> ColumnElement[Any]:
    """The end of the period, as the instants of ``_facts`` are written."""
    return bindparam("end") if cases.connection.dialect.name == "postgresql" else bindparam("end_text", type_=Text())


def _limits(period: Period, scope: Scope | None = None) -> dict[str, Any]:
    limits: dict[str, Any] = {"start": period.start, "end": period.end, "end_text": _iso(period.end)}
    if scope is None:
        return limits
    named = {"agencies": sorted(scope.agencies or ()), "categories": sorted(scope.categories or ())}
    return limits | {"area": scope.area} | named


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat()


def _histories(cases: CaseStore, found: Select[Any], limits: dict[str, Any]) -> Iterator[tuple[bool, list[CaseEvent]]]:
    """The histories of the cases whose ids are found, some at a time; with each, whether it is sensitive now."""
    page = found.add_columns(CASES.c.sensitive).where(CASES.c.id > bindparam("after"))
    page = page.order_by(CASES.c.id).limit(AT_ONCE)
    last = 0
    while rows := cases.connection.execute(page, limits | {"after": last}).all():
        sensitive = {row.id: row.sensitive for row in rows}
        for case_id, events in cases.histories(list(sensitive)).items():
            yield sensitive[case_id], events
        last = rows[-1].id
