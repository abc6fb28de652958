"""The time: the only place that reads it. In the sandbox it runs ahead by a stored offset."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox import clock as sandbox_clock


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """Timezone-aware UTC."""
        return datetime.now(UTC)


class SandboxClock:
    """Real time plus the sandbox's offset; the file is asked again at every look, so all processes agree."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    def now(self) -> datetime:
        """Timezone-aware UTC."""
        return datetime.now(UTC) + sandbox_clock.read_offset(self._state_dir)


def clock_for(state_dir: Path, *, sandbox: bool) -> SystemClock | SandboxClock:
    """Real time, or the sandbox's."""
    return SandboxClock(state_dir) if sandbox else SystemClock()
