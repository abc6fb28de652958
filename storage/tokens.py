"""Tokens: small values by name that several processes change, each change by compare-and-set of a version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, text, update

from storage.models import Token, table_of
from storage.sql import ByDialect, insert_new, spoken
from storage.writer import Writer
from workflows.frozen import frozen

TOKENS = table_of(Token)

_FIND = select(TOKENS.c.value, TOKENS.c.version, TOKENS.c.updated_at).where(TOKENS.c.name == bindparam("token"))
_ADD = insert_new(TOKENS, TOKENS.c.name)
_REPLACE = (
    update(TOKENS)
    .where(TOKENS.c.name == bindparam("token"), TOKENS.c.version == bindparam("seen"))
    .values(value=bindparam("new"), version=bindparam("seen") + 1, updated_at=bindparam("now"))
)
_SECONDS: ByDialect = {
    "sqlite": text("select (julianday('now') - 2440587.5) * 86400.0"),
    "postgresql": text("select extract(epoch from clock_timestamp())"),
}


@frozen
class Kept:
    """A value, how often it was replaced (from 1), and when it was last."""

    value: str
    version: int
    updated_at: datetime


class TokenStore:
    """The tokens inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def find(self, name: str) -> Kept | None:
        """What is kept under a name."""
        row = self.connection.execute(_FIND, {"token": name}).one_or_none()
        return None if row is None else Kept(row.value, row.version, row.updated_at)

    def add(self, name: str, value: str, now: datetime) -> bool:
        """Keep the first value of a name; False when there is one already."""
        row = {"name": name, "value": value, "version": 1, "updated_at": now}
        return self.connection.execute(spoken(self.connection, _ADD), row).first() is not None

    def replace(self, name: str, version: int, value: str, now: datetime) -> bool:
        """Keep another value in place of that version; False when somebody was faster."""
        change = {"token": name, "seen": version, "new": value, "now": now}
        return self.connection.execute(_REPLACE, change).rowcount == 1

    def seconds(self) -> float:
        """The database's own clock, as Unix seconds: the same for all machines, whatever theirs say."""
        return float(self.connection.execute(spoken(self.connection, _SECONDS)).scalar_one())
