"""People: their language, consent and blocks; their accounts; what staff may act for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, delete, insert, select, update

from storage.models import Agency, Consent, Identity, Person, Staff, table_of
from storage.sql import insert_new, spoken

PEOPLE = table_of(Person)
IDENTITIES = table_of(Identity)
CONSENTS = table_of(Consent)
STAFF = table_of(Staff)
AGENCIES = table_of(Agency)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person."""

    id: int
    language: str
    name: str | None
    consent_version: int
    blocked_until: datetime | None
    block_reason: str | None
    erased_at: datetime | None


COLUMNS = [
    PEOPLE.c.id,
    PEOPLE.c.language,
    PEOPLE.c.name,
    PEOPLE.c.consent_version,
    PEOPLE.c.blocked_until,
    PEOPLE.c.block_reason,
    PEOPLE.c.erased_at,
]

_GET = select(*COLUMNS).where(PEOPLE.c.id.in_(bindparam("ids", expanding=True)))
_BY_USER = (
    select(*COLUMNS)
    .join(IDENTITIES, IDENTITIES.c.person_id == PEOPLE.c.id)
    .where(IDENTITIES.c.platform == bindparam("platform"), IDENTITIES.c.external_id == bindparam("user"))
)
_MAKE = insert(PEOPLE).returning(PEOPLE.c.id)
_NAME_ACCOUNT = insert_new(IDENTITIES, IDENTITIES.c.person_id)
_CONSENT = insert(CONSENTS)
_STAFF_OF = select(STAFF.c.id, STAFF.c.agency_id, STAFF.c.role, STAFF.c.status).where(
    STAFF.c.person_id == bindparam("person")
)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """For whom somebody may act; ``agency_id`` None is the operations team."""

    id: int
    agency_id: int | None
    role: str
    status: str


@cache
def _change(names: tuple[str, ...]) -> Update:
    """Built once for each set of columns that is ever changed together."""
    return (
        update(PEOPLE).where(PEOPLE.c.id == bindparam("row")).values({name: bindparam(f"new_{name}") for name in names})
    )


class PeopleStore:
    """People inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, ids: Sequence[int]) -> dict[int, PersonRow]:
        """People by id."""
        return {row.id: PersonRow(*row) for row in self.connection.execute(_GET, {"ids": list(ids)})}

    def find(self, platform: str, user: str) -> PersonRow | None:
        """The person behind an account."""
        row = self.connection.execute(_BY_USER, {"platform": platform, "user": user}).first()
        return PersonRow(*row) if row else None

    def meet(self, platform: str, user: str, language: str, now: datetime) -> PersonRow:
        """The person behind an account, made when there is none yet. Safe against two meetings at once."""
        found = self.find(platform, user)
        if found:
            return found
        made = {"language": language, "consent_version": 0, "created_at": now}
        person = self.connection.scalar(_MAKE, made)
        account = {"person_id": person, "platform": platform, "external_id": user}
        if self.connection.execute(spoken(self.connection, _NAME_ACCOUNT), account).first() is not None:
            return PersonRow(int(person or 0), language, None, 0, None, None, None)
        self.connection.execute(delete(PEOPLE).where(PEOPLE.c.id == person))  # somebody else was quicker
        met = self.find(platform, user)
        if met is None:
            raise RuntimeError("an account was neither found nor made")
        return met

    def blocked(self, now: datetime) -> list[PersonRow]:
        """Who may not send now, longest block first."""
        found = (
            select(*COLUMNS).where(PEOPLE.c.blocked_until > now).order_by(PEOPLE.c.blocked_until.desc(), PEOPLE.c.id)
        )
        return [PersonRow(*row) for row in self.connection.execute(found)]

    def change(self, person_id: int, **values: Any) -> None:
        """Set columns of one person."""
        self.connection.execute(_change(tuple(values)), {f"new_{name}": value for name, value in values.items()}
                                | {"row": person_id})  # fmt: skip

    def consent(self, person_id: int, version: int, now: datetime, *, given: bool = True) -> None:
        """Keep a consent, or its withdrawal (version 0 from then on)."""
        kept = {"person_id": person_id, "version": version, "given": given, "at": now}
        self.connection.execute(_CONSENT, kept)
        self.change(person_id, consent_version=version if given else 0, consent_at=now)

    def forget_accounts(self, person_id: int) -> None:
        """Delete a person's accounts (erasure): nothing links the row to anybody any more."""
        self.connection.execute(delete(IDENTITIES).where(IDENTITIES.c.person_id == person_id))

    def accounts(self, person_id: int) -> list[tuple[str, str]]:
        """(platform, account) of a person, for the person only."""
        found = select(IDENTITIES.c.platform, IDENTITIES.c.external_id).where(IDENTITIES.c.person_id == person_id)
        return [(row.platform, row.external_id) for row in self.connection.execute(found)]

    def duties(self, person_id: int) -> list[StaffRow]:
        """For whom this person acts, pending and removed included."""
        return [StaffRow(*row) for row in self.connection.execute(_STAFF_OF, {"person": person_id})]

    def join_staff(self, person_id: int, agency_id: int | None, now: datetime) -> StaffRow:
        """Note that somebody is in a linked group: *pending* until a head or an administrator confirms."""
        for duty in self.duties(person_id):
            if duty.agency_id == agency_id:
                return duty
        row = {
            "person_id": person_id,
            "agency_id": agency_id,
            "role": "member",
            "status": "pending",
            "seen_at": now,
        }
        made = self.connection.scalar(insert(STAFF).returning(STAFF.c.id), row)
        return StaffRow(int(made or 0), agency_id, "member", "pending")

    def change_staff(self, staff_id: int, **values: Any) -> int:
        """Set columns of one duty (role, status). Returns how many rows there were."""
        return self.connection.execute(update(STAFF).where(STAFF.c.id == staff_id).values(**values)).rowcount

    def staff(self, agency_id: int | None = None, *, everyone: bool = False) -> list[dict[str, Any]]:
        """Staff of one agency (None: the operators), or of all, for an administrator."""
        found = (
            select(STAFF.c.id, STAFF.c.person_id, PEOPLE.c.name, STAFF.c.agency_id, AGENCIES.c.code.label("agency"),
                   STAFF.c.role, STAFF.c.status, STAFF.c.seen_at, STAFF.c.confirmed_at, STAFF.c.confirmed_by)
            .join(PEOPLE, PEOPLE.c.id == STAFF.c.person_id)
            .outerjoin(AGENCIES, AGENCIES.c.id == STAFF.c.agency_id)
            .order_by(AGENCIES.c.code, STAFF.c.id)
        )  # fmt: skip
        if not everyone:
            found = found.where(STAFF.c.agency_id.is_(None) if agency_id is None else STAFF.c.agency_id == agency_id)
        return [dict(row._mapping) for row in self.connection.execute(found)]
