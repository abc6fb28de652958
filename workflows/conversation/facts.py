"""What the conversation may know about the world for one event; loaded by the handler, never looked up here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import datetime
from typing import Literal

from workflows.about_officials import OfficialWords
from workflows.case.model import RATINGS, State
from workflows.case.view import Names
from workflows.conversation.categories import CategoryTree
from workflows.conversation.limits import Limits
from workflows.events import Place
from workflows.frozen import frozen
from workflows.messages import Button, Line
from workflows.report import Report


@frozen
class Area:
    """A commune, ward or special zone: its code in the store and its names.

    ``formerly``: the old name by which it was found, when somebody typed one.
    """

    code: str
    names: Names
    formerly: Names | None = None


@frozen
class Located:
    """Where a position falls.

    ``inside``: ``areas`` holds the one it lies in. ``near``: between areas, ``areas`` holds the (at most
    three) candidates, nearest first. ``outside``: beyond the province; ``served_by`` says who serves it,
    if known. ``unmapped``: no areas were imported. ``nowhere``: not a plausible position (out of range,
    or 0,0).
    """

    kind: Literal["inside", "near", "outside", "unmapped", "nowhere"]
    areas: tuple[Area, ...] = ()
    served_by: Names | None = None


@frozen
class CaseLine:
    """One of the person's own cases, as much as the conversation needs to name it and to know what is open in it.

    ``question_open``: the agency or the operators wait for the citizen's answer (need_info).
    ``rating_open``: a result was given and may still be rated or disputed. ``due`` is what the citizen
    was promised last. ``appeal_open``, ``reopen_open``, ``revival_open``: a leader may be asked (T25b), a closed case
    disputed (T27), a cancelled one asked to be taken up again (T28). ``joint``: others reported it too. ``joiner``:
    the person is one of these others. ``about_officials``: the unit that it is about does not see it.
    ``levels``: of rating, best first, by the policy of the case.
    """

    id: int
    code: str
    state: State
    category: Names
    opened_at: datetime
    agency: Names | None = None
    due: datetime | None = None
    question_open: bool = False
    rating_open: bool = False
    rating: int | None = None
    appeal_open: bool = False
    reopen_open: bool = False
    revival_open: bool = False
    joint: bool = False
    about_officials: bool = False
    joiner: bool = False
    levels: tuple[int, ...] = RATINGS


@frozen
class Unit:
    """An agency that a report may be about."""

    id: int
    names: Names


@frozen
class BoundCase:
    """The own case that the message being replied to was about, and that message's purpose (see effects.Say)."""

    case: CaseLine
    purpose: str = ""


@frozen
class NearCase:
    """An open case near the place of a report, as much as others may see of it (domain.md 5.10): no words, no person.

    ``metres`` is rounded up to tens, ``days`` since it was opened. ``photo`` is an attachment id, "" for none or where
    the policy shows none. ``own``: the person reported it, alone or with others.
    """

    id: int
    code: str
    category: Names
    state: State
    metres: int
    days: int
    agency: Names | None = None
    photo: str = ""
    own: bool = False


@frozen
class Around:
    """What is around the place of a report. ``alike`` and ``earlier`` are ids: cases that may be the same matter, and
    cases of the same subject that ended at this spot; who reports never hears of these two."""

    offers: tuple[NearCase, ...] = ()
    alike: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()


@frozen
class Needs:
    """Which costly facts one event asks for; everything else is at hand with the person's row.

    ``locate``: a position for ``Facts.located``. ``address``: typed words for ``Facts.named``. ``code`` or
    ``case_id``: the own case for ``Facts.asked``. ``bound``: the case of ``Envelope.reply_to``.
    ``cases``: the person's recent cases. ``sent_today``: how many reports they sent in this day. ``around``: a report
    with a position that is about to be sent, for ``Facts.around``.
    ``units``: words for ``Facts.units``, "" for those that answer in the area ``units_in``, None when not needed.
    """

    locate: Place | None = None
    address: str = ""
    code: str = ""
    case_id: int | None = None
    bound: bool = False
    cases: bool = False
    sent_today: bool = False
    units: str | None = None
    units_in: str = ""
    around: Report | None = None


def _no_spelling(_: Button) -> Sequence[str]:
    return ()


@frozen
class Facts:
    """The world at one event. Fields not asked for by ``needs`` may keep their defaults.

    ``at``: the moment of the event, UTC. ``language``: vi or en. ``consent``: the version that the person
    accepted (0: none), ``consent_version`` the one in force. ``located``, ``named`` (areas whose names occur in a
    typed address), ``asked``, ``bound``, ``cases`` (newest first), ``sent_today``: see ``Needs``; cases
    are only ever the person's own. ``fresh``: a random id for an attachment, new for each event.
    ``locations``: this platform can send a position, ``numbers``: it writes each choice with its number.
    ``spell``: a button's words in all languages, plain. ``danger_words``, ``formal_words``,
    ``secret_words``, ``official_words``: what the lookout listens for. ``has_line``: there is an inspection line for
    reports about officials. ``units``: see ``Needs``.
    """

    at: datetime
    categories: CategoryTree
    language: str = "vi"
    consent: int = 0
    consent_version: int = 1
    located: Located | None = None
    named: tuple[Area, ...] = ()
    asked: CaseLine | None = None
    bound: BoundCase | None = None
    cases: tuple[CaseLine, ...] = ()
    sent_today: int = 0
    around: Around | None = None
    blocked_until: datetime | None = None
    block_reason: str = ""
    required: tuple[tuple[str, tuple[str, ...]], ...] = ()  # category ("" any) and the parts that the policy wants
    limits: Limits = field(default_factory=Limits)
    fresh: str = ""
    spell: Callable[[Button], Sequence[str]] = _no_spelling
    locations: bool = True
    numbers: bool = False
    case_prefix: str = "PA"
    danger_words: tuple[str, ...] = ()
    formal_words: tuple[str, ...] = ()
    secret_words: tuple[str, ...] = ()
    banners: tuple[Line, ...] = ()  # what everybody should read first: a storm
    official_words: OfficialWords = field(default_factory=OfficialWords)
    has_line: bool = False
    units: tuple[Unit, ...] = ()


def wanted(part: str, category: str, facts: Facts) -> bool:
    """Whether the policy wants this part (photo, name, phone) of a report about this category."""
    leaf = facts.categories.leaf(category)
    names = {"", leaf.code, leaf.parent} if leaf else {""}
    return any(part in parts for name, parts in facts.required if name in names)
