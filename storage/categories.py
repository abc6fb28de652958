"""The tree of categories in the store, which is the only truth for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from storage.codec import dump, plain
from storage.models import Category, table_of
from storage.sql import spoken, upsert
from storage.writer import Writer

CATEGORIES = table_of(Category)
CHANGED = [column.name for column in CATEGORIES.c if column.name != "code"]
_SAVE = upsert(CATEGORIES, ["code"], CHANGED)


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category."""

    code: str
    parent: str | None
    vi: str
    en: str
    emoji: str
    examples: tuple[str, ...]
    words: tuple[str, ...]
    danger: tuple[str, ...]
    sensitive: bool
    photo_required: bool
    position: int
    active: bool


class CategoryStore:
    """Categories inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def all(self) -> list[CategoryRow]:
        """Every category, in the order in which they are shown."""
        found = select(CATEGORIES).order_by(CATEGORIES.c.position, CATEGORIES.c.code)
        return [_row(row) for row in self.connection.look(found)]

    def save(self, rows: list[CategoryRow]) -> None:
        """Add or change categories; parents come before their children."""
        if rows:
            self.connection.execute(spoken(self.connection, _SAVE), [_values(row) for row in rows])

    def change(self, code: str, **values: Any) -> bool:
        """Set columns of one category. False: there is none."""
        done = self.connection.execute(update(CATEGORIES).where(CATEGORIES.c.code == code).values(**values))
        return bool(done.rowcount)

    def count(self) -> int:
        """How many categories there are."""
        return int(self.connection.scalar(select(func.count()).select_from(CATEGORIES)) or 0)


def _row(row: Any) -> CategoryRow:
    return CategoryRow(
        row.code,
        row.parent,
        row.vi,
        row.en,
        row.emoji,
        tuple(plain(row.examples)),
        tuple(plain(row.words)),
        tuple(plain(row.danger)),
        row.sensitive,
        row.photo_required,
        row.position,
        row.active,
    )


def _values(row: CategoryRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "parent": row.parent,
        "vi": row.vi,
        "en": row.en,
        "emoji": row.emoji,
        "examples": dump(row.examples),
        "words": dump(row.words),
        "danger": dump(row.danger),
        "sensitive": row.sensitive,
        "photo_required": row.photo_required,
        "position": row.position,
        "active": row.active,
    }
