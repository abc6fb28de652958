"""Where one citizen's chat stands: the draft, the question on the table, and what is expected beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from workflows.case.view import Names
from workflows.conversation.facts import Area
from workflows.messages import Button
from workflows.report import Report, ReportMedia


@dataclass(frozen=True, slots=True)
class Expect:
    """A question outside the draft that the next words or photo may answer.

    ``kind``: ``""`` none, else a name in the table of after.py. ``serial`` is its own number in button data.
    ``text`` and ``media`` are what the citizen already said and must not be lost while we ask where it belongs.
    """

    kind: str = ""
    serial: int = 0
    case_id: int = 0
    code: str = ""
    rating: int = 0
    text: str = ""
    media: tuple[ReportMedia, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """A position not yet taken as the report's: it lies near several areas, or only a photo file says so."""

    lat: float
    lon: float
    address: str = ""
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialog:
    """One citizen's chat; the whole of it is kept as one document between events.

    ``version`` grows with every event that is answered or gathered, so that an older timer knows it is stale.
    ``count`` is where serials come from; ``serial`` is the draft's (0: no draft), ``sent`` the one sent last.
    ``step`` is the question on the table ("" without a draft), ``aside`` an interruption of it (danger, cancel …).
    ``skipped`` holds steps passed over on purpose; ``editing``: back leads to the review. ``group`` is the opened
    category group. ``offered`` are the buttons of our last question, in order. ``described_by`` and
    ``addressed_by`` are the citizen's messages that gave the description and the address, in case they are edited.
    ``heard_at`` is the last answered event in seconds since 1970, ``reminded`` whether silence was mentioned.
    """

    version: int = 0
    count: int = 0
    serial: int = 0
    sent: int = 0
    step: str = ""
    aside: str = ""
    report: Report = field(default_factory=Report)
    area_names: Names | None = None
    skipped: tuple[str, ...] = ()
    editing: bool = False
    group: str = ""
    found: tuple[str, ...] = ()
    nearby: Spot | None = None
    photo_spot: Spot | None = None
    warned: tuple[str, ...] = ()
    offered: tuple[Button, ...] = ()
    described_by: str = ""
    addressed_by: str = ""
    album: str = ""
    campaign: str = ""
    heard_at: float = 0.0
    reminded: bool = False
    expect: Expect = field(default_factory=Expect)
    filed_case: int = 0
    filed_code: str = ""
    filed_at: float = 0.0

    @property
    def drafting(self) -> bool:
        """Whether a report is being made."""
        return self.serial > 0
