"""What `serve` holds in memory when idle, and how soon it answers, with everything embedded."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.place import Place
from benchmarks.serving import serving
from benchmarks.table import Row, at_most, told
from bot.embedded.valkey import ValkeyServer

MEMORY = 250.0  # MiB
READY = 3.0  # seconds
RESTARTS = 3
CALM = 5.0  # seconds of rest before memory is read


def measure(place: Place) -> Iterator[Row]:
    """Twice from nothing, then again on the same folder."""
    folder = place.subfolder("serve")
    with serving(folder) as served:
        yield at_most("memory", "from start to ready, new state folder", served.seconds, READY, "s")
        time.sleep(CALM)
        sizes = {number: pss(number) for number in [*tree(served.pid), *_valkey(folder)]}
        yield at_most("memory", "serve, idle, all processes (PSS)", sum(sizes.values()), MEMORY, "MiB")
        yield told("memory", "its parts", ", ".join(f"{_name(number)} {size:.0f}" for number, size in sizes.items()))
    again = []
    for _ in range(1 if place.quick else RESTARTS):
        with serving(folder) as served:
            again.append(served.seconds)
    yield at_most("memory", "from start to ready, second start (worst)", max(again), READY, "s")


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
