"""Who may open an agency's page of a case: PINs, one-time codes, tries, sessions, and links taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, insert, select, update

from storage.models import Chat, LinkRevocation, PageCode, PageSession, PageTry, StaffPin, table_of
from storage.sql import insert_new, spoken, upsert
from storage.unit_of_work import UnitOfWork
from workflows.frozen import field_names, frozen

CHATS = table_of(Chat)
REVOCATIONS = table_of(LinkRevocation)
PINS = table_of(StaffPin)
CODES = table_of(PageCode)
TRIES = table_of(PageTry)
SESSIONS = table_of(PageSession)

_REVOKE = upsert(REVOCATIONS, ["case_id"], ["revoked_at"])
_SET_PIN = upsert(PINS, ["person_id"], ["hash", "set_at"])
_KEEP_CODE = upsert(CODES, ["person_id"], ["chat_id", "case_id", "hash", "expires_at"])
_FIRST_TRY = insert_new(TRIES)


@frozen
class SessionRow:
    """An officer at a page. ``desk`` and ``shown`` are JSON: the dialog's state and the messages said last."""

    id: str
    chat_id: int
    case_id: int
    person_id: int
    desk: str
    shown: str
    created_at: datetime
    seen_at: datetime


class PageStore:
    """Access to pages inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.connection = uow.connection

    # --- links -----------------------------------------------------------------------------------------------------

    def good_from(self, case_id: int, chat_id: int) -> datetime | None:
        """Links made before this open nothing: they were taken back, or the group belonged to somebody else."""
        revoked = self.connection.scalar(select(REVOCATIONS.c.revoked_at).where(REVOCATIONS.c.case_id == case_id))
        linked = self.connection.scalar(select(CHATS.c.linked_at).where(CHATS.c.id == chat_id))
        return max((at for at in (revoked, linked) if at is not None), default=None)

    def revoke(self, case_id: int, now: datetime) -> int:
        """Take back every link to a case's page and end its sessions. Returns how many sessions that were."""
        self.connection.execute(spoken(self.connection, _REVOKE), {"case_id": case_id, "revoked_at": now})
        return self.connection.execute(delete(SESSIONS).where(SESSIONS.c.case_id == case_id)).rowcount

    # --- PINs and codes --------------------------------------------------------------------------------------------

    def pin(self, person_id: int) -> str | None:
        """The hash of somebody's PIN."""
        found: str | None = self.connection.scalar(select(PINS.c.hash).where(PINS.c.person_id == person_id))
        return found

    def set_pin(self, person_id: int, hashed: str, now: datetime) -> None:
        """A new PIN; what was opened with the old one is closed."""
        self.end_sessions(person_id)
        row = {"person_id": person_id, "hash": hashed, "set_at": now}
        self.connection.execute(spoken(self.connection, _SET_PIN), row)

    def clear_pin(self, person_id: int) -> bool:
        """Forget a PIN, and close what was opened. Returns whether there was one."""
        self.end_sessions(person_id)
        return bool(self.connection.execute(delete(PINS).where(PINS.c.person_id == person_id)).rowcount)

    def keep_code(self, person_id: int, chat_id: int, case_id: int, hashed: str, expires_at: datetime) -> None:
        """The one code that this person may use, for this link only; an earlier one is no longer good."""
        row = {"person_id": person_id, "chat_id": chat_id, "case_id": case_id, "hash": hashed, "expires_at": expires_at}
        self.connection.execute(spoken(self.connection, _KEEP_CODE), row)

    def code(self, person_id: int, chat_id: int, case_id: int, now: datetime) -> str | None:
        """The hash of this person's code for this link, while it lasts."""
        found: str | None = self.connection.scalar(
            select(CODES.c.hash).where(
                CODES.c.person_id == person_id,
                CODES.c.chat_id == chat_id,
                CODES.c.case_id == case_id,
                CODES.c.expires_at > now,
            )
        )
        return found

    def spend_code(self, person_id: int, hashed: str) -> bool:
        """Use a code up. False: somebody was quicker."""
        spent = delete(CODES).where(CODES.c.person_id == person_id, CODES.c.hash == hashed)
        return bool(self.connection.execute(spent).rowcount)

    # --- tries -----------------------------------------------------------------------------------------------------

    def count_try(self, subject: str, now: datetime, window: timedelta) -> int:
        """One more try; how many there were within ``window``, this one included. Exact, however many try at once."""
        first = {"subject": subject, "since": now, "count": 0}
        self.connection.execute(spoken(self.connection, _FIRST_TRY), first)
        over = TRIES.c.since <= now - window
        one_more = (
            update(TRIES)
            .where(TRIES.c.subject == subject)
            .values(since=case((over, now), else_=TRIES.c.since), count=case((over, 1), else_=TRIES.c.count + 1))
            .returning(TRIES.c.count)
        )
        return int(self.connection.scalar(one_more) or 0)

    def forgive(self, subject: str) -> None:
        """It was the right one: earlier tries do not count."""
        self.connection.execute(delete(TRIES).where(TRIES.c.subject == subject))

    # --- sessions --------------------------------------------------------------------------------------------------

    def begin(self, row: SessionRow) -> None:
        """An officer has signed in."""
        values: dict[str, Any] = {name: getattr(row, name) for name in field_names(SessionRow)}
        self.connection.execute(insert(SESSIONS), values)

    def session(self, session_id: str, *, lock: bool = False) -> SessionRow | None:
        """A session; with ``lock`` nobody else works on it until this transaction ends."""
        found = select(*(SESSIONS.c[name] for name in field_names(SessionRow))).where(SESSIONS.c.id == session_id)
        row = self.connection.execute(found.with_for_update() if lock else found).first()
        return SessionRow(*row) if row else None

    def keep(self, session_id: str, **values: Any) -> None:
        """Set columns of a session."""
        self.connection.execute(update(SESSIONS).where(SESSIONS.c.id == session_id).values(**values))

    def end(self, session_id: str) -> None:
        """Signed out."""
        self.connection.execute(delete(SESSIONS).where(SESSIONS.c.id == session_id))

    def end_sessions(self, person_id: int) -> None:
        """Signed out everywhere."""
        self.connection.execute(delete(SESSIONS).where(SESSIONS.c.person_id == person_id))

    def forget(self, person_id: int) -> None:
        """Everything about a person (erasure)."""
        self.clear_pin(person_id)
        self.connection.execute(delete(CODES).where(CODES.c.person_id == person_id))

    def forget_old(self, before: datetime) -> int:
        """Delete sessions, codes and counts that nobody has used since ``before``. Returns how many rows."""
        old = (SESSIONS.c.seen_at < before, CODES.c.expires_at < before, TRIES.c.since < before)
        tables = (SESSIONS, CODES, TRIES)
        return sum(
            self.connection.execute(delete(table).where(condition)).rowcount
            for table, condition in zip(tables, old, strict=True)
        )

    def private_chat(self, person_id: int, platform: str) -> int | None:
        """The chat in which a person can be told something alone, if there is one: on ``platform`` first."""
        mine = (CHATS.c.person_id == person_id, CHATS.c.kind == "private", CHATS.c.status == "open")
        first = case((CHATS.c.platform == platform, 0), else_=1)
        found: int | None = self.connection.scalar(select(CHATS.c.id).where(*mine).order_by(first, CHATS.c.id).limit(1))
        return found
