"""Fixtures that many tests share: real servers, started once a process, and something fresh for each test."""

import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.embedded.postgres import PostgresServer
from bot.embedded.valkey import ValkeyServer, socket_path
from tests import browser as chromium
from tests import often
from tests.program import Program
from tests.world import make_tables, prepare


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long form: every test on both databases, many examples")


def pytest_configure(config: pytest.Config) -> None:
    often.choose(long=config.getoption("--long"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests begin first: while one worker waits for processes another computes, and nothing long is left over."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


KINDS = ("sqlite", "postgres")
STORAGE = ("tests/storage/", "tests/handlers/")  # folders whose tests are about what a database does


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test about storage runs on both kinds of database; of the others every eighth, by its name, on PostgreSQL."""
    if "database_kind" not in metafunc.fixturenames:
        return
    node = metafunc.definition
    matters = node.nodeid.startswith(STORAGE) or node.get_closest_marker("both_databases") is not None
    both = matters or metafunc.config.getoption("--long")
    alone = KINDS[crc32(node.name.encode()) % 8 == 0]
    metafunc.parametrize("database_kind", KINDS if both else [alone], indirect=True)


_numbers = itertools.count(1)
MEMORY_NEEDED = 2 * 1024**3  # bytes


def _in_memory() -> str | None:
    """A folder in memory where there is a large one: servers that need not survive anything start fast there."""
    shm = Path("/dev/shm")  # noqa: S108 - the folder's children are private
    roomy = shm.is_dir() and os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > MEMORY_NEEDED
    return str(shm) if roomy else None


if (memory := _in_memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)  # where pytest makes its own folders
    tempfile.tempdir = memory

expect.set_options(timeout=30_000)  # milliseconds that a page may take on a busy machine


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A short private folder of this test process (pytest's own are too long for unix sockets)."""
    folder = Path(tempfile.mkdtemp(prefix="pa-", dir=_in_memory()))
    folder.chmod(0o711)  # as root the database server is another user, who must be able to pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[PostgresServer]:
    """A running PostgreSQL for all tests of this process that do not ask what survives a crash."""
    server = PostgresServer(server_folder, fsync=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database."""
    name = f"test_{next(_numbers)}"
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'bot.sqlite3'}"


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database that the test runs on, see ``pytest_generate_tests``."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """The URL of an empty database; of the kinds that the test runs on."""
    url: str = request.getfixturevalue(f"{database_kind}_url")
    return url


# What a database may hold before a test begins; it is put into one once a process, and that one is copied.
FILL: dict[str, Callable[[str], None]] = {"tables": make_tables, "sample": prepare}
Templates = Callable[[str], str]


@pytest.fixture(scope="session")
def postgres_templates(postgres_server: PostgresServer) -> Templates:
    """The name of the PostgreSQL database to copy, by what it holds."""

    @cache
    def template(filled: str) -> str:
        FILL[filled](postgres_server.create_database(f"template_{filled}"))
        return f"template_{filled}"

    return template


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The path of the SQLite file to copy, by what it holds."""

    @cache
    def template(filled: str) -> str:
        path = tmp_path_factory.mktemp("template") / f"{filled}.sqlite3"
        FILL[filled](f"sqlite:///{path}")
        return str(path)

    return template


@pytest.fixture
def postgres_copy(postgres_server: PostgresServer, postgres_templates: Templates) -> Iterator[Templates]:
    """Makes the test's PostgreSQL database, a copy of what holds this, and says its URL."""
    name = f"test_{next(_numbers)}"
    yield lambda filled: postgres_server.create_database(name, template=postgres_templates(filled))
    postgres_server.drop_database(name)


@pytest.fixture
def sqlite_copy(tmp_path: Path, sqlite_templates: Templates) -> Templates:
    """Makes the test's SQLite file, a copy of what holds this, and says its URL."""

    def copied(filled: str) -> str:
        shutil.copy(sqlite_templates(filled), tmp_path / "bot.sqlite3")
        return f"sqlite:///{tmp_path / 'bot.sqlite3'}"

    return copied


@pytest.fixture
def ready_postgres_url(postgres_copy: Templates) -> str:
    """The URL of a fresh PostgreSQL database with the sample in it."""
    return postgres_copy("sample")


@pytest.fixture
def ready_sqlite_url(sqlite_copy: Templates) -> str:
    """The URL of a fresh SQLite database with the sample in it."""
    return sqlite_copy("sample")


@pytest.fixture
def ready_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """The URL of a database with the sample in it; of the kinds that the test runs on."""
    url: str = request.getfixturevalue(f"ready_{database_kind}_url")
    return url


@pytest.fixture
def tables_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """The URL of a database with every table and nothing in them; of the kinds that the test runs on."""
    copied: Templates = request.getfixturevalue(f"{database_kind}_copy")
    return copied("tables")


@pytest.fixture(scope="session")
def valkey_server(server_folder: Path) -> Iterator[ValkeyServer]:
    """A running Redis-protocol server for all tests of this process that do not kill it."""
    server = ValkeyServer(server_folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey_url(valkey_server: ValkeyServer, server_folder: Path) -> str:
    """The `unix://` URL of a Redis-protocol server with nothing in it."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(socket_path(server_folder)))
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(100) == b"+OK\r\n"
    return valkey_server.start()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program as people start it, in a fresh folder; at the end of the file it must stop in order."""
    with Program(tmp_path_factory.mktemp("program")) as program:
        program.start()
        yield program
        assert program.stop() == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; where none can be had its tests are skipped, but fail under CI=true.

    One a module, not one a session: while it lives, its event loop lets no other start in this thread.
    """
    path = chromium.find()
    if path is None:
        reason = f"no Chromium; this helps: {chromium.command_that_helps()}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page with no memory of others; what stands in its console shows when its test fails."""
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: print(f"console: {message.text}"))
        page.on("pageerror", lambda error: print(f"page error: {error}"))
        yield page
