"""What `serve` holds in memory when idle, and how soon it answers, with everything embedded."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.place import Place, free_port
from benchmarks.table import Row, at_most, told
from benchmarks.webhook import wait_until_alive
from bot.embedded.valkey import ValkeyServer

ROOT = Path(__file__).parent.parent
MEMORY = 250.0  # MiB
READY = 3.0  # seconds
RESTARTS = 3
CALM = 5.0  # seconds of rest before memory is read


def measure(place: Place) -> Iterator[Row]:
    """Twice from nothing, then again on the same folder."""
    folder = place.subfolder("serve")
    with _serving(folder) as (seconds, pid):
        yield at_most("memory", "from start to ready, new state folder", seconds, READY, "s")
        time.sleep(CALM)
        sizes = {number: pss(number) for number in [*tree(pid), *_valkey(folder)]}
        yield at_most("memory", "serve, idle, all processes (PSS)", sum(sizes.values()), MEMORY, "MiB")
        yield told("memory", "its parts", ", ".join(f"{_name(number)} {size:.0f}" for number, size in sizes.items()))
    again = []
    for _ in range(1 if place.quick else RESTARTS):
        with _serving(folder) as (seconds, _):
            again.append(seconds)
    yield at_most("memory", "from start to ready, second start (worst)", max(again), READY, "s")


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[tuple[float, int]]:
    """`serve` as a newcomer starts it; seconds until `/ready` said 200, and its process number."""
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    environ |= {"BOT_STATE_DIR": str(folder), "BOT_WEB__PORT": str(port), "BOT_LOGS__LEVEL": "ERROR"}
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "run_bot.py", "serve"], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_alive(port, "/ready")
        yield time.monotonic() - begun, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            number, parent = re.sub(r"\(.*\)", "", stat.read_text(), flags=re.DOTALL).split()[0:3:2]
            parents.setdefault(int(parent), []).append(int(number))
    found = [pid]
    for one in found:
        found.extend(parents.get(one, []))
    return found


def _valkey(folder: Path) -> list[int]:
    """The Redis-protocol server, which lives in a session of its own."""
    pid = ValkeyServer(folder).pid
    return [pid] if pid else []


def pss(pid: int) -> float:
    """A process's memory, its share of what it shares with others; MiB."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _name(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return "valkey" if b"valkey" in command[0] else Path(f"/proc/{pid}/comm").read_text().strip()
