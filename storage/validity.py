"""From when until when something holds, by the two dates of its row."""

from __future__ import annotations

from datetime import datetime


def holds(begins: datetime | None, ends: datetime | None, at: datetime) -> bool:
    """Whether ``at`` lies in it: not before it begins (None: ever), and before it ends (None: no end)."""
    return (begins is None or begins <= at) and (ends is None or at < ends)
