"""A migrated, empty store on both databases, and a few rows that others point to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.categories import CategoryRow
from storage.unit_of_work import Store
from tests import warm

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def store(tables_url):
    """An empty store at the newest step."""
    engine = warm.open_engine(tables_url)
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def at():
    """A Monday morning in Vietnam."""
    return AT


@pytest.fixture
def chat(store):
    """The id of a private chat."""
    with store.write() as uow:
        uow.chats.ensure([("plain", "c1")])
        row = uow.chats.find("plain", "c1")
        uow.chats.change(row.id, kind="private")
    return row.id


@pytest.fixture
def office(store, at):
    """Ids of two agencies, a person and a category."""
    with store.write() as uow:
        uow.categories.save([category("lamp")])
        ward = uow.agencies.add("an-cuu", "UBND phường An Cựu", "An Cuu Ward", "agency", None, "an cuu", at)
        company = uow.agencies.add("do-thi", "Công ty", "Company", "enterprise", ward, "cong ty", at)
        person = uow.people.meet("plain", "u1", "vi", at).id
    return {"ward": ward, "company": company, "person": person}


def category(code, **more):
    """A category with little in it."""
    plain = {"parent": None, "vi": code, "en": code, "emoji": "", "examples": (), "words": (), "danger": (),
             "sensitive": False, "photo_required": False, "position": 10, "active": True}  # fmt: skip
    return CategoryRow(code=code, **plain | more)
