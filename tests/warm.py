"""What a test process makes once and every world in it uses: words, lists, compiled statements, learned meanings."""

from __future__ import annotations

from functools import cache, lru_cache

from sqlalchemy import Engine

from bot.settings import Settings
from bot.words import catalogue
from bot.words.catalogue import Catalogue
from handlers.knowledge import Knowledge
from storage import db
from storage.seeding import Lookout, read_lookout
from storage.unit_of_work import UnitOfWork
from workflows.conversation.categories import CategoryTree

_first: dict[str, Engine] = {}  # by kind of database


def open_engine(url: str) -> Engine:
    """As the program opens it; what SQLAlchemy has compiled for one database need not be compiled for the next."""
    engine = db.open_engine(url)
    first = _first.setdefault(engine.dialect.name, engine)
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
    return engine


@cache
def words() -> Catalogue:
    """The words of the program with the settings that it has by itself."""
    settings = Settings()
    return catalogue.load(settings.words, settings.province.zone)


@cache
def lookout() -> Lookout:
    """The words to look out for."""
    return read_lookout()


class WellRead(Knowledge):
    """Knowledge that does not learn again what another world of this process has learned from the same sentences."""

    def _tree(self, uow: UnitOfWork) -> CategoryTree:
        before = self._searched
        if (tree := super()._tree(uow)) is not before:
            self._searched = tree = _learned(tree)
        return tree


@lru_cache(maxsize=8)
def _learned(tree: CategoryTree) -> CategoryTree:
    """The first tree that was equal to this one, with all that it has worked out since."""
    return tree
