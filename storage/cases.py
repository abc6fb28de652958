"""Cases and their history, which is only added to; the erasable words and positions that events point to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, union, update
from sqlalchemy import text as sql

from storage.bulk import Family, insert_rows
from storage.codec import dump, load, plain
from storage.driver import Query
from storage.ids import Ids
from storage.models import WAITS_FOR_OPERATORS, Agency, CaseSource, CaseWords, Position, Term, table_of
from storage.models import Case as CaseModel
from storage.models import CaseEvent as CaseEventModel
from storage.sql import among
from storage.support import TASKS, cases_that_differ, keep_tasks
from storage.writer import Writer
from workflows.actions import Action
from workflows.case.model import OVER, Case, CaseEvent, Role, State
from workflows.case.running import open_pledge
from workflows.frozen import frozen
from workflows.nearby import cell

AGENCIES = table_of(Agency)
CASES = table_of(CaseModel)
EVENTS = table_of(CaseEventModel)
WORDS = table_of(CaseWords)
POSITIONS = table_of(Position)
TERMS = table_of(Term)
SOURCES = table_of(CaseSource)

SOON = datetime(2000, 1, 1, tzinfo=UTC)  # long ago: at the next look for what falls due
MOST_TERMS = 8  # of one search; more words of a sentence find nothing better
WITH_OPERATORS = (State.TRANSFER_REQUESTED, State.REVIEW_REQUESTED)


@frozen
class CaseRow:
    """A case with its place in the store."""

    id: int
    home_chat_id: int
    case: Case


@frozen
class PositionRow:
    """Where something is said to be; all empty after erasure."""

    lat: float | None
    lon: float | None
    address: str


COLUMNS = [CASES.c.id, CASES.c.home_chat_id, CASES.c.facts]
EVENT_COLUMNS = [
    EVENTS.c.seq,
    EVENTS.c.at,
    EVENTS.c.action,
    EVENTS.c.move,
    EVENTS.c.before,
    EVENTS.c.after,
    EVENTS.c.role,
    EVENTS.c.person_id,
    EVENTS.c.agency_id,
    EVENTS.c.data,
]

_BY_ID = select(*COLUMNS).where(CASES.c.id == bindparam("case"))
_LOCK = _BY_ID.with_for_update(key_share=True)
_BY_CODE = select(*COLUMNS).where(CASES.c.code == bindparam("code"))
_ADD_EVENTS = insert_rows(
    EVENTS,
    ["case_id", "seq", "at", "action", "move", "before", "after", "role", "person_id", "agency_id", "data"],
    family=Family.OPENING,
)
_EVENTS = select(*EVENT_COLUMNS).where(EVENTS.c.case_id == bindparam("case")).order_by(EVENTS.c.seq)
_OF_REPORTER = (
    select(*COLUMNS)
    .where(CASES.c.reporter_id == bindparam("person"))
    .order_by(CASES.c.opened_at.desc())
    .limit(bindparam("how_many"))
)
_SENT_SINCE = Query(
    select(CASES.c.reporter_id, func.count())
    .where(among(CASES.c.reporter_id, "people"), CASES.c.opened_at >= bindparam("since"))
    .group_by(CASES.c.reporter_id)
)
_ADD_WORDS = insert_rows(WORDS, ["id", "case_id", "person_id", "kind", "text", "at"], family=Family.OPENING)
_WORDS = select(WORDS.c.id, WORDS.c.text).where(among(WORDS.c.id, "ids"))
_ADD_POSITION = insert_rows(
    POSITIONS, ["id", "case_id", "person_id", "lat", "lon", "address", "cell", "at"], family=Family.OPENING
)
_POSITION = select(POSITIONS.c.lat, POSITIONS.c.lon, POSITIONS.c.address).where(POSITIONS.c.id == bindparam("id"))
_ADD_TERMS = insert_rows(TERMS, ["term", "case_id"], unless_there=True, family=Family.OPENING)
_desk = select(*COLUMNS).where(CASES.c.open).order_by(CASES.c.due_at, CASES.c.id)
# R61: a sensitive case is held by a unit of the inspection line, and shown to no other.
_LINE = select(AGENCIES.c.id).where(AGENCIES.c.kind == "inspection")
_OF_THE_HOLDER = or_(CASES.c.sensitive.is_(False), CASES.c.agency_id.in_(_LINE))
_DESK_AGENCY = (
    _desk.where(CASES.c.agency_id == bindparam("agency"), _OF_THE_HOLDER)
    .limit(bindparam("how_many"))
    .offset(bindparam("skip"))
)
_DESK_BRANCH = (
    _desk.where(
        among(CASES.c.agency_id, "agencies"),
        or_(CASES.c.sensitive.is_(False), (CASES.c.agency_id == bindparam("agency")) & _OF_THE_HOLDER),
    )
    .limit(bindparam("how_many"))
    .offset(bindparam("skip"))
)
# What the inspection line has, it decides on itself: the operators would only find an entry that they may not open.
_THE_LINES_OWN = CASES.c.sensitive & CASES.c.agency_id.is_not(None) & (CASES.c.state == State.REVIEW_REQUESTED.value)
# Of what waits for a check, what the operators check is told by the facts alone (checking.waits_for_operators).
_THEIRS = or_(CASES.c.facts.contains('"checker":"operators"'), CASES.c.facts.contains('"checker":"supervisor"'))
_TO_CHECK = and_(CASES.c.open, CASES.c.state == State.RESULT_SUBMITTED.value, _THEIRS)
_WITH_OPERATORS = union(
    select(CASES.c.id).where(CASES.c.open, sql(WAITS_FOR_OPERATORS), ~_THE_LINES_OWN),
    select(CASES.c.id).where(_TO_CHECK),
)
_DESK_OPERATORS = _desk.where(CASES.c.id.in_(_WITH_OPERATORS)).limit(bindparam("how_many")).offset(bindparam("skip"))
_urgent_first = (CASES.c.urgent.desc(), CASES.c.due_at, CASES.c.id)
_URGENT_AGENCY = _DESK_AGENCY.order_by(None).order_by(*_urgent_first)
_URGENT_BRANCH = _DESK_BRANCH.order_by(None).order_by(*_urgent_first)
_URGENT_OPERATORS = _DESK_OPERATORS.order_by(None).order_by(*_urgent_first)
_HELPING = (
    select(*COLUMNS)
    .join(TASKS, TASKS.c.case_id == CASES.c.id)
    .where(TASKS.c.agency_id == bindparam("agency"), CASES.c.sensitive.is_(False))
    .order_by(TASKS.c.due_at, CASES.c.id)
    .limit(bindparam("how_many"))
)
_KEPT = ("state", "version", "reporter_id", "category", "area", "agency_id", "sensitive", "urgent", "open", "due_at",
         "asked", "facts")  # fmt: skip
_INSERT = insert_rows(CASES, ["id", "home_chat_id", "code", "opened_at", "look_at", *_KEPT], family=Family.OPENING)
# The first condition is the index's own, by the letter, as SQLite wants it.
_TO_LOOK_AT = (
    select(*COLUMNS)
    .where(sql("look_at is not null"), CASES.c.look_at <= bindparam("now"))
    .order_by(CASES.c.look_at, CASES.c.id)
    .limit(bindparam("how_many"))
    .with_for_update(skip_locked=True, key_share=True)
)
_first_to_look_at = (
    select(CASES.c.id)
    .where(sql("look_at is not null"), CASES.c.look_at <= bindparam("now"))
    .order_by(CASES.c.look_at, CASES.c.id)
    .limit(1)
)
_LOOK_LATER = update(CASES).where(CASES.c.id == _first_to_look_at.scalar_subquery()).values(look_at=bindparam("until"))
_LOOK_ANEW = (
    update(CASES).where(sql("look_at is not null"), CASES.c.look_at > bindparam("now")).values(look_at=bindparam("now"))
)


class CaseStore:
    """Cases inside one transaction."""

    def __init__(self, connection: Writer, ids: Ids) -> None:
        self.connection = connection
        self._ids = ids
        self._known: dict[int, CaseRow] = {}  # as this transaction left them; one step looks at its case many times
        self._ours: set[int] = set()  # made or locked by this transaction: nobody else changes them
        self._words: dict[str, str] = {}
        self._positions: dict[str, PositionRow] = {}

    def forget_known(self) -> None:
        """Look everything up anew: what was written has been undone."""
        self._known, self._ours, self._words, self._positions = {}, set(), {}, {}

    def add(self, case: Case, home_chat_id: int, look_at: datetime | None = SOON) -> int:
        """A new case; its id. The code must be new: IntegrityError otherwise, when it is written.

        ``look_at``: when there may be something to remind of; None: nothing runs.
        """
        made = self._ids.next("cases")
        row = {"id": made, "home_chat_id": home_chat_id, "code": case.code, "opened_at": case.opened_at}
        row |= {"look_at": look_at}
        self.connection.later(_INSERT, row | _columns(case))
        self._known[made] = CaseRow(made, home_chat_id, case)
        self._ours.add(made)
        return made

    def get(self, case_id: int, *, lock: bool = False) -> CaseRow | None:
        """One case; with ``lock`` nobody else decides about it until the transaction ends."""
        known = self._known.get(case_id)
        if known is not None and (not lock or case_id in self._ours):
            return known
        row = self.connection.look(_LOCK if lock else _BY_ID, {"case": case_id}).first()
        if row is None:
            return None
        found = case_row(row)
        if lock:  # a row that is not ours may be changed by others until we lock it
            self._known[case_id] = found
            self._ours.add(case_id)
        return found

    def by_code(self, code: str) -> CaseRow | None:
        """One case by its public code."""
        row = self.connection.execute(_BY_CODE, {"code": code}).first()
        return case_row(row) if row else None

    def save(self, case_id: int, case: Case, look_at: datetime | None = SOON) -> None:
        """What the events add up to now; ``look_at`` as with ``add``."""
        row = self.get(case_id)
        if row is None:
            return
        self.connection.change(CASES, case_id, _columns(case) | {"look_at": look_at})
        self._known[case_id] = replace(row, case=case)
        if case.tasks != row.case.tasks:
            keep_tasks(self.connection, case_id, case)

    def to_look_at(self, now: datetime, how_many: int) -> list[CaseRow]:
        """Cases in which something may be due, longest waiting first; locked, without those that others hold."""
        rows = [case_row(row) for row in self.connection.execute(_TO_LOOK_AT, {"now": now, "how_many": how_many})]
        self._known |= {row.id: row for row in rows}
        self._ours |= {row.id for row in rows}
        return rows

    def look_again(self, case_id: int, at: datetime | None) -> None:
        """Nothing needs to be looked for in a case before ``at``; None: nothing runs in it."""
        self.connection.change(CASES, case_id, {"look_at": at})

    def look_later(self, now: datetime, until: datetime) -> int:
        """Put off the case that would be looked at first, without reading it. How many: 1, or 0 when none is due."""
        return self.connection.execute(_LOOK_LATER, {"now": now, "until": until}).rowcount

    def look_anew(self, now: datetime) -> int:
        """Days have become working days or days off: every case that is watched is looked at soon. How many."""
        return self.connection.execute(_LOOK_ANEW, {"now": now}).rowcount

    def move_home(self, case_id: int, chat_id: int) -> None:
        """Its reporter is answered in another chat from now on."""
        row = self.get(case_id, lock=True)
        if row is None:
            return
        self.connection.change(CASES, case_id, {"home_chat_id": chat_id})
        self._known[case_id] = replace(row, home_chat_id=chat_id)

    def append(self, case_id: int, events: Sequence[CaseEvent]) -> None:
        """Add to the history."""
        for event in events:
            row = {
                "case_id": case_id,
                "seq": event.seq,
                "at": event.at,
                "action": event.action.value,
                "move": event.move,
                "before": event.before.value if event.before else None,
                "after": event.after.value,
                "role": event.role.value,
                "person_id": event.person_id,
                "agency_id": event.agency_id,
                "data": dump(event.data),
            }
            self.connection.later(_ADD_EVENTS, row)

    def events(self, case_id: int) -> list[CaseEvent]:
        """The whole history, in order."""
        return [_event(row) for row in self.connection.execute(_EVENTS, {"case": case_id})]

    def histories(self, case_ids: Sequence[int]) -> dict[int, list[CaseEvent]]:
        """The whole histories of several cases."""
        found = (
            select(EVENTS.c.case_id, *EVENT_COLUMNS)
            .where(EVENTS.c.case_id.in_(list(case_ids)))
            .order_by(EVENTS.c.case_id, EVENTS.c.seq)
        )
        histories: dict[int, list[CaseEvent]] = {case_id: [] for case_id in case_ids}
        for row in self.connection.execute(found):
            histories[row.case_id].append(_event(row))
        return histories

    def of_reporter(self, person_id: int, how_many: int = 20) -> list[CaseRow]:
        """Somebody's own cases, newest first."""
        rows = self.connection.execute(_OF_REPORTER, {"person": person_id, "how_many": how_many})
        return [case_row(row) for row in rows]

    def sent_since(self, people: Sequence[int], since: datetime) -> dict[int, int]:
        """How many cases each of these people has opened since then; who has opened none is left out.

        What this transaction has opened and not yet written is the caller's to count.
        """
        rows = self.connection.ask(_SENT_SINCE, {"people": list(people), "since": since})
        return {person_id: count for person_id, count in rows}

    def desk(
        self,
        agency_id: int | None,
        how_many: int,
        skip: int = 0,
        *,
        below: Sequence[int] = (),
        urgent_first: bool = False,
    ) -> list[CaseRow]:
        """Open cases of an agency (None: those that wait for the operators), oldest due first.

        ``below``: further agencies whose cases it sees. ``urgent_first``: the urgent ones before all others, as in a
        storm.
        """
        values: dict[str, Any] = {"how_many": how_many, "skip": skip}
        if below:
            of_branch = _URGENT_BRANCH if urgent_first else _DESK_BRANCH
            values |= {"agency": agency_id, "agencies": [agency_id, *below]}
            rows = self.connection.execute(of_branch, values)
            return [case_row(row) for row in rows]
        if agency_id is None:
            operators = _URGENT_OPERATORS if urgent_first else _DESK_OPERATORS
            return [case_row(row) for row in self.connection.execute(operators, values)]
        of_agency = _URGENT_AGENCY if urgent_first else _DESK_AGENCY
        rows = self.connection.execute(of_agency, values | {"agency": agency_id})
        return [case_row(row) for row in rows]

    def helping(self, agency_id: int, how_many: int) -> list[CaseRow]:
        """Cases of others that this unit was asked to help with and has not answered, oldest due first."""
        rows = self.connection.execute(_HELPING, {"agency": agency_id, "how_many": how_many})
        return [case_row(row) for row in rows]

    def search(
        self, terms: Sequence[str], agency_id: int | None, how_many: int, *, below: Sequence[int] = ()
    ) -> list[CaseRow]:
        """Cases with all these folded words, newest first; an agency finds its own, and those of agencies ``below``.

        What is sensitive is found by the inspection line that holds it, or by the operators while nobody does (R61).
        """
        found = select(*COLUMNS).order_by(CASES.c.id.desc()).limit(how_many)
        for term in terms[:MOST_TERMS]:
            found = found.where(CASES.c.id.in_(select(TERMS.c.case_id).where(TERMS.c.term == term)))
        if agency_id is not None:
            helps = CASES.c.id.in_(select(TASKS.c.case_id).where(TASKS.c.agency_id == agency_id))
            theirs = or_(CASES.c.agency_id == agency_id, helps) & _OF_THE_HOLDER
            if below:
                theirs |= CASES.c.agency_id.in_(below) & CASES.c.sensitive.is_(False)
            found = found.where(theirs)
        else:
            found = found.where(or_(CASES.c.sensitive.is_(False), CASES.c.agency_id.is_(None)))
        return [case_row(row) for row in self.connection.execute(found)] if terms else []

    def columns_that_differ(self, rows: Sequence[CaseRow]) -> dict[int, tuple[str, ...]]:
        """By case, the columns by which it is found that say something else than its facts."""
        names = [name for name in _KEPT if name != "facts"]
        found = select(CASES.c.id, *(CASES.c[name] for name in names)).where(CASES.c.id.in_([row.id for row in rows]))
        kept = {row.id: row._mapping for row in self.connection.execute(found)}
        wanted = {row.id: _columns(row.case) for row in rows}
        helpers = cases_that_differ(self.connection, {row.id: row.case for row in rows})
        return {
            row.id: tuple(f"column {name}" for name in names if kept[row.id][name] != wanted[row.id][name])
            + (("support tasks",) if row.id in helpers else ())
            for row in rows
        }

    def listing(
        self,
        *,
        state: str | None = None,
        agency_id: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        open_only: bool = False,
        channel: str | None = None,
        number: str | None = None,
        after_id: int = 0,
        how_many: int = 100,
    ) -> list[CaseRow]:
        """Cases for an administrator, by id, page by page (``after_id``).

        ``channel``: taken down from there; ``number``: which they have there, as it is compared.
        """
        found = select(*COLUMNS).where(CASES.c.id > after_id).order_by(CASES.c.id).limit(how_many)
        if state:
            found = found.where(CASES.c.state == state)
        if agency_id is not None:
            found = found.where(CASES.c.agency_id == agency_id)
        if since:
            found = found.where(CASES.c.opened_at >= since)
        if until:
            found = found.where(CASES.c.opened_at < until)
        if open_only:
            found = found.where(CASES.c.open)
        for column, wanted in ((SOURCES.c.channel, channel), (SOURCES.c.number_key, number)):
            if wanted:
                found = found.where(CASES.c.id.in_(select(SOURCES.c.case_id).where(column == wanted)))
        return [case_row(row) for row in self.connection.execute(found)]

    def add_words(
        self, words_id: str, case_id: int, person_id: int | None, kind: str, text: str, now: datetime
    ) -> None:
        """Keep words under an id that an event can point to."""
        row = {
            "id": words_id,
            "case_id": case_id,
            "person_id": person_id,
            "kind": kind,
            "text": text,
            "at": now,
        }
        self.connection.later(_ADD_WORDS, row)
        self._words[words_id] = text

    def words(self, ids: Iterable[str]) -> dict[str, str]:
        """Words by id; erased ones are ""."""
        wanted = [found for found in ids if found]
        if not wanted:
            return {}
        missing = [found for found in wanted if found not in self._words]
        if missing:
            rows = self.connection.look(_WORDS, {"ids": missing})
            self._words |= {row.id: row.text or "" for row in rows}
        return {found: self._words[found] for found in wanted if found in self._words}

    def words_of_case(self, case_id: int) -> list[dict[str, Any]]:
        """Everything that was written about a case, for an administrator; erased words are None."""
        found = select(WORDS.c.id, WORDS.c.kind, WORDS.c.text, WORDS.c.at).where(WORDS.c.case_id == case_id)
        return [dict(row._mapping) for row in self.connection.execute(found.order_by(WORDS.c.at, WORDS.c.id))]

    def words_of(self, person_id: int) -> list[dict[str, Any]]:
        """Everything somebody wrote about cases, for the person alone."""
        found = select(WORDS.c.case_id, WORDS.c.kind, WORDS.c.text, WORDS.c.at).where(
            WORDS.c.person_id == person_id, WORDS.c.text.is_not(None)
        )
        return [dict(row._mapping) for row in self.connection.execute(found.order_by(WORDS.c.at))]

    def add_position(
        self,
        position_id: str,
        case_id: int,
        person_id: int | None,
        lat: float | None,
        lon: float | None,
        address: str,
        now: datetime,
    ) -> None:
        """Keep a position under an id that an event can point to."""
        where = cell(lat, lon) if lat is not None and lon is not None else None
        row = {"id": position_id, "case_id": case_id, "person_id": person_id, "lat": lat, "lon": lon,
               "address": address, "cell": where, "at": now}  # fmt: skip
        self.connection.later(_ADD_POSITION, row)
        self._positions[position_id] = PositionRow(lat, lon, address)

    def position(self, position_id: str) -> PositionRow:
        """A position by id; empty when erased or absent."""
        if position_id in self._positions:
            return self._positions[position_id]
        row = self.connection.look(_POSITION, {"id": position_id}).first() if position_id else None
        found = PositionRow(row.lat, row.lon, row.address or "") if row else PositionRow(None, None, "")
        self._positions[position_id] = found
        return found

    def add_terms(self, case_id: int, terms: Iterable[str]) -> None:
        """Make a case findable by these folded words."""
        for term in sorted(set(terms)):
            self.connection.later(_ADD_TERMS, {"term": term, "case_id": case_id})

    def forget_person(self, person_id: int, now: datetime) -> list[int]:
        """Erase words, positions and search terms of somebody's cases; the ids of those cases."""
        self.forget_known()
        mine = list(self.connection.scalars(select(CASES.c.id).where(CASES.c.reporter_id == person_id)))
        gone = {"erased_at": now}
        nowhere = {"lat": None, "lon": None, "address": None, "cell": None}
        self.connection.execute(update(WORDS).where(WORDS.c.person_id == person_id).values(text=None, **gone))
        self.connection.execute(update(POSITIONS).where(POSITIONS.c.person_id == person_id).values(**nowhere, **gone))
        if mine:
            self.connection.execute(delete(TERMS).where(TERMS.c.case_id.in_(mine)))
        return mine

    def counts(self) -> dict[str, int]:
        """How many cases are in each state."""
        found = select(CASES.c.state, func.count()).group_by(CASES.c.state)
        return {state: count for state, count in self.connection.execute(found)}

    def open_codes(self, agency_id: int) -> list[str]:
        """The codes of the open cases that an agency holds, oldest first."""
        found = select(CASES.c.code).where(CASES.c.agency_id == agency_id, CASES.c.open).order_by(CASES.c.id)
        return [row.code for row in self.connection.look(found)]

    def open_of_agency(self, agency_id: int) -> int:
        """How many open cases an agency holds."""
        found = select(func.count()).select_from(CASES).where(CASES.c.agency_id == agency_id, CASES.c.open)
        return int(self.connection.scalar(found) or 0)


def due_of(case: Case) -> datetime | None:
    """The date that the next doer must keep."""
    if case.state in OVER:
        return open_pledge(case)
    if case.state is State.RESULT_SUBMITTED:
        return case.check_due or case.resolve_due
    if case.state is State.REVIEW_REQUESTED:
        return case.interaction_due or case.resolve_due
    return case.resolve_due or case.forward_due


def next_due(case: Case) -> datetime | None:
    """The nearest date of a case: the doer's, of a message which waits for an answer (R79), of word that is owed."""
    return min((due for due in (due_of(case), case.thread_due, case.urgent_due) if due is not None), default=None)


def waits(case: Case) -> bool:
    """Whether somebody has to do something: finish it, answer, keep a promised date, look at a cancelled case again."""
    promised = open_pledge(case) is not None
    return case.state not in OVER or case.thread_due is not None or case.revival_asked or promised


def _columns(case: Case) -> dict[str, Any]:
    return {
        "state": case.state.value,
        "version": case.version,
        "reporter_id": case.reporter_id,
        "category": case.category,
        "area": case.area or None,
        "agency_id": case.agency_id,
        "sensitive": case.sensitive,
        "urgent": case.urgent,
        "open": waits(case),
        "due_at": next_due(case),
        "asked": case.asked or None,
        "facts": dump(case),
    }


def case_row(row: Any) -> CaseRow:
    """A case out of a row with ``COLUMNS``."""
    return CaseRow(row.id, row.home_chat_id, load(row.facts, Case))


def _event(row: Any) -> CaseEvent:
    return CaseEvent(
        row.seq,
        row.at,
        Action(row.action),
        row.move,
        State(row.before) if row.before else None,
        State(row.after),
        Role(row.role),
        row.person_id,
        row.agency_id,
        plain(row.data),
    )
