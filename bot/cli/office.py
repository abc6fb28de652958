"""The office of an administrator: settings and the store, opened for one command and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

from sqlalchemy import Engine

from bot import settings as all_settings
from bot.cli.out import Trouble, logs_aside
from bot.clock import clock_for
from bot.settings import Settings
from handlers.ports import Clock
from storage.db import open_engine
from storage.unit_of_work import Store, UnitOfWork
from workflows.case.calendar import VIETNAM
from workflows.frozen import frozen


@frozen
class Office:
    """What a command works with."""

    settings: Settings
    engine: Engine
    store: Store
    clock: Clock

    def now(self) -> datetime:
        """The time, in the sandbox as its clock says."""
        return self.clock.now()

    @contextmanager
    def writing(self, *, dry_run: bool = False) -> Iterator[UnitOfWork]:
        """A transaction that is kept at the end; not so in a dry run."""
        with self.store.write() as uow:
            yield uow
            uow.flush(self.now())
            if dry_run:
                uow.connection.rollback()


@contextmanager
def office(*, any_step: bool = False) -> Iterator[Office]:
    """Open the office. Raises ProblemsFound for settings that are wrong, Trouble for a store that is not ready.

    ``any_step``: the database may be empty or at another step of the migrations.
    """
    settings = all_settings.load()
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    try:
        if not any_step:
            _must_be_ready(engine)
        with logs_aside():
            yield Office(settings, engine, Store(engine), clock_for(settings.state_dir, sandbox=settings.sandbox_on))
    finally:
        engine.dispose()


def beginning_of(day: date) -> datetime:
    """When a day begins in Vietnam."""
    return datetime.combine(day, time.min, VIETNAM).astimezone(UTC)


def _must_be_ready(engine: Engine) -> None:
    from storage import migrate  # alembic takes longer to load than most commands to run

    step, head = migrate.current(engine), migrate.head()
    if step is None:
        raise Trouble("cơ sở dữ liệu còn trống; hãy chạy: run_bot.py db init", "the database is empty; run: db init")
    if step != head:
        raise Trouble(
            f"cơ sở dữ liệu ở bước {step}, chương trình cần {head}; hãy chạy: run_bot.py db upgrade",
            f"the database is at step {step}, the program needs {head}; run: db upgrade",
        )
