"""The sandbox's clock: real time plus one stored offset that every process of the program can read."""

import fcntl
import re
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFSET_FILE = "sandbox-clock"
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
LONGEST = timedelta(days=3660)


def read_offset(state_dir: Path) -> timedelta:
    """How far the sandbox is ahead of real time; zero when the clock was never touched."""
    try:
        return timedelta(seconds=float((state_dir / OFFSET_FILE).read_text("ascii")))
    except FileNotFoundError:
        return timedelta(0)


def advance(state_dir: Path, delta: timedelta) -> timedelta:
    """Move the clock forward by `delta`; gives the new offset. Raises ValueError for a step back."""
    if delta < timedelta(0):
        raise ValueError("the sandbox clock only goes forward")
    with _locked(state_dir):
        offset = read_offset(state_dir) + delta
        if offset > LONGEST:
            raise ValueError("the sandbox clock may be at most ten years ahead")
        _replace(state_dir / OFFSET_FILE, f"{offset.total_seconds():.3f}")
    return offset


def now(state_dir: Path) -> datetime:
    """The present moment of the sandbox, in UTC."""
    return datetime.fromtimestamp(time.time(), UTC) + read_offset(state_dir)


def parse_delta(words: str) -> timedelta:
    """Read `+3d`, `+2h`, `+90m`, `+1d12h`. Raises ValueError when it is none of these."""
    match = re.fullmatch(r"\+?((?:\d{1,6}[dhms])+)", words.strip().lower())
    if match is None:
        raise ValueError("write a step of the clock like +3d, +2h or +90m")
    parts = re.findall(r"(\d+)([dhms])", match[1])
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta(0))


def _replace(path: Path, text: str) -> None:
    """Write beside and rename, so that a reader in another process never sees half a number."""
    fresh = path.with_name(f"{path.name}.{uuid4().hex}")
    fresh.write_text(text, "ascii")
    fresh.replace(path)


@contextmanager
def _locked(state_dir: Path) -> "Iterator[None]":
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / f"{OFFSET_FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
