"""Places in the store: what lies near by an index, what a chain holds, and nothing about officials in either."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event

from storage import spots
from storage.spots import MOST
from tests.storage.test_cases import case
from tests.storage.test_watch import plan_of
from workflows.case.model import State

HERE = (16.4575, 107.6226)


def put(uow, chat, one, lat=HERE[0], lon=HERE[1], words="Đèn hỏng"):
    number = uow.cases.add(replace(one, position=f"p{one.code}"), chat)
    uow.cases.add_position(f"p{one.code}", number, None, lat, lon, "", one.opened_at)
    uow.cases.add_words(f"w{one.code}", number, None, "report", words, one.opened_at)
    return number


def near(uow):
    return [found.id for found in uow.spots.near(*HERE, 50)]


def test_what_lies_near_comes_with_its_words_the_newest_first(store, chat, office, at):
    with store.write() as uow:
        first, _far, third = (
            put(uow, chat, case(at, number), HERE[0] + north)
            for number, north in ((1, 0.0001), (2, 0.0006), (3, -0.0001))
        )
    with store.read() as uow:
        found = uow.spots.near(*HERE, 50)
        assert [one.id for one in found] == [third, first]
        assert (found[0].case.code, found[0].text, found[0].lon) == ("PA-0000-0003", "Đèn hỏng", HERE[1])
        assert len(found) <= MOST


def test_officials_erased_people_and_former_places_are_not_near(store, chat, office, at):
    with store.write() as uow:
        put(uow, chat, case(at, 1, sensitive=True))
        moved = put(uow, chat, case(at, 2))
        gone = put(uow, chat, case(at, 3, reporter_id=office["person"]))
        uow.cases.add_position("elsewhere", moved, None, 16.5, 107.5, "", at)
        uow.cases.save(moved, replace(uow.cases.get(moved).case, position="elsewhere"))
        uow.cases.add_position("pmine", gone, office["person"], *HERE, "", at)
        uow.cases.save(gone, replace(uow.cases.get(gone).case, position="pmine"))
    with store.read() as uow:
        assert near(uow) == [gone]
    with store.write() as uow:
        uow.cases.forget_person(office["person"], at)
    with store.read() as uow:
        assert near(uow) == []


def test_who_is_erased_while_somebody_looks_is_not_near(store, chat, office, at):
    """Between the two statements; on SQLite a look sees one moment all through."""
    with store.write() as uow:
        mine = put(uow, chat, case(at, 1, reporter_id=office["person"]))
        uow.cases.add_position("pmine", mine, office["person"], *HERE, "", at)
        uow.cases.save(mine, replace(uow.cases.get(mine).case, position="pmine"))

    def erase(*args):
        if "JOIN cases" in args[2]:
            with store.write() as other:
                other.cases.forget_person(office["person"], at)

    with store.read() as uow:
        event.listen(store.engine, "before_cursor_execute", erase)
        assert [one.lat for one in uow.spots.near(*HERE, 50)] in ([], [HERE[0]])
        event.remove(store.engine, "before_cursor_execute", erase)
    with store.read() as uow:
        assert near(uow) == []


def test_a_look_around_is_by_an_index_and_one_statement_where_nothing_lies(store, chat, office, at):
    with store.write() as uow:
        for number in range(3000):
            put(uow, chat, case(at, number + 1), HERE[0] + number % 1000 * 0.005)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    with store.read() as uow:
        said = []
        event.listen(store.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        assert len(near(uow)) == 3
        assert len([one for one in said if one.startswith("SELECT")]) == 2
        assert uow.spots.near(HERE[0], HERE[1] + 1, 50) == []
        assert len([one for one in said if one.startswith("SELECT")]) == 3
    assert "ix_positions_cell" in plan_of(store, spots._PLACES.statement, spots.around(*HERE, 50))


def test_a_chain_its_size_and_its_order(store, chat, office, at):
    with store.write() as uow:
        later, first, secret = (
            uow.cases.add(one, chat)
            for one in (
                case(at + timedelta(days=50), 1),
                case(at, 2, state=State.CLOSED),
                case(at + timedelta(days=90), 3, sensitive=True),
            )
        )
        for _ in range(2):
            uow.spots.found(first, "lamp", "", at)
        for number in (later, first, secret, secret):
            uow.spots.put(first, number)
    with store.read() as uow:
        assert [row.id for row in uow.spots.cases(first)] == [first, later]
        assert (uow.spots.of_case(later), uow.spots.of_case(999), uow.spots.size(first)) == (first, None, 3)
        [line] = uow.spots.listing()
        assert (line.id, line.times, line.first_at, line.last_at) == (first, 2, at, at + timedelta(days=50))
        assert uow.spots.listing("other") == uow.spots.listing(at_least=3) == uow.spots.listing(area="nowhere") == []
        assert uow.spots.members([later, 999]) == {later: first}
    with store.write() as uow:
        uow.spots.take(later)
        uow.spots.clear(first)
        assert (uow.spots.cases(first), uow.spots.listing(at_least=0)) == ([], [])
