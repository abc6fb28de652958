"""A storm that is on, as the operators' group reads it."""

from __future__ import annotations

from datetime import datetime

from workflows.case.view import Names
from workflows.frozen import frozen


@frozen
class OnNow:
    """Its area by code and names ("" and None: the whole province), what citizens are told, and its end if known."""

    id: int
    area: str
    names: Names | None
    words: str
    until: datetime | None
