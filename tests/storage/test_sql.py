"""Statements in two dialects: new rows only, or new and changed ones."""

from __future__ import annotations

from storage.models import Token, table_of
from storage.sql import insert_new, spoken, upsert

TOKENS = table_of(Token)


def test_new_rows_only_or_changed_ones(store, at):
    row = {"name": "x", "value": "1", "version": 1, "updated_at": at}
    with store.write() as uow:
        new = spoken(uow.connection, insert_new(TOKENS, TOKENS.c.name))
        assert uow.connection.execute(new, row).scalars().all() == ["x"]
        assert uow.connection.execute(new, row | {"value": "2"}).scalars().all() == []
        uow.connection.execute(spoken(uow.connection, insert_new(TOKENS)), row | {"value": "3"})
        assert uow.registers.token("x") == "1"
        uow.connection.execute(spoken(uow.connection, upsert(TOKENS, ["name"], ["value"])), row | {"value": "4"})
        assert uow.registers.token("x") == "4"
