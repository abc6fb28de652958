"""Imported policies: every version stays as it came, with the instant from which new cases go by it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import insert, select

from storage.models import PolicyVersion, table_of
from storage.writer import Writer
from workflows.frozen import field_names, frozen

POLICIES = table_of(PolicyVersion)


@frozen
class PolicyRow:
    """One version of a policy."""

    name: str
    version: int
    in_force_at: datetime
    digest: str
    text: str
    file: str
    imported_at: datetime

    @property
    def key(self) -> str:
        """What a case keeps of it: ``hue/2``."""
        return f"{self.name}/{self.version}"


class PolicyStore:
    """Policies inside one transaction; there is no way to change or remove one."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def all(self) -> list[PolicyRow]:
        """Every version of every policy, by name and number."""
        found = select(POLICIES).order_by(POLICIES.c.name, POLICIES.c.version)
        return [PolicyRow(**row._mapping) for row in self.connection.look(found)]

    def of(self, name: str) -> list[PolicyRow]:
        """The versions of one policy, by number."""
        return [row for row in self.all() if row.name == name]

    def find(self, name: str, version: int) -> PolicyRow | None:
        """One version."""
        return next((row for row in self.of(name) if row.version == version), None)

    def in_force(self, name: str, at: datetime) -> PolicyRow | None:
        """The version for a case that opens at ``at``; before the first one came into force, the first one."""
        rows = sorted(self.of(name), key=lambda row: (row.in_force_at, row.version))
        begun = [row for row in rows if row.in_force_at <= at]
        return begun[-1] if begun else next(iter(rows), None)

    def add(self, name: str, text: str, file: str, in_force_at: datetime, now: datetime) -> PolicyRow:
        """One more version."""
        version = max((row.version for row in self.of(name)), default=0) + 1
        row = PolicyRow(name, version, in_force_at, digest(text), text, file, now)
        values = {column: getattr(row, column) for column in field_names(PolicyRow)}
        self.connection.execute(insert(POLICIES), values)
        return row


def digest(text: str) -> str:
    """By which it is seen that a text is stored already."""
    return hashlib.sha256(text.encode()).hexdigest()
