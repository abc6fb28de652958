"""Migrations: the newest step equals the models; every step goes forward and back with rows in the tables."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, select, text

from storage import migrate
from storage.db import open_engine, reading, writing
from storage.models import Base

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def engine(database_url):
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def sample(column):
    """A value that fits a column, and that a foreign key of another sample row points to."""
    kind = column.type.python_type
    return {int: 1, str: "1", float: 1.0, bool: True, bytes: b"1"}.get(kind, AT)


def fill(engine):
    with writing(engine) as connection:
        for table in Base.metadata.sorted_tables:
            row = {column.name: sample(column) for column in table.columns}
            connection.execute(table.insert(), row)


def test_head_equals_the_models(engine):
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.head()
    assert migrate.differences(engine) == []


def test_a_missing_column_is_noticed(engine):
    migrate.upgrade(engine)
    with writing(engine) as connection:
        connection.execute(text("alter table people drop column block_reason"))
    assert migrate.differences(engine) != []


def test_the_names_of_keys_and_indexes_are_those_of_the_models(engine):
    """`compare_metadata` compares what they do, not what they are called; later steps drop them by name."""
    migrate.upgrade(engine)
    with reading(engine) as connection:
        looker = inspect(connection)
        for table in Base.metadata.sorted_tables:
            here = {index["name"] for index in looker.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= here
            assert looker.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"


def test_every_step_back_and_forward_with_rows(engine):
    migrate.upgrade(engine)
    fill(engine)
    for step in reversed(["base", *migrate.steps()[:-1]]):
        migrate.downgrade(engine, step)
    assert migrate.current(engine) is None
    with reading(engine) as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    for step in migrate.steps():
        migrate.upgrade(engine, step)
    fill(engine)
    assert migrate.differences(engine) == []


def test_ids_count_up_by_themselves(engine):
    migrate.upgrade(engine)
    people = Base.metadata.tables["people"]
    with writing(engine) as connection:
        for _ in range(2):
            connection.execute(people.insert(), {"language": "vi", "consent_version": 0, "created_at": AT})
        assert list(connection.scalars(select(people.c.id).order_by(people.c.id))) == [1, 2]


def test_upgrading_twice_changes_nothing(engine):
    migrate.upgrade(engine)
    fill(engine)
    migrate.upgrade(engine)
    with reading(engine) as connection:
        assert connection.scalar(text("select count(*) from cases")) == 1


def test_steps_form_one_line_with_numbered_names():
    steps = migrate.steps()
    assert steps == [f"{number:04}" for number in range(1, len(steps) + 1)]
    files = {path.name[:5] for path in (migrate.FOLDER / "versions").glob("0*.py")}
    assert files == {f"{step}_" for step in steps}
