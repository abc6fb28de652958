"""Asked without Alembic, a database is at the newest step exactly when Alembic says so."""

import subprocess
import sys

from storage import migrate, version
from storage.db import open_engine


def test_an_empty_a_migrated_and_a_stepped_back_database(database_url):
    engine = open_engine(database_url)
    assert not version.is_newest(engine)
    migrate.upgrade(engine)
    assert version.is_newest(engine)
    migrate.downgrade(engine, migrate.START)
    assert not version.is_newest(engine)
    engine.dispose()


def test_the_newest_step_is_alembics_head():
    assert version.newest() == migrate.head()


def test_it_does_without_alembic():
    code = "import sys, storage.version; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
