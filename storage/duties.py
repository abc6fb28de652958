"""Who acts as head: heads on record, the delegates they named with dates, and their own days away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BindParameter, bindparam, exists, insert, or_, select, update

from storage.models import Absence, Delegation, Staff, table_of
from storage.unit_of_work import UnitOfWork
from workflows.frozen import frozen

STAFF = table_of(Staff)
DELEGATIONS = table_of(Delegation)
ABSENCES = table_of(Absence)
HEADS = STAFF.alias("heads")

_now: BindParameter[datetime] = bindparam("now")
_confirmed = STAFF.c.status == "confirmed"
# Delegated is what a head who is still one delegated, for the days that were named.
_delegated = exists().where(
    DELEGATIONS.c.delegate_id == STAFF.c.id,
    DELEGATIONS.c.starts_at <= _now,
    DELEGATIONS.c.ends_at > _now,
    HEADS.c.id == DELEGATIONS.c.head_id,
    HEADS.c.role == "head",
    HEADS.c.status == "confirmed",
)
_away = exists().where(ABSENCES.c.staff_id == STAFF.c.id, ABSENCES.c.starts_at <= _now, ABSENCES.c.ends_at > _now)
_can_act = or_((STAFF.c.role == "head") & ~_away, _delegated)
_acting = select(STAFF.c.person_id).where(_confirmed, _can_act).order_by(STAFF.c.id)
_ACTING = _acting.where(STAFF.c.agency_id == bindparam("agency"))
_ACTING_OPERATORS = _acting.where(STAFF.c.agency_id.is_(None))
_leads = select(STAFF.c.id).where(_confirmed, or_(STAFF.c.role == "head", _delegated)).limit(1)
_LED = _leads.where(STAFF.c.agency_id == bindparam("agency"))
_LED_OPERATORS = _leads.where(STAFF.c.agency_id.is_(None))
_IS_DELEGATE = select(STAFF.c.id).where(STAFF.c.id == bindparam("staff"), _confirmed, _delegated)
_ABSENT = (
    select(STAFF.c.agency_id, STAFF.c.id)
    .where(_confirmed, STAFF.c.role == "head", STAFF.c.agency_id.is_not(None), _away)
    .order_by(STAFF.c.agency_id, STAFF.c.id)
)


@frozen
class Span:
    """Some days of a head: delegated to a colleague (``delegate_id``), or away (None). They end before ``ends_at``."""

    id: int
    head_id: int
    delegate_id: int | None
    starts_at: datetime
    ends_at: datetime


class DutyStore:
    """Heads, delegates and days away inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.connection = uow.connection

    def acting_heads(self, agency_id: int | None, now: datetime) -> list[int]:
        """The people who can act as head of an agency (None: of the operators) now: heads, delegates."""
        if agency_id is None:
            return [row.person_id for row in self.connection.look(_ACTING_OPERATORS, {"now": now})]
        return [row.person_id for row in self.connection.look(_ACTING, {"agency": agency_id, "now": now})]

    def is_led(self, agency_id: int | None, now: datetime) -> bool:
        """Whether an agency (None: the operators) has a head on record, here or away, or a delegate now."""
        if agency_id is None:
            return self.connection.look(_LED_OPERATORS, {"now": now}).first() is not None
        return self.connection.look(_LED, {"agency": agency_id, "now": now}).first() is not None

    def is_delegate(self, staff_id: int, now: datetime) -> bool:
        """Whether somebody's head has delegated to them for today."""
        return self.connection.look(_IS_DELEGATE, {"staff": staff_id, "now": now}).first() is not None

    def agencies_with_absent_head(self, now: datetime) -> list[int]:
        """Agencies of which a head is away now."""
        return list(dict.fromkeys(row.agency_id for row in self.connection.execute(_ABSENT, {"now": now})))

    def delegate(
        self, head_id: int, delegate_id: int, starts_at: datetime, ends_at: datetime, now: datetime, by: str
    ) -> int:
        """Keep a delegation; its number."""
        row = {"head_id": head_id, "delegate_id": delegate_id, "starts_at": starts_at, "ends_at": ends_at,
               "made_at": now, "made_by": by}  # fmt: skip
        return int(self.connection.scalar(insert(DELEGATIONS).returning(DELEGATIONS.c.id), row) or 0)

    def end_delegation(self, number: int, now: datetime) -> bool:
        """End a delegation earlier. False: there is none that has not ended."""
        ends = update(DELEGATIONS).where(DELEGATIONS.c.id == number, DELEGATIONS.c.ends_at > now).values(ends_at=now)
        return bool(self.connection.execute(ends).rowcount)

    def leave(self, staff_id: int, starts_at: datetime, ends_at: datetime, now: datetime, by: str) -> int:
        """Keep days away; their number."""
        row = {"staff_id": staff_id, "starts_at": starts_at, "ends_at": ends_at, "made_at": now, "made_by": by}
        return int(self.connection.scalar(insert(ABSENCES).returning(ABSENCES.c.id), row) or 0)

    def come_back(self, staff_id: int, now: datetime) -> int:
        """End days away that have not ended, also those to come. Returns how many there were."""
        ends = update(ABSENCES).where(ABSENCES.c.staff_id == staff_id, ABSENCES.c.ends_at > now).values(ends_at=now)
        return self.connection.execute(ends).rowcount

    def delegations(self, now: datetime, heads: list[int] | None = None) -> list[Span]:
        """Delegations that have not ended, of these heads (None: of all), by their first day."""
        found = select(
            DELEGATIONS.c.id,
            DELEGATIONS.c.head_id,
            DELEGATIONS.c.delegate_id,
            DELEGATIONS.c.starts_at,
            DELEGATIONS.c.ends_at,
        ).where(DELEGATIONS.c.ends_at > now)
        if heads is not None:
            found = found.where(DELEGATIONS.c.head_id.in_(heads))
        rows = self.connection.execute(found.order_by(DELEGATIONS.c.starts_at, DELEGATIONS.c.id))
        return [Span(*row) for row in rows]

    def absences(self, now: datetime, heads: list[int] | None = None) -> list[Span]:
        """Days away that have not ended, of these heads (None: of all), by their first day."""
        found = select(ABSENCES.c.id, ABSENCES.c.staff_id, ABSENCES.c.starts_at, ABSENCES.c.ends_at).where(
            ABSENCES.c.ends_at > now
        )
        if heads is not None:
            found = found.where(ABSENCES.c.staff_id.in_(heads))
        rows = self.connection.execute(found.order_by(ABSENCES.c.starts_at, ABSENCES.c.id))
        return [Span(row.id, row.staff_id, None, row.starts_at, row.ends_at) for row in rows]
