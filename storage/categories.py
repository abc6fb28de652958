"""The tree of categories in the store, which is the only truth for them, and what suggestions are learned from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy import text as sql

from storage.codec import dump, plain
from storage.models import CATEGORY_CORRECTED, Case, CaseEvent, CaseWords, Category, Sentence, table_of
from storage.sql import spoken, upsert
from storage.writer import Writer
from workflows.case.model import WITH_RESULT
from workflows.conversation.evidence import Lesson
from workflows.frozen import frozen

CATEGORIES = table_of(Category)
SENTENCES = table_of(Sentence)
CASES = table_of(Case)
EVENTS = table_of(CaseEvent)
WORDS = table_of(CaseWords)
CHANGED = [column.name for column in CATEGORIES.c if column.name != "code"]
_SAVE = upsert(CATEGORIES, ["code"], CHANGED)
GIVEN = tuple(state.value for state in WITH_RESULT)
# What reporters wrote of ordinary matters, as long as it is not erased. Nothing is learned from reports about
# officials: a name that somebody else types must not be met by "harassment".
_TOLD = (
    select(CASES.c.id, CASES.c.category, WORDS.c.text, CASES.c.reporter_id)
    .join(WORDS, WORDS.c.case_id == CASES.c.id)
    .where(CASES.c.sensitive.is_(False), WORDS.c.kind == "report", WORDS.c.text.is_not(None))
    .limit(bindparam("how_many"))
)
_CORRECTED = (
    _TOLD.join(EVENTS, EVENTS.c.case_id == CASES.c.id)
    .where(sql(CATEGORY_CORRECTED))  # by the letter, or the partial index is not used
    .order_by(EVENTS.c.id.desc())
)
_GIVEN = _TOLD.where(CASES.c.state.in_(GIVEN)).order_by(CASES.c.id.desc())


@frozen
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

    def sentences(self) -> tuple[Lesson, ...]:
        """Our own sentences, in the order in which they came."""
        found = select(SENTENCES.c.category, SENTENCES.c.text).order_by(SENTENCES.c.id)
        return tuple(Lesson(row.category, row.text) for row in self.connection.look(found))

    def add_sentences(self, lessons: list[Lesson]) -> None:
        """Keep more of our own; their categories are in the store."""
        if lessons:
            rows = [{"category": lesson.category, "text": lesson.text} for lesson in lessons]
            self.connection.execute(insert(SENTENCES), rows)

    def corrected(self, how_many: int) -> dict[int, Lesson]:
        """By case, the newest first: reports whose category an officer corrected, and the category they have now."""
        return self._told(_CORRECTED, how_many)

    def settled(self, how_many: int) -> dict[int, Lesson]:
        """By case, the newest first: reports that were given a result in the category they have now."""
        return self._told(_GIVEN, how_many)

    def _told(self, found: Any, how_many: int) -> dict[int, Lesson]:
        rows = self.connection.look(found, {"how_many": how_many})
        return {row.id: Lesson(row.category, row.text, _writer(row.id, row.reporter_id)) for row in rows}

    def count(self) -> int:
        """How many categories there are."""
        return int(self.connection.scalar(select(func.count()).select_from(CATEGORIES)) or 0)


def _writer(case_id: int, reporter_id: int | None) -> int:
    """Who wrote a report; of one without a reporter, somebody of its own."""
    return -case_id if reporter_id is None else reporter_id


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
