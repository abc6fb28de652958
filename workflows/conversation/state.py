"""Where one citizen's chat stands: the draft, the question on the table, and what is expected beside it."""

from __future__ import annotations

from dataclasses import field

from workflows.case.view import Names
from workflows.conversation.facts import Area, NearCase
from workflows.frozen import frozen
from workflows.messages import Button
from workflows.report import Report, ReportMedia


@frozen
class Expect:
    """A question outside the draft that the next words or photo may answer.

    ``kind``: ``""`` none, else a name in the table of after.py. ``serial`` is its own number in button data,
    ``at`` when it was asked, in seconds since 1970. ``text`` and ``media`` are what the citizen already said
    and must not be lost while we ask where it belongs; ``lat``/``lon`` a position said in the same way.
    """

    kind: str = ""
    serial: int = 0
    at: float = 0.0
    case_id: int = 0
    code: str = ""
    text: str = ""
    media: tuple[ReportMedia, ...] = ()
    lat: float | None = None
    lon: float | None = None
    about_officials: bool = False  # the case is, so what is said about it is read by nobody whom it is about

    @property
    def holds_something(self) -> bool:
        """Whether the citizen's own words or media would be lost if this question were forgotten."""
        return bool(self.text or self.media) or self.lat is not None


@frozen
class Spot:
    """A place not yet taken as the report's: it lies near several areas, or only a photo file says so."""

    lat: float | None = None
    lon: float | None = None
    address: str = ""
    areas: tuple[Area, ...] = ()


@frozen
class Dialog:
    """One citizen's chat; the whole of it is kept as one document between events.

    ``version``: grows with every event that is answered or gathered, so that an older timer is known as
    stale. ``count``: where serials come from. ``serial``: the draft's (0: no draft). ``sent``: the draft
    sent last. ``step``: the question on the table. ``aside``: an interruption of it (danger, cancel …).
    ``agreed``: the version of the consent given in this chat. ``skipped``: steps passed over on purpose.
    ``editing``: one answer is being changed, back leads to the review. ``group``, ``found``: what the
    category question shows. ``unit_names``: of the unit that the report is about.
    ``nearby``: a place that needs one more choice. ``photo_spot``: where a photo
    file says it was taken. ``warned``: what the citizen has been told already (danger, formal, secret), ``heard``:
    what was noticed of it in words that are not in the report.
    ``offered``: the buttons of our last question, in order. ``described_by``, ``addressed_by``: the
    citizen's messages that gave the description and the address, in case they are edited. ``gathered``,
    ``others``, ``excess``: pictures taken, other files taken, and files refused since our last answer.
    ``album``: whether an album is still coming in. ``campaign``: a deep link's tag, until the draft begins.
    ``wished``: a place keyboard is on the screen. ``heard_at``: the last answered event, seconds since 1970.
    ``watch``: number of the silence timer in charge. ``reminded``: whether silence was mentioned.
    ``compared``: the place and category that were compared with other cases, ``near`` those that were offered,
    ``alike`` and ``earlier`` further ones (facts.Around).
    ``filed_…``: the case that words or media last went to, and when.
    """

    version: int = 0
    count: int = 0
    serial: int = 0
    sent: int = 0
    step: str = ""
    aside: str = ""
    agreed: int = 0
    report: Report = field(default_factory=Report)
    area_names: Names | None = None
    unit_names: Names | None = None
    skipped: tuple[str, ...] = ()
    editing: bool = False
    group: str = ""
    found: tuple[str, ...] = ()
    nearby: Spot | None = None
    photo_spot: Spot | None = None
    warned: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    offered: tuple[Button, ...] = ()
    described_by: str = ""
    addressed_by: str = ""
    gathered: int = 0
    others: int = 0
    excess: int = 0
    album: bool = False
    campaign: str = ""
    wished: bool = False
    heard_at: float = 0.0
    watch: int = 0
    reminded: bool = False
    compared: str = ""
    near: tuple[NearCase, ...] = ()
    alike: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()
    expect: Expect = field(default_factory=Expect)
    filed_case: int = 0
    filed_code: str = ""
    filed_at: float = 0.0

    @property
    def drafting(self) -> bool:
        """Whether a report is being made."""
        return self.serial > 0


def cleared(dialog: Dialog) -> Dialog:
    """The chat without its draft and without open questions; what belongs to the chat itself stays."""
    return Dialog(
        version=dialog.version,
        count=dialog.count,
        sent=dialog.sent,
        agreed=dialog.agreed,
        wished=dialog.wished,
        campaign=dialog.campaign,
        filed_case=dialog.filed_case,
        filed_code=dialog.filed_code,
        filed_at=dialog.filed_at,
    )
