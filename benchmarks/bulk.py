"""A store with very many cases: copies of one real case and all that hangs on it, made inside the database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine, Table, inspect, select, text

from storage.cases import CASES, EVENTS, POSITIONS, TERMS, WORDS
from storage.db import writing
from storage.models import Attachment, Chat, Consent, Delivery, Dialog, Identity, Inbox, Outbox, Person, Post, table_of
from workflows.frozen import frozen

STRIDE = 1_000  # ids of the n-th copy are so much higher; the model's own ids are below
OPEN_SHARE = 10  # one case in so many is still open, all of them at one agency

SHIFT = "{0} + n * " + str(STRIDE)
NAMED = "{0} || '.' || n"
POINTER = {
    "postgresql": "left({0}, 22) || lpad(n::text, 10, '0')",
    "sqlite": "substr({0}, 1, 22) || printf('%010d', n)",
}
OPEN = f"n % {OPEN_SHARE} = 0"


@frozen
class Copied:
    """How a table's model rows are copied: which columns change, and at most how many rows a case."""

    table: Table
    columns: Mapping[str, str]
    at_most: int = 1
    condition: str = "true"


def _copied(dialect: str, reporter: int, chat: int) -> list[Copied]:
    pointer = POINTER[dialect]
    state = f"case when {OPEN} then {{0}} else 'closed' end"
    mine, here = f"person_id = {reporter}", f"chat_id = {chat}"
    sends = f"outbox_id in (select id from outbox where {here} and kind = 'send')"  # noqa: S608
    due = f"case when {OPEN} then {{0}} end"
    return [
        Copied(table_of(Person), {"id": SHIFT}, 1, f"id = {reporter}"),
        Copied(table_of(Identity), {"id": SHIFT, "person_id": SHIFT, "external_id": NAMED}, 1, mine),
        Copied(table_of(Consent), {"id": SHIFT, "person_id": SHIFT}, 1, mine),
        Copied(table_of(Chat), {"id": SHIFT, "person_id": SHIFT, "external_id": NAMED}, 1, f"id = {chat}"),
        Copied(table_of(Dialog), {"id": SHIFT, "chat_id": SHIFT, "person_id": SHIFT}, 1, here),
        Copied(
            CASES,
            {"id": SHIFT, "code": NAMED, "reporter_id": SHIFT, "home_chat_id": SHIFT, "open": OPEN, "state": state,
             "due_at": due},
        ),
        Copied(EVENTS, {"id": SHIFT, "case_id": SHIFT, "person_id": SHIFT}, 2),
        Copied(WORDS, {"id": pointer, "case_id": SHIFT, "person_id": SHIFT}),
        Copied(POSITIONS, {"id": pointer, "case_id": SHIFT, "person_id": SHIFT}),
        Copied(table_of(Attachment), {"id": pointer, "case_id": SHIFT, "person_id": SHIFT, "chat_id": SHIFT}),
        Copied(TERMS, {"case_id": SHIFT}, 3, "length(term) < 7"),
        Copied(table_of(Inbox), {"id": SHIFT, "external_id": NAMED, "chat": NAMED}, 2, "status = 'done'"),
        Copied(table_of(Outbox), {"id": SHIFT, "chat_id": SHIFT, "case_id": SHIFT}, 2, f"{here} and kind = 'send'"),
        Copied(table_of(Delivery), {"id": SHIFT, "outbox_id": SHIFT}, 2, sends),
        Copied(table_of(Post), {"id": SHIFT, "chat_id": SHIFT, "case_id": SHIFT}, 1, here),
    ]  # fmt: skip


NUMBERS = {
    "postgresql": "generate_series(1, {0}) as numbers(n)",
    "sqlite": "(with recursive counted(n) as (select 1 union all select n + 1 from counted where n < {0})"
    " select n from counted) as numbers",
}


def fill(engine: Engine, cases: int) -> None:
    """Copy the only case in the store until there are ``cases`` more. The store's own sequences go on after them."""
    dialect = engine.dialect.name
    with writing(engine) as connection:
        (model,) = connection.execute(select(CASES.c.reporter_id, CASES.c.home_chat_id)).all()
        if dialect == "postgresql":
            connection.execute(text("set session_replication_role = replica"))  # copies point at copies: no checks
        else:
            connection.execute(text("pragma defer_foreign_keys = on"))
        for copied in _copied(dialect, *model):
            connection.execute(text(_statement(copied, cases, NUMBERS[dialect])))
            if dialect == "postgresql" and "id" in copied.columns and copied.columns["id"] == SHIFT:
                name = copied.table.name
                connection.execute(
                    text(f"select setval(pg_get_serial_sequence('{name}', 'id'), (select max(id) from {name}))")  # noqa: S608
                )
        if dialect == "postgresql":
            connection.execute(text("set session_replication_role = origin"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze" if dialect == "postgresql" else "analyze")
        connection.exec_driver_sql("checkpoint" if dialect == "postgresql" else "pragma wal_checkpoint(truncate)")


def _statement(copied: Copied, cases: int, numbers: str) -> str:
    name = copied.table.name
    columns = [column.name for column in inspect(copied.table).columns]
    values = [copied.columns.get(column, "{0}").format(f"model.{column}") for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    model = f"(select * from {name} where {copied.condition} limit {copied.at_most}) as model"  # noqa: S608
    return f"insert into {name} ({names}) select {', '.join(values)} from {model} cross join {numbers.format(cases)}"  # noqa: S608
