"""Shipped data: it is sound, it goes into an empty store once, and the sample leaves nothing unanswered."""

from datetime import UTC, datetime

import pytest

from handlers import coverage
from storage.seeding import BadSeed, prepare, read_categories, read_lookout, seed, seed_sample
from storage.unit_of_work import Store
from tests import warm

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def store(tables_url):
    engine = warm.open_engine(tables_url)
    yield Store(engine)
    engine.dispose()


def test_shipped_data_goes_in_once(store):
    with store.write() as uow:
        first = seed(uow, AT)
        assert first.categories == uow.categories.count() > 0
        assert [row.key for row in uow.policies.all()] == ["hue/1", "quang-ninh/1"]
        assert (first.policies, seed(uow, AT).categories, seed(uow, AT).policies) == (2, 0, 0)


def test_what_an_administrator_changed_stays(store):
    prepare(store.engine, AT, sample=True)
    with store.write() as uow:
        uow.categories.change("lighting", vi="Đèn đường")
    prepare(store.engine, AT, sample=True)
    with store.read() as uow:
        assert {row.code: row.vi for row in uow.categories.all()}["lighting"] == "Đèn đường"
        assert len(uow.agencies.routes()) == len({(row.category, row.area) for row in uow.agencies.routes()})


def test_the_sample_answers_for_everything_and_gives_nothing_sensitive_away(store):
    with store.write() as uow:
        made = seed_sample(uow, AT)
        assert min(made.categories, made.areas, made.agencies, made.routes) > 0
        assert coverage.coverage(uow, AT) == []
        assert coverage.refused_routes(uow) == []


def test_the_tree_has_two_levels_and_every_group_something_under_it_or_is_a_leaf(store):
    with store.write() as uow:
        seed(uow, AT)
        rows = {row.code: row for row in uow.categories.all()}
    assert all(rows[row.parent].parent is None for row in rows.values() if row.parent)
    assert any(row.sensitive for row in rows.values())
    assert all(rows[row.parent].sensitive <= row.sensitive for row in rows.values() if row.parent), "nothing slips out"


def test_the_words_to_look_out_for_are_there():
    lookout = read_lookout()
    assert lookout.danger and lookout.formal and lookout.secret


def test_order_is_that_of_the_file_and_groups_come_first():
    rows = read_categories([{"code": "b", "vi": "B", "children": [{"code": "c", "vi": "C"}]}, {"code": "a", "vi": "A"}])
    assert [(row.code, row.parent) for row in rows] == [("b", None), ("a", None), ("c", "b")]
    assert [row.code for row in sorted(rows, key=lambda row: row.position)] == ["b", "c", "a"]


def test_a_code_twice_is_refused():
    with pytest.raises(BadSeed, match="twice: a"):
        read_categories([{"code": "a", "vi": "A"}, {"code": "a", "vi": "B"}])
