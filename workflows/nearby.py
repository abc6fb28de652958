"""Near by: which cases lie so close and are so alike that they may be one matter, or the same matter once more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import cos, floor, hypot, radians

from workflows.case.model import WITH_RESULT, Case, State
from workflows.case.policy import FARTHEST, Chronic, Near
from workflows.conversation.evidence import features
from workflows.frozen import frozen
from workflows.lookout import APART

METRES_OF_A_DEGREE = 111_320
NARROWEST = 0.9  # of that is a degree from west to east in the north of Vietnam
GRID = floor(METRES_OF_A_DEGREE * NARROWEST / FARTHEST)  # cells to a degree: near is the same cell or one beside it
FEWEST = 5  # words and pairs: three words; of fewer nothing can be told
SHARED = 0.6  # of the shorter text's words and pairs of words: with so many in common it is the same matter (measured)

# Where a case may stand to be joined: passed on and therefore public (domain.md 5.10), and without a result.
JOINABLE = (State.NEED_INFO, State.ASSIGNED, State.IN_PROGRESS, State.TRANSFER_REQUESTED, State.SCHEDULED)
UNFINISHED = (State.RECEIVED, *JOINABLE, State.RESULT_SUBMITTED, State.REVIEW_REQUESTED)


@frozen
class Here:
    """What is being reported, where, by whom, and when."""

    lat: float
    lon: float
    category: str
    text: str
    person_id: int
    at: datetime


@frozen
class Found:
    """A case of the store near some place. ``text``: its reporter's words, never shown, only compared."""

    id: int
    case: Case
    lat: float
    lon: float
    text: str = ""


@frozen
class Close:
    """A case and how many metres it lies away."""

    found: Found
    metres: float


@frozen
class Around:
    """What is known around a new report: what may be joined, what may be a duplicate, and what ended here before."""

    offers: tuple[Close, ...] = ()
    alike: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()


def cell(lat: float, lon: float) -> str:
    """The cell of the grid in which a position lies; the store finds positions by it."""
    return f"{floor(lat * GRID)}:{floor(lon * GRID)}"


def cells_around(lat: float, lon: float) -> tuple[str, ...]:
    """The position's cell and the eight beside it."""
    row, column = floor(lat * GRID), floor(lon * GRID)
    return tuple(f"{row + up}:{column + right}" for up in (-1, 0, 1) for right in (-1, 0, 1))


def box(lat: float, reach: float) -> tuple[float, float]:
    """So many metres in degrees, to the north and to the east; to the east a little too much."""
    return reach / METRES_OF_A_DEGREE, reach / (METRES_OF_A_DEGREE * cos(radians(abs(lat) + 1)))


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance of two places that lie near each other; the earth is flat at this scale."""
    narrowing = cos(radians((lat + other_lat) / 2))
    return hypot(other_lat - lat, (other_lon - lon) * narrowing) * METRES_OF_A_DEGREE


def around(here: Here, found: Iterable[Found], near: Near, chronic: Chronic) -> Around:
    """What of ``found`` matters to the new report. What is about officials is not there at all (R61)."""
    visible = [one for one in found if not one.case.sensitive]
    close = sorted(
        (Close(one, metres(here.lat, here.lon, one.lat, one.lon)) for one in visible),
        key=lambda one: (one.metres, -one.found.id),
    )
    alike = [one for one in close if _is_near(one, here, near) and similar(here, one.found)]
    offers = [one for one in alike if may_be_offered(one.found.case, near)]
    return Around(
        offers=tuple(offers[: near.offers]),
        alike=tuple(one.found.id for one in alike[: near.offers]),
        earlier=_earlier(here, close, chronic),
    )


def _is_near(one: Close, here: Here, near: Near) -> bool:
    case = one.found.case
    fresh = case.opened_at > here.at - timedelta(days=near.days)
    return fresh and one.metres <= near.metres and case.state in UNFINISHED


def may_be_offered(case: Case, near: Near) -> bool:
    """Whether other citizens may be shown this case, and join it: it is public, and it gives nobody away.

    A category that the policy names is never shown: whose neighbour is loud knows who can have complained.
    """
    public = case.state in JOINABLE and case.assigned_at is not None and not case.sensitive
    return public and case.category not in near.never and not APART & set(case.flags)


def similar(here: Here, one: Found) -> bool:
    """The same category, or mostly the same words: one matter may be filed under this or that."""
    return here.category == one.case.category or alike(here.text, one.text)


def alike(text: str, other: str) -> bool:
    """Whether two texts share most of their words and neighbouring words, diacritics and short forms aside."""
    one, two = features(text), features(other)
    shortest = min(len(one), len(two))
    return shortest >= FEWEST and len(one & two) / shortest >= SHARED


def _earlier(here: Here, close: Iterable[Close], chronic: Chronic) -> tuple[int, ...]:
    """Cases of the same subject that got their result at this spot, newest first, if the last is old enough."""
    since, until = here.at - timedelta(days=chronic.days), here.at - timedelta(days=chronic.after)
    same = [one.found for one in close if one.metres <= chronic.metres and one.found.case.category == here.category]
    ended = [(one.case.finished_at, one.id) for one in same if one.case.state in WITH_RESULT and one.case.finished_at]
    recent = sorted(((at, number) for at, number in ended if at >= since), reverse=True)
    return tuple(number for _, number in recent) if recent and recent[0][0] <= until else ()
