"""Bring a database to a step of the migrations, forward or back; needs no configuration file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from storage.db import reading
from storage.models import Base

FOLDER = Path(__file__).parent / "migrations"
START = "base"  # before the first step: no tables
VERSION_TABLE = "alembic_version"


@cache
def head() -> str:
    """The newest step that the program had when it was started."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise RuntimeError("there are no migrations")
    return found


def steps() -> list[str]:
    """Every step, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [step.revision for step in reversed(list(script.walk_revisions()))]


def current(engine: Engine) -> str | None:
    """The step a database stands at; None: before the first."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_empty(engine: Engine) -> bool:
    """Whether there is no table of ours."""
    with reading(engine) as connection:
        return set(inspect(connection).get_table_names()) <= {VERSION_TABLE}


def upgrade(engine: Engine, to: str = "head") -> None:
    """Go forward to a step. Safe to repeat."""
    with engine.connect() as connection:
        command.upgrade(_config(connection), to)
        connection.commit()


def downgrade(engine: Engine, to: str) -> None:
    """Go back to a step, or to ``base``; what the later steps brought is lost."""
    with engine.connect() as connection:
        command.downgrade(_config(connection), to)
        connection.commit()


def differences(engine: Engine) -> list[object]:
    """Where a database and the models are not the same; nothing at head."""
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def draft(engine: Engine, number: str, name: str) -> None:
    """Write the next step's file from what the models have and the database lacks; a person then reads it."""
    with engine.connect() as connection:
        command.revision(_config(connection), name, autogenerate=True, rev_id=number)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
