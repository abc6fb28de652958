"""Linking: one-time codes that prove two accounts to be one person's, and everything of one person given to another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from storage.agencies import hashed
from storage.codec import dump, plain
from storage.models import (
    Attachment,
    Case,
    CaseEvent,
    CaseWords,
    Chat,
    Consent,
    Dialog,
    Identity,
    PageCode,
    PageSession,
    Person,
    PersonCode,
    Position,
    Shift,
    Staff,
    StaffPin,
    table_of,
)
from storage.unit_of_work import UnitOfWork
from workflows.frozen import field_names, frozen

CODES, PEOPLE, STAFF = table_of(PersonCode), table_of(Person), table_of(Staff)
SHIFTS = table_of(Shift)
CASES, EVENTS, PINS = table_of(Case), table_of(CaseEvent), table_of(StaffPin)
# Rows that only say whose they are. Dialogs cannot meet: the two people are never in one chat.
THEIRS = [table_of(model) for model in (Identity, Chat, Consent, Dialog, CaseWords, Position, Attachment)]
SIGNED_IN = [table_of(model) for model in (PageCode, PageSession)]
STANDING = {"removed": 2, "confirmed": 1, "pending": 0}  # who was removed for one is removed for both


@frozen
class Standing:
    """What must be weighed when two people turn out to be one."""

    id: int
    name: str | None
    consent_version: int
    consent_at: datetime | None
    blocked_until: datetime | None
    block_reason: str | None
    erased_at: datetime | None


class LinkStore:
    """Codes and merges inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    # --- codes -----------------------------------------------------------------------------------------------------

    def keep_code(self, code: str, person_id: int, expires_at: datetime) -> None:
        """The one code of a person, as a hash; an earlier one is no longer good."""
        self.forget(person_id)
        row = {"hash": hashed(code), "person_id": person_id, "expires_at": expires_at}
        self._connection.execute(insert(CODES), row)

    def whose(self, code: str, now: datetime) -> int | None:
        """Who made this code, while it lasts."""
        found: int | None = self._connection.scalar(
            select(CODES.c.person_id).where(CODES.c.hash == hashed(code), CODES.c.expires_at > now)
        )
        return found

    def spend(self, code: str) -> bool:
        """Use a code up. False: somebody was quicker."""
        return bool(self._connection.execute(delete(CODES).where(CODES.c.hash == hashed(code))).rowcount)

    def forget(self, person_id: int) -> None:
        """A person's codes are good no more."""
        self._connection.execute(delete(CODES).where(CODES.c.person_id == person_id))

    def forget_old(self, now: datetime) -> None:
        """Delete codes that are over."""
        self._connection.execute(delete(CODES).where(CODES.c.expires_at <= now))

    # --- merging ---------------------------------------------------------------------------------------------------

    def standing(self, person_id: int) -> Standing:
        """A person as far as it must be weighed."""
        columns = [PEOPLE.c[name] for name in field_names(Standing)]
        return Standing(*self._connection.execute(select(*columns).where(PEOPLE.c.id == person_id)).one())

    def cases(self, person_id: int) -> list[int]:
        """Every case whose history names a person: an officer's can be any, a citizen's are their own."""
        own = select(CASES.c.id).where(CASES.c.reporter_id == person_id)
        found = set(self._connection.scalars(own))
        if self._connection.scalar(select(STAFF.c.id).where(STAFF.c.person_id == person_id).limit(1)) is not None:
            target = f'%"target_person_id":{person_id}%'
            named = or_(EVENTS.c.person_id == person_id, EVENTS.c.data.like(target))
            found |= set(self._connection.scalars(select(EVENTS.c.case_id).where(named).distinct()))
        return sorted(found)

    def rename_in(self, case_ids: list[int], gone: int, keep: int) -> None:
        """In these histories ``gone`` is called ``keep``: what happened stays as it is."""
        of_cases = EVENTS.c.case_id.in_(case_ids)
        self._connection.execute(update(EVENTS).where(of_cases, EVENTS.c.person_id == gone).values(person_id=keep))
        told = select(EVENTS.c.id, EVENTS.c.data).where(of_cases, EVENTS.c.data.like('%"target_person_id"%'))
        for row in list(self._connection.execute(told)):
            data: dict[str, Any] = plain(row.data)
            if data["target_person_id"] == gone:
                renamed = dump(data | {"target_person_id": keep})
                self._connection.execute(update(EVENTS).where(EVENTS.c.id == row.id).values(data=renamed))

    def give(self, gone: int, keep: int) -> None:
        """Accounts, chats, words, photos, consents and duties of ``gone`` are ``keep``'s."""
        for table in THEIRS:
            self._connection.execute(update(table).where(table.c.person_id == gone).values(person_id=keep))
        for column in SHIFTS.c.person_id, SHIFTS.c.stand_in_id, SHIFTS.c.on_duty_id:
            self._connection.execute(update(SHIFTS).where(column == gone).values({column: keep}))
        for table in SIGNED_IN:  # whoever was signed in signs in again
            self._connection.execute(delete(table).where(table.c.person_id == gone))
        self._give_duties(gone, keep)
        self._give_pin(gone, keep)
        self.forget(gone)

    def _give_duties(self, gone: int, keep: int) -> None:
        """One duty for each office; of two the stricter standing holds, so that linking gives nobody a right back."""
        rows = self._connection.execute(select(STAFF).where(STAFF.c.person_id.in_((gone, keep)))).all()
        kept = {row.agency_id: row for row in rows if row.person_id == keep}
        for row in rows:
            if row.person_id == keep:
                continue
            other = kept.get(row.agency_id)
            if other is None:
                self._connection.execute(update(STAFF).where(STAFF.c.id == row.id).values(person_id=keep))
                continue
            self._connection.execute(delete(STAFF).where(STAFF.c.id == row.id))
            if STANDING[row.status] > STANDING[other.status]:
                same = {name: getattr(row, name) for name in ("role", "status", "confirmed_at", "confirmed_by")}
                self._connection.execute(update(STAFF).where(STAFF.c.id == other.id).values(**same))

    def _give_pin(self, gone: int, keep: int) -> None:
        """A PIN of one's own stays; without one, the other's is taken over."""
        has = self._connection.scalar(select(PINS.c.person_id).where(PINS.c.person_id == keep))
        if has is None:
            self._connection.execute(update(PINS).where(PINS.c.person_id == gone).values(person_id=keep))
        else:
            self._connection.execute(delete(PINS).where(PINS.c.person_id == gone))
