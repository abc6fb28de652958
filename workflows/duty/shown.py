"""A shift as a group reads it."""

from __future__ import annotations

from datetime import datetime

from workflows.frozen import frozen


@frozen
class Shown:
    """``who`` and ``stand_in`` are names of colleagues, "" for nobody; ``empty``: nobody who serves has it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    who: str
    stand_in: str
    empty: bool
