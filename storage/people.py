"""People: their language, consent and blocks; their accounts; what staff may act for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storage.bulk import Family, insert_rows
from storage.driver import Query
from storage.ids import Ids
from storage.models import Agency, Consent, Identity, Person, Staff, table_of
from storage.sql import among
from storage.writer import Writer
from workflows.frozen import field_names, frozen

PEOPLE = table_of(Person)
IDENTITIES = table_of(Identity)
CONSENTS = table_of(Consent)
STAFF = table_of(Staff)
AGENCIES = table_of(Agency)


@frozen
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

_GET = Query(select(*COLUMNS).where(among(PEOPLE.c.id, "ids")))
_BY_USERS = Query(
    select(IDENTITIES.c.external_id, *COLUMNS)
    .join(PEOPLE, IDENTITIES.c.person_id == PEOPLE.c.id)
    .where(
        IDENTITIES.c.platform == bindparam("platform"),
        among(IDENTITIES.c.external_id, "users"),
    )
)
_MAKE = insert_rows(PEOPLE, ["id", "language", "consent_version", "consent_at", "created_at"], family=Family.PERSON)
_NAME_ACCOUNT = insert_rows(IDENTITIES, ["person_id", "platform", "external_id"], family=Family.PERSON)
_CONSENT = insert_rows(CONSENTS, ["person_id", "version", "given", "at"], family=Family.PERSON)
_STAFF_OF = select(STAFF.c.id, STAFF.c.agency_id, STAFF.c.role, STAFF.c.status).where(
    STAFF.c.person_id == bindparam("person")
)


@frozen
class StaffRow:
    """For whom somebody may act; ``agency_id`` None is the operations team."""

    id: int
    agency_id: int | None
    role: str
    status: str


class PeopleStore:
    """People inside one transaction."""

    def __init__(self, connection: Writer, ids: Ids) -> None:
        self.connection = connection
        self._ids = ids
        self._known: dict[int, PersonRow] = {}  # as this transaction left them
        self._made: set[int] = set()
        self._accounts: dict[tuple[str, str], int | None] = {}  # looked up: whose they are; None: nobody's yet

    def forget_known(self) -> None:
        """Look everything up anew: what was written has been undone."""
        self._known, self._accounts, self._made = {}, {}, set()

    def is_new(self, person_id: int) -> bool:
        """Whether this transaction has met the person for the first time: there is nothing of theirs to look for."""
        return person_id in self._made

    def get(self, ids: Sequence[int]) -> dict[int, PersonRow]:
        """People by id."""
        missing = [one for one in ids if one not in self._known]
        if missing:
            found = self.connection.ask(_GET, {"ids": missing})
            self._known |= {row[0]: PersonRow(*row) for row in found}
        return {one: self._known[one] for one in ids if one in self._known}

    def find(self, platform: str, user: str) -> PersonRow | None:
        """The person behind an account."""
        if (platform, user) not in self._accounts:
            self.expect(platform, [user])
        person_id = self._accounts[(platform, user)]
        return self._known[person_id] if person_id is not None else None

    def expect(self, platform: str, users: Sequence[str]) -> None:
        """Look many accounts up at once, for ``find`` and ``meet`` that will ask one by one."""
        self._accounts |= dict.fromkeys(((platform, user) for user in users), None)
        values = {"platform": platform, "users": list(users)}
        for user, *row in self.connection.ask(_BY_USERS, values, IDENTITIES):
            person = PersonRow(*row)
            self._accounts[(platform, user)] = person.id
            self._known.setdefault(person.id, person)

    def meet(self, platform: str, user: str, language: str, now: datetime) -> PersonRow:
        """The person behind an account, made when there is none yet.

        Of two meetings at once one fails with IntegrityError when it is written, and finds the other when redone.
        """
        found = self.find(platform, user)
        if found:
            return found
        person = self.make(language, now)
        account = {"person_id": person.id, "platform": platform, "external_id": user}
        self.connection.later(_NAME_ACCOUNT, account)
        self._accounts[(platform, user)] = person.id
        return person

    def make(self, language: str, now: datetime) -> PersonRow:
        """Somebody new, who has no account anywhere."""
        person = PersonRow(self._ids.next("people"), language, None, 0, None, None, None)
        made = {"id": person.id, "language": language, "consent_version": 0, "consent_at": None, "created_at": now}
        self.connection.later(_MAKE, made)
        self._known[person.id] = person
        self._made.add(person.id)
        return person

    def blocked(self, now: datetime) -> list[PersonRow]:
        """Who may not send now, longest block first."""
        found = (
            select(*COLUMNS).where(PEOPLE.c.blocked_until > now).order_by(PEOPLE.c.blocked_until.desc(), PEOPLE.c.id)
        )
        return [PersonRow(*row) for row in self.connection.execute(found)]

    def change(self, person_id: int, **values: Any) -> None:
        """Set columns of one person."""
        known = self.get([person_id]).get(person_id)
        if known is None:
            return
        self.connection.change(PEOPLE, person_id, values)
        ours = {name: value for name, value in values.items() if name in field_names(PersonRow)}
        self._known[person_id] = replace(known, **ours)

    def consent(self, person_id: int, version: int, now: datetime, *, given: bool = True) -> None:
        """Keep a consent, or its withdrawal (version 0 from then on)."""
        self.connection.later(_CONSENT, {"person_id": person_id, "version": version, "given": given, "at": now})
        self.change(person_id, consent_version=version if given else 0, consent_at=now)

    def forget_accounts(self, person_id: int) -> None:
        """Delete a person's accounts (erasure): nothing links the row to anybody any more."""
        self.connection.execute(delete(IDENTITIES).where(IDENTITIES.c.person_id == person_id))
        self._accounts = {}

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

    def hand_over_staff(self, agency_id: int, successor_id: int) -> int:
        """The staff of an agency serve its successor from now on; who served both already does so there only."""
        there = select(STAFF.c.person_id).where(STAFF.c.agency_id == successor_id)
        theirs = update(STAFF).where(STAFF.c.agency_id == agency_id)
        moved = self.connection.execute(theirs.where(STAFF.c.person_id.not_in(there)).values(agency_id=successor_id))
        self.connection.execute(theirs.values(status="removed"))
        return int(moved.rowcount)

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
