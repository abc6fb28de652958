"""Writes that wait: together by kind, before whoever could miss them, and forgotten with the step that gives up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import IntegrityError

from storage.bulk import insert_rows, update_rows
from storage.ids import AT_ONCE
from storage.models import Chat, Person, table_of
from storage.unit_of_work import Store
from tests.often import tries

PEOPLE = table_of(Person)
CHATS = table_of(Chat)
ADD = insert_rows(PEOPLE, ["id", "language", "name", "consent_version", "created_at", "erased_at"])
RENAME = update_rows(PEOPLE, ["name"])


def person(number, at, **more):
    plain = {"id": number, "language": "vi", "name": None, "consent_version": 0, "created_at": at, "erased_at": None}
    return plain | more


def names(uow):
    return dict(uow.connection.execute(select(PEOPLE.c.id, PEOPLE.c.name).order_by(PEOPLE.c.id)).all())


def waiting_is_written(uow):
    """Whether the table, read past everything that waits, has a row."""
    return uow.connection.look(select(func.count()).select_from(PEOPLE)).scalar() > 0


def test_what_waits_is_written_before_whoever_asks(store, at):
    with store.write() as uow:
        uow.connection.later(ADD, person(1, at, name="An"))
        assert not waiting_is_written(uow)
        assert names(uow) == {1: "An"}
        assert waiting_is_written(uow)


def test_a_row_added_and_changed_is_written_as_it_ends(store, at):
    with store.write() as uow:
        uow.connection.later(ADD, person(1, at, name="An"))
        uow.connection.change(PEOPLE, 1, {"name": "Bình"})
        uow.connection.change(PEOPLE, 1, {"consent_version": 2})
        uow.connection.later(ADD, person(2, at))
        uow.connection.change(PEOPLE, 1, {"name": "Chi", "block_reason": "x"})  # a column that the insert has not
    with store.read() as uow:
        assert uow.connection.execute(select(PEOPLE.c.name, PEOPLE.c.consent_version, PEOPLE.c.block_reason)
                                      .order_by(PEOPLE.c.id)).all() == [("Chi", 2, "x"), (None, 0, None)]  # fmt: skip


def test_the_last_of_several_changes_holds(store, at):
    with store.write() as uow:
        uow.connection.later(ADD, person(1, at))
    with store.write() as uow:
        for name in ("An", None, "Bình"):
            uow.connection.change(PEOPLE, 1, {"name": name})
    with store.read() as uow:
        assert names(uow) == {1: "Bình"}


@pytest.mark.parametrize("asked", [False, True])
def test_a_step_that_gives_up_leaves_nothing_and_the_steps_beside_it_everything(store, at, asked):
    with store.write() as uow:
        for number, kept in ((1, True), (2, False), (3, True)):
            uow.connection.begin_step()
            uow.connection.later(ADD, person(number, at))
            if asked:
                assert number in names(uow)
            uow.connection.later(ADD, person(10 * number, at))
            uow.connection.change(PEOPLE, number, {"name": "An"})
            uow.connection.end_step(kept=kept)
    with store.read() as uow:
        assert names(uow) == {1: "An", 3: "An", 10: None, 30: None}


def test_what_a_step_writes_straight_is_undone_too(store, at):
    with store.write() as uow:
        uow.connection.later(ADD, person(1, at, name="An"))
        uow.connection.begin_step()
        uow.connection.execute(update(PEOPLE).values(name="Bình"))
        uow.connection.end_step(kept=False)
        assert names(uow) == {1: "An"}


def test_a_transaction_that_fails_keeps_nothing_that_waited(store, at):
    with pytest.raises(LookupError), store.write() as uow:
        uow.connection.later(ADD, person(1, at))
        raise LookupError
    with pytest.raises(IntegrityError), store.write() as uow:
        uow.connection.later(ADD, person(1, at))
        uow.connection.later(ADD, person(1, at))
    with store.read() as uow:
        assert names(uow) == {}


def test_numbers_are_nobody_elses(store, at):
    """Drawn ahead, used late, by two stores on one database and after rows that were numbered by the database."""
    other = Store(store.engine)
    drawn = []
    for place in range(AT_ONCE + 3):
        with (store, other)[place % 2].write() as uow:
            drawn += [uow.people.meet("plain", f"{place}.{count}", "vi", at).id for count in range(2)]
    assert len(set(drawn)) == len(drawn)
    with store.read() as uow:
        assert names(uow).keys() == set(drawn)


INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@tries(1, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.none() | WORDS, INSTANTS, st.none() | INSTANTS), min_size=1, max_size=5))
def test_many_rows_at_once_are_what_they_would_be_one_by_one(store, rows):
    with store.write() as uow:
        uow.connection.execute(PEOPLE.delete())
        uow.connection.run(ADD, [person(n, made, name=name, erased_at=end) for n, (name, made, end) in enumerate(rows)])
    with store.read() as uow:
        columns = (PEOPLE.c.name, PEOPLE.c.created_at, PEOPLE.c.erased_at)
        assert uow.connection.execute(select(*columns).order_by(PEOPLE.c.id)).all() == rows


def test_rows_are_numbered_in_their_order(store):
    add = insert_rows(CHATS, ["platform", "external_id", "kind", "operators", "language", "forum", "status"],
                      returning="id")  # fmt: skip
    rows = [{"platform": "plain", "external_id": f"g{n}", "kind": "group", "operators": n == 2, "language": "vi",
             "forum": False, "status": "open"} for n in range(4)]  # fmt: skip
    with store.write() as uow:
        made = [number for (number,) in uow.connection.run(add, rows)]
        assert made == sorted(made)
        found = uow.connection.execute(select(CHATS.c.id, CHATS.c.external_id, CHATS.c.operators)
                                       .where(CHATS.c.id.in_(made)).order_by(CHATS.c.id)).all()  # fmt: skip
    assert found == [(number, f"g{n}", n == 2) for n, number in enumerate(made)]


def test_a_naive_instant_is_refused_where_it_would_be_guessed(store, at):
    if store.engine.dialect.name == "sqlite":
        naive = at.replace(tzinfo=None)
        with pytest.raises(ValueError, match="time zone"), store.write() as uow:
            uow.connection.run(ADD, [person(1, naive)])


def test_an_update_reaches_its_rows_alone(store, at):
    rename = update_rows(PEOPLE, ["name"], where="people.language = 'vi'", returning="id")
    with store.write() as uow:
        uow.connection.run(ADD, [person(1, at), person(2, at, language="en"), person(3, at + timedelta(1))])
        told = uow.connection.run(rename, [{"id": 1, "name": "An"}, {"id": 2, "name": "Bo"}, {"id": 9, "name": "Chi"}])
        assert set(told) == {(1,)}
        assert names(uow) == {1: "An", 2: None, 3: None}


def counted(store):
    """The statements that are sent to the database from now on."""
    sent = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: sent.append(statement))
    return sent


def test_what_a_new_person_needs_is_one_statement_on_postgresql(store, at):
    sent = counted(store)
    with store.write() as uow:
        person = uow.people.meet("plain", "an", "vi", at)
        sent.clear()
    assert len(sent) == (1 if store.engine.dialect.name == "postgresql" else 2)
    with store.read() as uow:
        assert uow.people.find("plain", "an").id == person.id


def test_a_later_statement_for_the_same_table_sees_the_earlier_one(store, at):
    with store.write() as uow:
        uow.connection.later(ADD, person(1, at, name="An"))
        uow.connection.later(RENAME, {"id": 1, "name": "Bình"})
        uow.connection.later(ADD, person(2, at, name="Chi"))
    with store.read() as uow:
        assert names(uow) == {1: "Bình", 2: "Chi"}


def test_of_rows_with_the_same_key_the_last_is_written(store, at):
    with store.write() as uow:
        uow.connection.run(ADD, [person(1, at)])
        for name in ("An", "Bình"):
            uow.connection.later(RENAME, {"id": 1, "name": name})
    with store.read() as uow:
        assert names(uow) == {1: "Bình"}


def test_who_looks_at_a_table_sees_what_waited_for_it(store, at):
    count = select(func.count()).select_from(PEOPLE)
    with store.write() as uow:
        uow.connection.later(ADD, person(1, at))
        assert uow.connection.look(count, None, CHATS).scalar() == 0
        assert uow.connection.look(count, None, CHATS, PEOPLE).scalar() == 1
