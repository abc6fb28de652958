"""Lists of a group: what waits for the operators, and the cases of a whole branch, each found by its index."""

from __future__ import annotations

import pytest

from storage import cases
from tests.storage import test_watch
from tests.storage.test_cases import case

many = test_watch.many
plan_of = test_watch.plan_of

ASKED = {"revival": {"revival_asked": True}, "cancel": {"proposal": "cancel"}, "merge": {"proposal": "merge"}}


@pytest.mark.parametrize("what", ["revival", "cancel", "merge", "extension"])
def test_what_is_asked_stands_in_the_operators_list_until_it_is_decided(store, chat, office, at, what):
    values = ASKED.get(what, {"extension_until": at})
    with store.write() as uow:
        waiting = uow.cases.add(case(at, 1, agency_id=office["ward"], resolve_due=at, **values), chat)
        uow.cases.add(case(at, 2, agency_id=office["ward"], resolve_due=at), chat)
    with store.write() as uow:
        [row] = uow.cases.desk(None, 10)
        assert (row.id, row.case.asked) == (waiting, what)
        assert uow.cases.columns_that_differ([row]) == {waiting: ()}
        uow.cases.save(waiting, case(at, 1, agency_id=office["ward"], resolve_due=at))
    with store.read() as uow:
        assert uow.cases.desk(None, 10) == []


def test_a_branch_is_listed_by_due_date_and_without_what_is_sensitive(store, chat, office, at):
    with store.write() as uow:
        above = uow.agencies.add("above", "Sở", "Department", "agency", None, "", at)
        own = uow.cases.add(case(at, 1, agency_id=above, resolve_due=at), chat)
        below = uow.cases.add(case(at, 2, agency_id=office["ward"], resolve_due=at), chat)
        uow.cases.add(case(at, 3, agency_id=office["ward"], resolve_due=at, sensitive=True), chat)
        for number in (1, 2, 3):
            uow.cases.add_terms(number, {"den"})
    with store.read() as uow:
        seen = [row.id for row in uow.cases.desk(above, 10, below=(office["ward"],))]
        found = [row.id for row in uow.cases.search(["den"], above, 10, below=(office["ward"],))]
        assert (seen, sorted(found)) == ([own, below], [own, below])
        assert [row.id for row in uow.cases.desk(above, 10)] == [own]


def test_both_lists_are_found_by_their_indexes(many, office):
    values = {"how_many": 10, "skip": 0}
    assert "ix_cases_operators" in plan_of(many, cases._DESK_OPERATORS, values)
    agency = {"agency": office["ward"], "agencies": [office["ward"], office["ward"] + 1]}
    assert "ix_cases_desk" in plan_of(many, cases._DESK_BRANCH, values | agency)
