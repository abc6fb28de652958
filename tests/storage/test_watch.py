"""Cases that are to be looked at: found by their index, locked so that nobody looks twice, and none too often."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage import cases, outbox
from tests.at_once import at_once
from tests.storage.test_cases import case
from workflows.case.model import State
from workflows.effects import Lane

HOUR = timedelta(hours=1)


@pytest.fixture
def many(store, chat, office, at):
    """Some thousand cases, of which few are watched, and two are due."""
    with store.write() as uow:
        for number in range(3000):
            watched = number % 100 == 0
            state = State.ASSIGNED if watched else State.CLOSED
            look_at = at + timedelta(hours=number - 150) if watched else None
            uow.cases.add(case(at, number, state=state, agency_id=office["ward"], resolve_due=at), chat, look_at)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return store


def plan_of(store, statement, parameters):
    """How the database finds the rows."""
    with store.read() as uow:
        compiled = statement.compile(uow.connection.plain.engine, compile_kwargs={"render_postcompile": True})
        word = "EXPLAIN" if store.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        bound = compiled.construct_params(parameters)
        bound = {
            name: kind.process_bind_param(bound[name], store.engine.dialect)
            if (kind := compiled.binds[name].type) and hasattr(kind, "process_bind_param")
            else bound[name]
            for name in bound
        }
        values = bound if not compiled.positional else tuple(map(_text, (bound[n] for n in compiled.positiontup)))
        rows = uow.connection.plain.exec_driver_sql(f"{word} {compiled}", values)
        return "\n".join(str(row) for row in rows)


def _text(value):
    return value.isoformat(" ") if hasattr(value, "isoformat") else value


def test_only_what_is_due_is_found_longest_waiting_first(many, at):
    with many.write() as uow:
        found = uow.cases.to_look_at(at, 10)
        assert [row.case.code for row in found] == ["PA-0000-0000", "PA-0000-0100"]
        uow.cases.look_again(found[0].id, at + HOUR)
        uow.cases.look_again(found[1].id, None)
    with many.write() as uow:
        assert uow.cases.to_look_at(at, 10) == []
        assert uow.cases.look_anew(at) == 29
        assert len(uow.cases.to_look_at(at, 100)) == 29


def test_the_index_finds_it(many, at):
    plan = plan_of(many, cases._TO_LOOK_AT, {"now": at, "how_many": 20})
    assert "ix_cases_look" in plan, plan
    assert "SCAN cases\n" not in plan and "Seq Scan" not in plan, plan


def test_what_was_said_is_found_by_its_key(many, chat, at):
    with many.write() as uow:
        for number in range(2000):
            uow.outbox.put(chat, Lane.NOTICE, "send", "{}", at, key=f"watch:{number}:resolve:0")
        uow.flush(at)
        assert set(uow.outbox.said(["watch:7:resolve:0", "watch:9999:resolve:0"])) == {"watch:7:resolve:0"}
        assert uow.outbox.said([]) == {}
    with many.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    plan = plan_of(many, outbox._SAID, {"keys": ["watch:7:resolve:0"]})
    assert "Seq Scan" not in plan and "SCAN outbox" not in plan, plan


def test_a_key_is_written_once(store, chat, at):
    with pytest.raises(IntegrityError), store.write() as uow:
        for _ in range(2):
            uow.outbox.put(chat, Lane.NOTICE, "send", "{}", at, key="watch:1:resolve:+1")
        uow.flush(at)


def test_two_who_look_at_once_have_different_cases_or_wait(many, at):
    """PostgreSQL skips what the other holds; SQLite has one writer at a time."""
    both_have_looked = threading.Barrier(2, timeout=60)

    def look():
        with many.write() as uow:
            [mine] = uow.cases.to_look_at(at, 1)
            if many.engine.dialect.name == "postgresql":
                both_have_looked.wait()
            uow.cases.look_again(mine.id, at + HOUR)
            return mine.id

    assert len(set(at_once(look, look))) == 2
