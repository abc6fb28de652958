"""A spot's file: every time that the same trouble came back there, as groups and administrators read it (R52)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from workflows.case import reasons, results
from workflows.case.cards import holder, promise, state_word
from workflows.case.model import State
from workflows.case.view import CaseView, Names
from workflows.frozen import frozen
from workflows.messages import Line, Message, Value, day, moment, names, number, text, word

MOST_PHOTOS = 8  # of a series: before and after of the last four times


@frozen
class SpotCase:
    """One time: when, who held it, what was promised, what came of it. ``before`` and ``after`` are attachment ids."""

    code: str
    opened_at: datetime
    state: State
    agency: Names | None
    due: datetime | None
    extended: datetime | None
    finished_at: datetime | None
    outcome: str = ""
    result: str = ""
    decision: str = ""  # of a sanction: its number, and the amount
    fine: int = 0
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def late(self) -> bool:
        """Whether its result came after what was promised first."""
        return self.due is not None and self.finished_at is not None and self.finished_at > self.due


@frozen
class SpotFile:
    """A spot: its number, its subject, and its cases, oldest first."""

    number: int
    category: Names
    area: Names | None
    cases: tuple[SpotCase, ...]


@frozen
class SpotRow:
    """One line of a list of spots."""

    number: int
    category: Names
    area: Names | None
    times: int
    last_at: datetime


def shown(file: SpotFile) -> Message:
    """The file as one message with the series of photos."""
    head = Line(
        "spot.head",
        {
            "number": number(file.number),
            "category": names(file.category.vi, file.category.en),
            "area": _area(file.area),
            "times": number(len(file.cases)),
        },
    )
    lines = [line for at, one in enumerate(file.cases, start=1) for line in _lines(at, one)]
    media = [photo for one in file.cases for photo in (*one.before, *one.after)][-MOST_PHOTOS:]
    series = (Line("spot.series"),) if media else ()
    return Message((head, *lines, *series), media=tuple(media))


def _area(area: Names | None) -> Value:
    return names(area.vi, area.en) if area else word("desk.list.no_area")


def _lines(at: int, one: SpotCase) -> list[Line]:
    values: dict[str, Value] = {
        "turn": number(at),
        "code": text(one.code),
        "opened": day(one.opened_at.astimezone(UTC).date()),
        "agency": names(one.agency.vi, one.agency.en) if one.agency else word("card.team"),
        "state": state_word(one.state),
    }
    found = [Line("spot.time", values)]
    if one.due is not None:
        found.append(Line("spot.promised", {"due": promise(one.due)}))
    if one.extended is not None:
        found.append(Line("spot.extended", {"due": promise(one.extended)}))
    if one.outcome and one.finished_at is not None:
        ended = {
            "at": moment(one.finished_at),
            "outcome": word(reasons.label("outcome", one.outcome)),
            "text": text(one.result),
        }
        found.append(Line("spot.result_late" if one.late else "spot.result", ended))
    if one.decision:
        found.append(results.sanction_line("card", one.decision, one.fine))
    return found


def listed(spots: Iterable[SpotRow]) -> Message:
    """The spots with the most cases; each is opened by its number."""
    lines = tuple(
        Line(
            "spot.line",
            {
                "number": number(one.number),
                "category": names(one.category.vi, one.category.en),
                "area": _area(one.area),
                "times": number(one.times),
                "last": day(one.last_at.astimezone(UTC).date()),
            },
        )
        for one in spots
    )
    return Message((Line("spot.list"), *lines, Line("spot.list_how"))) if lines else Message((Line("spot.none"),))


def for_unit(view: CaseView, turn: int, spot: int) -> Message:
    """What the unit hears that enforces: where it is, who holds it, and how to read the whole file."""
    values = {
        "turn": number(turn),
        "category": names(view.category.vi, view.category.en),
        "area": _area(view.area),
        "code": text(view.case.code),
        "agency": holder(view),
        "number": number(spot),
    }
    return Message((Line("notice.unit_chronic", values),))
