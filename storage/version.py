"""Whether a database stands at the newest step of the migrations, asked without loading Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from storage.db import reading

STEPS = Path(__file__).parent / "migrations" / "versions"
TABLE = "alembic_version"


def newest() -> str:
    """The newest step: files are named after their step, and numbered."""
    return max(path.name.split("_")[0] for path in STEPS.glob("[0-9]*_*.py"))


def is_newest(engine: Engine) -> bool:
    """Whether nothing is left to migrate."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(TABLE):
            return False
        return list(connection.scalars(text("SELECT version_num FROM alembic_version"))) == [newest()]
