"""Stock replies: words that a unit sends often, ready to be looked at and sent (R43)."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from storage.models import Agency, StockReply, table_of
from storage.writer import Writer
from workflows.frozen import frozen

REPLIES = table_of(StockReply)
AGENCIES = table_of(Agency)
_COLUMNS = [REPLIES.c.id, AGENCIES.c.code.label("agency"), REPLIES.c.verb, REPLIES.c.title, REPLIES.c.text]
_all = select(*_COLUMNS).outerjoin(AGENCIES, AGENCIES.c.id == REPLIES.c.agency_id).order_by(REPLIES.c.id)
_OF_AGENCY = _all.where(REPLIES.c.agency_id == bindparam("agency"))
_OF_OPERATORS = _all.where(REPLIES.c.agency_id.is_(None))


@frozen
class ReplyRow:
    """One stock reply; ``agency`` None: the operators'. ``verb``: what it is for, "" for everything."""

    id: int
    agency: str | None
    verb: str
    title: str
    text: str


class ReplyStore:
    """Stock replies inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def all(self) -> list[ReplyRow]:
        """Everybody's, oldest first."""
        return [ReplyRow(**row._mapping) for row in self.connection.execute(_all)]

    def of(self, agency_id: int | None) -> list[ReplyRow]:
        """A unit's (None: the operators'), oldest first."""
        if agency_id is None:
            return [ReplyRow(**row._mapping) for row in self.connection.execute(_OF_OPERATORS)]
        return [ReplyRow(**row._mapping) for row in self.connection.execute(_OF_AGENCY, {"agency": agency_id})]

    def add(self, agency_id: int | None, verb: str, title: str, text: str) -> int:
        """One more; its id."""
        row = {"agency_id": agency_id, "verb": verb, "title": title, "text": text}
        made: int = self.connection.execute(insert(REPLIES).returning(REPLIES.c.id), row).scalar_one()
        return made

    def remove(self, reply_id: int) -> bool:
        """Take one away. False: there is none."""
        return bool(self.connection.execute(delete(REPLIES).where(REPLIES.c.id == reply_id)).rowcount)
