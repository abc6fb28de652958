"""What the desk must know about one event in one group; asked for by ``needs``, gathered by the handler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import UTC, date, datetime, time
from typing import Literal

from workflows.about_officials import OfficialWords
from workflows.actions import Action
from workflows.case.model import Role, State
from workflows.case.view import CaseView, Names
from workflows.conversation.categories import CategoryTree
from workflows.conversation.facts import Area, Located
from workflows.duty.shown import Shown
from workflows.events import Place
from workflows.frozen import frozen
from workflows.messages import Button, Line
from workflows.privacy import Censor, no_tables
from workflows.storm.shown import OnNow

Status = Literal["confirmed", "pending", "not_member", "unknown", "anonymous"]
Linked = Literal["", "agency", "operators"]

PAGE = 10  # cases on one page of a list
CHOICES = 8  # agencies, areas or categories shown at once; the rest is found by words


@frozen
class Actor:
    """Who did it. ``name`` is for colleagues in the group only.

    ``status``: ``confirmed``: on record for this group and a member of it now; ``pending``: a member whom
    nobody has confirmed yet; ``not_member``: not in the group; ``unknown``: the platform could not be
    asked; ``anonymous``: hiding behind the group. Only the first may act. ``number`` is what the person signs in
    with on a case's page, 0 where there are no pages or nobody has confirmed them.
    """

    person_id: int
    name: str
    roles: frozenset[Role]
    status: Status
    number: int = 0


@frozen
class CardLine:
    """One case in a list. ``due``: the nearest due instant; ``days_left``: working days, negative when late.

    ``degree``: how far it is overdue, in terms.
    """

    id: int
    code: str
    category: Names
    area: Names | None
    state: State
    due: datetime | None = None
    days_left: int | None = None
    urgent: bool = False
    holder: Names | None = None  # whose it is, where it is not the group's own
    degree: int = 0


@frozen
class Term:
    """Days on which somebody is a delegate, or away, up to the end of ``last``; ``first`` is told until it has come."""

    last: date
    first: date | None = None


@frozen
class Colleague:
    """Somebody on record for the group's unit, for colleagues there only.

    ``number``: as `staff list` shows it. ``role``: pending, member, focal or head. ``acts``: a delegate of the head,
    now or on days to come; ``away``: a head who is away, or will be.
    """

    number: int
    name: str
    role: str
    me: bool = False
    acts: Term | None = None
    away: Term | None = None


@frozen
class AgencyChoice:
    """An agency that a case may be given to, or asked for an instrument of this kind."""

    id: int
    names: Names
    instrument: str = ""


@frozen
class Filed:
    """The case that has a number of another channel already; ``code`` is "" where this group may not see it."""

    case_id: int
    code: str


@frozen
class CallLine:
    """A notice that must be told by telephone, since its reader has no chat: what is to be told, and since when."""

    case_id: int
    code: str
    lines: tuple[Line, ...]
    since: datetime


@frozen
class Stock:
    """Words that the unit sends often (R43); ``title`` is the button's."""

    id: int
    title: str
    text: str


@frozen
class Moved:
    """Who moved a case last and when, for somebody who came too late. ``officer`` is "" for a timer."""

    officer: str
    agency: Names | None
    at: datetime


@frozen
class Needs:
    """What ``decide`` will ask of the facts for this event; the handler fetches this and nothing else.

    ``actor``: whether ``Actor.status`` will be looked at (it may cost a question to the platform); id and
    name are always given. The case that the event is about is the first found of: the case to which the
    message ``replied`` is bound, the case with ``code`` (as in the store), the case ``case_id``. ``cards``:
    a page of the group's open cases, oldest due first, or of those within its rights that match ``search``,
    from ``offset`` on, at most ``PAGE + 1``, so that the desk sees whether there are more. ``agencies`` and
    ``areas``: words to search by, "" for all, None when not needed; at most ``CHOICES + 1``; without words
    the routing's proposal comes first. ``branch``: only the units under the case's agency;
    ``any_unit``: whichever there is. ``locate``: a
    position for ``DeskFacts.located``. ``address``: words for ``DeskFacts.named``, the areas that they name.
    ``instruments``: with those who own instruments first. ``dates``: days to which the case's due date may be extended,
    or (``ahead``) the next working days. ``stock``: the move for which the unit's stock replies are wanted.
    ``other``: the code of another case of this group.
    ``duty``: the shift that runs and the next one; ``storms``: those that are on.
    """

    actor: bool = False
    replied: str | None = None
    code: str = ""
    case_id: int | None = None
    cards: bool = False
    search: str = ""
    offset: int = 0
    agencies: str | None = None
    branch: bool = False
    any_unit: bool = False
    instruments: bool = False
    areas: str | None = None
    locate: Place | None = None
    address: str = ""
    categories: bool = False
    dates: bool = False
    stock: str = ""
    ahead: bool = False
    other: str = ""
    number: str = ""  # of another channel, as it is compared: whether there is a case with it in ``channel``
    channel: str = ""
    calls: bool = False  # what must be told by telephone
    duty: bool = False
    storms: bool = False
    people: bool = False  # everybody on record for the group's unit


def _ends(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


@frozen
class DeskFacts:
    """The group, the person, and the case that the event is about.

    ``view`` and ``actions`` (the moves open to this actor) are None and empty when there is no such case,
    or when it is not this group's (``view_refused``). ``bound_purpose`` is the purpose of our message that
    was answered, "" when it was none of ours; ``offered_on_card`` the buttons of that message as it stands,
    or, when the case was named by its code, those of its current card here. ``dates``: ends of the days proposed for
    an extension; ``ends``: when a day ends here. ``other``: the case that was named. ``fresh`` is a random id for an
    attachment. ``meanwhile``: the words of ``flows.MEANWHILE``, in order. ``replies``: whether people can answer a
    certain message on this platform. ``stock``: the unit's replies for it.
    ``censor`` finds personal data in words and takes it out.
    """

    at: datetime
    linked: Linked
    actor: Actor
    spell: Callable[[Button], Sequence[str]]
    language: str = "vi"
    agency_id: int | None = None
    agency: Names | None = None
    view: CaseView | None = None
    actions: tuple[Action, ...] = ()
    view_refused: bool = False
    moved: Moved | None = None
    cards: tuple[CardLine, ...] = ()
    agencies: tuple[AgencyChoice, ...] = ()
    areas: tuple[Area, ...] = ()
    located: Located | None = None
    named: tuple[Area, ...] = ()
    dates: tuple[datetime, ...] = ()
    stock: tuple[Stock, ...] = ()
    ends: Callable[[date], datetime] = _ends
    other: CaseView | None = None
    filed: Filed | None = None
    official_words: OfficialWords = field(default_factory=OfficialWords)
    danger_words: tuple[str, ...] = ()
    calls: tuple[CallLine, ...] = ()
    categories: CategoryTree = field(default_factory=CategoryTree)
    bound_purpose: str = ""
    offered_on_card: tuple[Button, ...] = ()
    fresh: str = ""
    case_prefix: str = "PA"
    replies: bool = True
    meanwhile: tuple[str, ...] = ("", "", "")
    duty: tuple[Shown | None, Shown | None] = (None, None)
    storms: tuple[OnNow, ...] = ()
    people: tuple[Colleague, ...] = ()
    today: date | None = None  # given with ``people`` and ``dates``
    censor: Censor = field(default_factory=lambda: Censor(no_tables, {}))
