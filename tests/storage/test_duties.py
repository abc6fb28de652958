"""Who acts as head at a moment: heads, their delegates on the days named, and nobody who is away."""

from datetime import timedelta

import pytest

from storage.duties import DutyStore
from storage.unit_of_work import Store
from tests import warm
from tests.world import MONDAY

DAY = timedelta(days=1)


@pytest.fixture
def store(ready_url):
    engine = warm.open_engine(ready_url)
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def people(store):
    """An agency, and by key the officer number and person of its head, an officer, and a stranger."""
    with store.write() as uow:
        ward, other = (uow.agencies.by_code(code).id for code in ("an-cuu", "thuan-hoa"))
        duties = {}
        for key, agency in (("head", ward), ("officer", ward), ("stranger", other)):
            person = uow.people.meet("plain", key, "vi", MONDAY)
            number = uow.people.join_staff(person.id, agency, MONDAY).id
            uow.people.change_staff(number, status="confirmed", role="head" if key == "head" else "member")
            duties[key] = (number, person.id)
    return ward, duties


def acting(store, agency, at):
    with store.read() as uow:
        return DutyStore(uow).acting_heads(agency, at)


def test_a_delegate_acts_from_the_first_day_to_the_last(store, people):
    ward, duties = people
    (head, boss), (officer, colleague) = duties["head"], duties["officer"]
    with store.write() as uow:
        made = DutyStore(uow).delegate(head, officer, MONDAY + DAY, MONDAY + 3 * DAY, MONDAY, "cli")
    assert acting(store, ward, MONDAY) == [boss]
    assert acting(store, ward, MONDAY + 2 * DAY) == [boss, colleague]
    assert acting(store, ward, MONDAY + 4 * DAY) == [boss]
    with store.read() as uow:
        assert [DutyStore(uow).is_delegate(officer, MONDAY + days * DAY) for days in (0, 2, 4)] == [False, True, False]
    with store.write() as uow:
        assert DutyStore(uow).end_delegation(made, MONDAY + 2 * DAY)
        assert not DutyStore(uow).end_delegation(made, MONDAY + 2 * DAY)
    assert acting(store, ward, MONDAY + 2 * DAY + timedelta(hours=1)) == [boss]


@pytest.mark.parametrize("change", [{"role": "member"}, {"status": "removed"}])
def test_who_is_no_head_any_more_has_no_delegate_either(store, people, change):
    ward, duties = people
    with store.write() as uow:
        DutyStore(uow).delegate(duties["head"][0], duties["officer"][0], MONDAY, MONDAY + DAY, MONDAY, "cli")
        uow.people.change_staff(duties["head"][0], **change)
    assert acting(store, ward, MONDAY) == []


def test_a_delegate_who_was_removed_acts_no_more(store, people):
    ward, duties = people
    with store.write() as uow:
        DutyStore(uow).delegate(duties["head"][0], duties["officer"][0], MONDAY, MONDAY + DAY, MONDAY, "cli")
        uow.people.change_staff(duties["officer"][0], status="removed")
    assert acting(store, ward, MONDAY) == [duties["head"][1]]


def test_a_head_who_is_away_is_not_counted_on_until_they_are_back(store, people):
    ward, duties = people
    head, boss = duties["head"]
    with store.write() as uow:
        DutyStore(uow).leave(head, MONDAY - DAY, MONDAY + DAY, MONDAY, "cli")
    assert acting(store, ward, MONDAY) == []
    with store.write() as uow:
        assert DutyStore(uow).agencies_with_absent_head(MONDAY) == [ward]
        assert DutyStore(uow).come_back(head, MONDAY) == 1
    assert acting(store, ward, MONDAY + timedelta(seconds=1)) == [boss]


def test_the_tree_tells_who_is_above_and_whose_cases_are_seen(store):
    with store.write() as uow:
        ward, other, above, top, company = (
            uow.agencies.by_code(code).id
            for code in ("an-cuu", "thuan-hoa", "so-xay-dung", "cong-an", "moi-truong-do-thi")
        )
        uow.agencies.change(ward, parent_id=above)
        uow.agencies.change(above, parent_id=top)
        uow.agencies.supervise(company, above)
    with store.read() as uow:
        assert uow.agencies.above(ward) == (above, top)
        assert uow.agencies.above(top) == ()
        assert set(uow.agencies.below(above)) == {ward, company}
        assert set(uow.agencies.below(top)) == {ward, company, above}
        assert uow.agencies.below(other) == ()
        assert [uow.agencies.supervisor_of(one) for one in (company, ward)] == [above, None]


def test_a_tree_that_was_made_a_circle_ends(store):
    with store.write() as uow:
        ward, other = (uow.agencies.by_code(code).id for code in ("an-cuu", "thuan-hoa"))
        uow.agencies.change(ward, parent_id=other)
        uow.agencies.change(other, parent_id=ward)
    with store.read() as uow:
        assert uow.agencies.above(ward) == (other,)
        assert uow.agencies.below(ward) == (other,)
