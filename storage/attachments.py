"""Attachments: which photo, video or voice note belongs to what, and where its bytes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from storage.bulk import Family, insert_rows, update_rows
from storage.driver import Query
from storage.models import Attachment, table_of
from storage.sql import among
from storage.writer import Writer
from workflows.frozen import frozen

ATTACHMENTS = table_of(Attachment)


@frozen
class AttachmentRow:
    """One attachment. ``original`` and ``shown`` are keys of the media store."""

    id: str
    case_id: int | None
    person_id: int | None
    chat_id: int
    kind: str
    handle: str | None
    status: str
    original: str | None
    shown: str | None
    mime: str | None


COLUMNS = [
    ATTACHMENTS.c.id,
    ATTACHMENTS.c.case_id,
    ATTACHMENTS.c.person_id,
    ATTACHMENTS.c.chat_id,
    ATTACHMENTS.c.kind,
    ATTACHMENTS.c.handle,
    ATTACHMENTS.c.status,
    ATTACHMENTS.c.original,
    ATTACHMENTS.c.shown,
    ATTACHMENTS.c.mime,
]
_INSERT = insert_rows(
    ATTACHMENTS, ["id", "person_id", "chat_id", "kind", "handle", "status", "problem", "at"], family=Family.STEP
)
_GET = Query(select(*COLUMNS).where(among(ATTACHMENTS.c.id, "ids")))
_OF_DRAFTS = Query(select(*COLUMNS).where(among(ATTACHMENTS.c.person_id, "people"), ATTACHMENTS.c.case_id.is_(None)))
_BIND = update_rows(ATTACHMENTS, ["case_id"], where="attachments.case_id IS NULL", family=Family.OPENING)
_SETTLED = ("status", "problem", "handle", "original", "shown", "mime", "kind", "size", "dhash")
_SETTLE = update_rows(
    ATTACHMENTS,
    [name for name in _SETTLED if name != "kind"],
    expressions={"kind": 'coalesce(r."kind", attachments.kind)'},  # what the bytes show it to be
    extra={"kind": "text"},
    where="attachments.status = 'waiting'",
    returning="id",
)
_OF_CASE = select(*COLUMNS).where(ATTACHMENTS.c.case_id == bindparam("case")).order_by(ATTACHMENTS.c.at)


class AttachmentStore:
    """Attachments inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection
        self._known: dict[str, AttachmentRow] = {}  # one step shows the same photos in several notices
        self._expected: set[int] = set()

    def expect(self, people: Iterable[int]) -> None:
        """Whose drafts this transaction works on: when one's attachments are asked for, all of them are looked up."""
        self._expected |= set(people)

    def forget_known(self) -> None:
        """Look everything up anew: something was written, or undone."""
        self._known = {}

    def add(self, attachment: str, person_id: int | None, chat_id: int, kind: str, handle: str, now: datetime) -> None:
        """A file that was announced; its bytes are still to be fetched."""
        row = {"id": attachment, "person_id": person_id, "chat_id": chat_id, "kind": kind, "handle": handle,
               "status": "waiting", "problem": "", "at": now}  # fmt: skip
        self.connection.later(_INSERT, row)
        self._known[attachment] = AttachmentRow(
            attachment, None, person_id, chat_id, kind, handle, "waiting", None, None, None
        )

    def get(self, ids: Sequence[str]) -> dict[str, AttachmentRow]:
        """Attachments by id."""
        if not ids:
            return {}
        missing = [one for one in ids if one not in self._known]
        if missing and self._expected:
            found = self.connection.ask(_OF_DRAFTS, {"people": list(self._expected)})
            self._known = {row[0]: AttachmentRow(*row) for row in found} | self._known
            self._expected = set()
            missing = [one for one in missing if one not in self._known]
        if missing:
            found = self.connection.ask(_GET, {"ids": missing})
            self._known |= {row[0]: AttachmentRow(*row) for row in found}
        return {one: self._known[one] for one in ids if one in self._known}

    def of_case(self, case_id: int) -> list[AttachmentRow]:
        """A case's attachments, oldest first."""
        return [AttachmentRow(*row) for row in self.connection.execute(_OF_CASE, {"case": case_id})]

    def change(self, attachment: str, **values: Any) -> None:
        """Set columns of one attachment."""
        self.forget_known()
        self.connection.execute(update(ATTACHMENTS).where(ATTACHMENTS.c.id == attachment).values(**values))

    def settle(self, arrived: Mapping[str, Mapping[str, Any]]) -> set[str]:
        """What became of those that wait for their bytes: id to status, problem, handle, original, shown, mime, kind,
        size, dhash, as far as known. Returns those that did wait (others were fetched twice, or erased).
        """
        if not arrived:
            return set()
        self.forget_known()
        unknown: dict[str, Any] = dict.fromkeys(_SETTLED) | {"problem": ""}
        rows = [unknown | dict(values) | {"id": attachment} for attachment, values in arrived.items()]
        return {settled for (settled,) in self.connection.ahead(_SETTLE, rows)}

    def bind(self, ids: Iterable[str], case_id: int) -> None:
        """These attachments are a case's from now on; one that is another case's already is left alone."""
        for row in self.get(tuple(ids)).values():
            if row.case_id is None:
                self.connection.later(_BIND, {"id": row.id, "case_id": case_id})
                self._known[row.id] = replace(row, case_id=case_id)

    def of_person(self, person_id: int) -> list[AttachmentRow]:
        """Everything somebody sent."""
        found = select(*COLUMNS).where(ATTACHMENTS.c.person_id == person_id, ATTACHMENTS.c.status != "erased")
        return [AttachmentRow(*row) for row in self.connection.execute(found)]

    def erase(self, ids: Iterable[str], now: datetime) -> None:
        """Forget where the bytes were; the caller deletes the bytes once the transaction is kept."""
        self.forget_known()
        self.connection.execute(
            update(ATTACHMENTS)
            .where(ATTACHMENTS.c.id.in_(list(ids)))
            .values(status="erased", handle=None, original=None, shown=None, dhash=None, erased_at=now)
        )

    def keys(self) -> list[str]:
        """Every key of the media store that something points to."""
        found = {*self.connection.scalars(select(ATTACHMENTS.c.original).where(ATTACHMENTS.c.original.is_not(None)))}
        found |= {*self.connection.scalars(select(ATTACHMENTS.c.shown).where(ATTACHMENTS.c.shown.is_not(None)))}
        return sorted(found)

    def uses(self, key: str) -> int:
        """How many attachments have these bytes: the same photo can be sent by two people."""
        found = select(func.count()).where(or_(ATTACHMENTS.c.original == key, ATTACHMENTS.c.shown == key))
        return int(self.connection.scalar(found) or 0)
