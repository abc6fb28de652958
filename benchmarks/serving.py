"""`serve` as people start it: a process of its own with its settings in the environment, and its end."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.place import free_port
from benchmarks.watch import EndedTooEarly
from benchmarks.webhook import wait_until_alive
from workflows.frozen import frozen

ROOT = Path(__file__).parent.parent
LOG_TAIL = 2000  # characters of its log that are shown when it ends too early
END_SECONDS = 60.0


@frozen
class Served:
    """A running `serve`: its address, its process number, and the seconds until `/ready` said 200."""

    port: int
    pid: int
    seconds: float

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Served]:
    """`run_bot.py serve` on a state folder, with no other setting than these, ready to answer.

    Raises EndedTooEarly with the end of its log when it ended by itself, then or meanwhile.
    """
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | settings
    environ |= {"BOT_STATE_DIR": str(folder), "BOT_WEB__PORT": str(port), "BOT_LOGS__LEVEL": "ERROR"}
    path = folder.with_name(f"{folder.name}.log")
    begun = time.monotonic()
    with path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "run_bot.py", "serve"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )

    def must_run() -> None:
        if process.poll() is not None:
            raise EndedTooEarly("it is gone")

    try:
        wait_until_alive(port, "/ready", must_run)
        yield Served(port, process.pid, time.monotonic() - begun)
        must_run()
    except Exception as error:
        if process.poll() is None:
            raise
        told = f"`serve` (process {process.pid}) has ended too early, code {process.returncode}: {error}"
        raise EndedTooEarly(f"{told}\n{path.read_text('utf-8', 'replace')[-LOG_TAIL:]}") from error
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
