"""Categories: saved, changed, in the order in which they are shown; sentences of our own."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage.models import CATEGORY_CORRECTED
from tests.storage.conftest import category
from workflows.conversation.evidence import Lesson


def test_saved_and_changed(store):
    leaf = category("pothole", parent="road", words=("ổ gà",), danger=("sập",), position=5)
    with store.write() as uow:
        uow.categories.save([])
        uow.categories.save([category("road"), leaf])
        uow.categories.save([category("road", vi="Đường sá")])
        assert [row.code for row in uow.categories.all()] == ["pothole", "road"]
        assert uow.categories.all()[0] == leaf
        assert uow.categories.all()[1].vi == "Đường sá"
        assert uow.categories.change("road", active=False)
        assert not uow.categories.change("none", active=False)
        assert uow.categories.count() == 2


def test_our_sentences_are_kept_in_order(store):
    lessons = [Lesson("road", "đường hư"), Lesson("road", "duong hu")]
    with store.write() as uow:
        uow.categories.save([category("road")])
        uow.categories.add_sentences([])
        uow.categories.add_sentences(lessons)
    with store.read() as uow:
        assert uow.categories.sentences() == tuple(lessons)
        assert uow.categories.corrected(10) == uow.categories.settled(10) == {}


def test_corrections_are_found_without_reading_every_event(store):
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads an empty table whole")
    with store.read() as uow:
        plan = "explain query plan select id from case_events where "
        found = uow.connection.look(text(plan + CATEGORY_CORRECTED))
        assert "ix_case_events_corrected" in str(found.all())
