"""Where one person stands in one group: the work begun on a case, the list last shown, the latest notes."""

from __future__ import annotations

from workflows.events import Place
from workflows.frozen import frozen
from workflows.intake.state import Intake
from workflows.messages import Button, Value


@frozen
class Draft:
    """One piece of work on one case, not done yet.

    ``serial`` names it in button data and begins with the person's id, so nobody can press another's
    preview. ``verb`` is the flow and ``ask`` what is awaited (flows.py). ``offered`` are the buttons shown
    last: only they can be pressed. ``revision`` is the desk's version at the last change: older previews
    and timers do not fit it. ``touched`` is an instant, ISO 8601 in UTC.
    """

    serial: str
    verb: str
    case_id: int
    code: str
    ask: str
    touched: str
    revision: int = 0
    text: str = ""  # what was said; for a corrected place the typed address
    media: tuple[str, ...] = ()  # attachment ids
    outcome: str = ""
    reason: str = ""  # a code
    days: int = 0
    agency_id: int | None = None
    agency: Value | None = None
    instrument: str = ""  # the kind that is wanted of that unit
    until: str = ""  # an extension's new date: the instant at which that day ends, ISO 8601
    reference: str = ""  # a document's number, or the body outside
    fine: int | None = None  # of a sanction, in đồng
    ticked: bool = False  # the result answers the question asked
    other_id: int | None = None  # the case to be merged into
    other: str = ""  # its code
    category: str = ""
    group: str = ""  # the category group being looked at
    area: str = ""
    area_known: bool = False  # chosen, found from the pin, or left as it is on purpose
    area_only: bool = False  # the area alone is corrected
    place: Place | None = None
    hinted: bool = False  # told once that an answer was not understood
    offered: tuple[Button, ...] = ()


@frozen
class Remark:
    """An internal note that can still be turned into a question to the citizen by one tap."""

    serial: str
    case_id: int
    text: str


@frozen
class PendingStorm:
    """A storm mode that somebody is about to switch on: for which area ("": everywhere), and what is said."""

    area: str
    text: str


@frozen
class Desk:
    """The dialog of one person in one group.

    ``version`` counts changes, ``serial`` numbers drafts, notes and lists. ``listed`` are the buttons of
    the list shown last, ``query`` what it was searched by ("" for all open cases) and ``next_offset`` where
    its next page begins (0: there is none). ``note_album`` is the album kept as a note last, to acknowledge
    it once. ``told`` is when the person was last told that they may not act, ISO 8601 in UTC, so that it is
    not said again at every word.
    """

    version: int = 0
    serial: int = 0
    draft: Draft | None = None
    intake: Intake | None = None  # a report that this person takes down for somebody
    remarks: tuple[Remark, ...] = ()
    listed: tuple[Button, ...] = ()
    query: str = ""
    next_offset: int = 0
    note_album: str = ""
    told: str = ""
    storm: PendingStorm | None = None
