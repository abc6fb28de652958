"""Where a run happens: a folder of its own, a durable PostgreSQL and a Redis-protocol server, all gone afterwards."""

from __future__ import annotations

import itertools
import shutil
import socket
import tempfile
from pathlib import Path
from types import TracebackType

from bot.embedded.postgres import PostgresServer
from bot.embedded.valkey import ValkeyServer

DATABASES = ("postgresql", "sqlite")


class Place:
    """Servers are started when they are first asked for, and flush to the disk like those of real use."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.folder = Path(tempfile.mkdtemp(prefix="phan-anh-bench-"))
        self._numbers = itertools.count(1)
        self._postgres: PostgresServer | None = None
        self._valkey: ValkeyServer | None = None

    def __enter__(self) -> Place:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._valkey:
            self._valkey.stop()
        if self._postgres:
            self._postgres.stop()
            shutil.rmtree(self._postgres.folder, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, kind: str) -> str:
        """The URL of a new, empty database."""
        name = f"bench{next(self._numbers)}"
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        return self.postgres.create_database(name)

    @property
    def postgres(self) -> PostgresServer:
        """The PostgreSQL server, with fsync."""
        if self._postgres is None:
            self._postgres = PostgresServer(self.folder, fsync=True)
            self._postgres.start()
        return self._postgres

    def redis(self) -> str:
        """The URL of the Redis-protocol server (append-only file, flushed every second)."""
        if self._valkey is None:
            self._valkey = ValkeyServer(self.folder)
        return self._valkey.start()

    def subfolder(self, name: str) -> Path:
        """A new folder."""
        folder = self.folder / f"{name}{next(self._numbers)}"
        folder.mkdir()
        return folder


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
