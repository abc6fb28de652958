"""Where one person stands in one group: the work begun on a case, the list last shown, the notes just written."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.events import Place
from workflows.messages import Button, Value


@dataclass(frozen=True, slots=True)
class Draft:
    """One piece of work on one case, not done yet.

    ``serial`` names it in button data and holds the person's id, so nobody can press another's preview. ``verb`` is
    the flow, ``step`` what is awaited (flows.py). ``offered`` are the buttons shown last: only they can be pressed.
    ``touched`` is an instant, ISO 8601 in UTC.
    """

    serial: str
    verb: str
    case_id: int
    code: str
    step: str
    touched: str
    text: str = ""
    media: tuple[str, ...] = ()  # attachment ids
    photos: int = 0  # of the media: photos and videos that can prove something
    album: str = ""  # the album whose parts are still coming in
    outcome: str = ""
    reason: str = ""
    days: int = 0
    agency_id: int | None = None
    agency: Value | None = None
    category: str = ""
    group: str = ""  # the category group being looked at
    area: str = ""
    place: Place | None = None
    query: str = ""  # words that the choice was searched by
    offset: int = 0
    hinted: bool = False  # told once that an answer was not understood
    offered: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """An internal note that can still be turned into a question to the citizen by one tap."""

    serial: str
    case_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The dialog of one person in one group. ``version`` counts changes, ``serial`` numbers drafts and notes.

    ``listed`` are the buttons of the list shown last, ``query`` what it was searched by ("" for all open cases).
    ``told`` is when the person was last told that they may not act, ISO 8601 in UTC, so that it is not said again at
    every word.
    """

    version: int = 0
    serial: int = 0
    draft: Draft | None = None
    remarks: tuple[Remark, ...] = ()
    listed: tuple[Button, ...] = ()
    query: str = ""
    note_album: str = ""  # the album that was kept as a note, to acknowledge it once
    told: str = ""
