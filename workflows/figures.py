"""The figures of a period: which case counts in which cell, and whether every partition adds up (domain.md 5.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Literal, TypeVar

from workflows.actions import Action
from workflows.case.model import OUTCOMES, RATINGS, Case, CaseEvent, State
from workflows.case.replay import apply
from workflows.case.running import open_pledge
from workflows.frozen import frozen

Split = Literal["", "area", "agency", "category", "channel"]
Timing = Literal["on_time", "extended", "late"]
Cells = dict[str, int]

# The bucket of each state; one that waits for the citizen counts where it goes back to.
BUCKETS: dict[str, str] = {
    State.RECEIVED: "waiting",
    State.ASSIGNED: "processing",
    State.IN_PROGRESS: "processing",
    State.TRANSFER_REQUESTED: "processing",
    State.SCHEDULED: "processing",
    State.RESULT_SUBMITTED: "processing",
    State.RESOLVED: "finished",
    State.ANSWERED: "finished",
    State.REVIEW_REQUESTED: "finished",
    State.CLOSED: "finished",
    State.CANCELLED: "cancelled",
    State.MERGED: "merged",
    State.REFERRED_OUT: "referred",
}
BY_CHAT = "chat"  # the channel of what its reporter sent, and nobody took down
UNDIVIDED = "*"  # the line of sensitive cases, whatever the figures are divided by (R61)
FEWEST = 5  # sensitive cases that may be told apart by anything at all


@frozen
class Period:
    """From ``start`` up to ``end``, which is no longer in it; cases stand as they stood just before ``end``."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Whether something that happened at ``at`` happened in the period."""
        return self.start <= at < self.end


@frozen
class Scope:
    """Whose cases count; empty: everybody's. ``split``: what the lines are, besides the total.

    With an area or agencies named, sensitive cases are left out; ``sensitive`` False leaves them out anyway.
    """

    area: str = ""
    agencies: frozenset[int] | None = None
    categories: frozenset[str] | None = None
    split: Split = ""
    sensitive: bool = True

    @property
    def with_sensitive(self) -> bool:
        """A figure with a unit's or a place's name on it never counts a report about its officials (R61)."""
        return self.sensitive and not self.area and self.agencies is None

    def holds(self, case: Case, *, hidden: bool) -> bool:
        """Whether the case counts. ``hidden``: it is sensitive now, whatever it was then."""
        if hidden and not self.with_sensitive:
            return False
        return (
            (not self.area or case.area == self.area)
            and (self.agencies is None or case.agency_id in self.agencies)
            and (self.categories is None or case.category in self.categories)
        )

    def line(self, case: Case, *, hidden: bool) -> str:
        """The line in which the case counts: a code, or an agency's id as text; "" is none."""
        if not self.split:
            return ""
        if hidden:
            return UNDIVIDED
        lines = {"area": case.area, "agency": case.agency_id, "category": case.category}
        found = (lines | {"channel": case.channel or BY_CHAT})[self.split]
        return "" if found is None else str(found)


@frozen
class Standing:
    """Where a case stands at one instant, as far as a cell needs it."""

    line: str
    state: str
    return_state: str | None
    timing: Timing
    reopened: bool
    outcome: str
    rating: int | None
    disputed: bool

    @property
    def bucket(self) -> str:
        """Which part of the total it is in; "" for a state that no bucket knows."""
        if self.state == State.NEED_INFO:
            return BUCKETS.get(self.return_state or State.RECEIVED, "")
        return BUCKETS.get(self.state, "")


@frozen
class Result:
    """One result that was accepted, of whichever cycle."""

    line: str
    timing: Timing
    reworked: bool
    outcome: str


@frozen
class Interaction:
    """What a citizen wrote of their own accord, from the first message to the answer (R79)."""

    line: str
    answered: bool
    in_time: bool


@frozen
class Promise:
    """A date that a result promised, and what became of it (R111).

    ``ended``: ``kept``, ``replaced`` (the case was taken up again before it was), or "" as long as it is open.
    ``in_time``: that happened, or the period ended, by the promised date.
    """

    line: str
    ended: str
    in_time: bool


@frozen
class Identity:
    """``total`` is the sum of ``parts``; all of them are names of cells."""

    total: str
    parts: tuple[str, ...]


@frozen
class Figures:
    """One table: the total, and each line of it."""

    total: Cells
    lines: dict[str, Cells] = field(default_factory=dict)


# --- from a case to what is counted ---


def standing_of(case: Case, at: datetime, scope: Scope, *, hidden: bool) -> Standing:
    """How a case that is ``case`` at the instant ``at`` counts."""
    return Standing(
        scope.line(case, hidden=hidden),
        case.state,
        case.return_state,
        timing_of(case, at),
        case.cycle > 1,
        case.outcome,
        case.rating,
        case.disputed,
    )


def timing_of(case: Case, at: datetime) -> Timing:
    """Against the date that was promised; what has no result or end yet is measured at ``at``.

    ``extended``: by the extended date, not by the first one. The clock stops with the result (T18), not with its check.
    """
    due = case.resolve_due or case.forward_due
    measured = case.finished_at or case.closed_at or at
    if due is None:
        return "on_time"
    if measured > due:
        return "late"
    return "on_time" if case.first_due is None or measured <= case.first_due else "extended"


def as_of(events: Sequence[CaseEvent], at: datetime) -> Sequence[CaseEvent]:
    """The history as it was at ``at``: up to the last event before it."""
    known = [event.seq for event in events if event.at < at]
    return [event for event in events if known and event.seq <= known[-1]]


def results_of(events: Iterable[CaseEvent], period: Period, scope: Scope, *, hidden: bool) -> Iterator[Result]:
    """Every result of a history that was accepted in the period, each as it was then."""
    for event, case in _steps(events):
        secret = hidden or case.sensitive
        if event.action is Action.ACCEPT_RESULT and period.holds(event.at) and scope.holds(case, hidden=secret):
            line = scope.line(case, hidden=secret)
            yield Result(line, timing_of(case, event.at), case.cycle > 1, case.outcome)


def interactions_of(
    events: Sequence[CaseEvent], period: Period, scope: Scope, *, hidden: bool
) -> Iterator[Interaction]:
    """Every message of a history that began to wait in the period, and what has become of it at the end."""
    began: tuple[Case, CaseEvent] | None = None
    for event, case in _steps(as_of(events, period.end)):
        if began is None and case.thread_due is not None:
            began = (case, event)
        elif began is not None and case.thread_due is None:
            yield from _interaction(began, event, period, scope, hidden=hidden)
            began = None
    if began is not None:
        yield from _interaction(began, None, period, scope, hidden=hidden)


def _interaction(
    began: tuple[Case, CaseEvent], ended: CaseEvent | None, period: Period, scope: Scope, *, hidden: bool
) -> Iterator[Interaction]:
    case, first = began
    secret = hidden or case.sensitive
    if case.thread_due is None or not period.holds(first.at) or not scope.holds(case, hidden=secret):
        return
    until = ended.at if ended else period.end
    yield Interaction(scope.line(case, hidden=secret), ended is not None, until <= case.thread_due)


def promises_of(events: Sequence[CaseEvent], period: Period, scope: Scope, *, hidden: bool) -> Iterator[Promise]:
    """Every date that a history promised in the period, and what has become of it at the end."""
    began: tuple[Case, CaseEvent] | None = None
    for event, case in _steps(as_of(events, period.end)):
        due = open_pledge(case)
        if began is None and due is not None:
            began = (case, event)
        elif began is not None and due is None:
            yield from _promise(began, event, period, scope, hidden=hidden)
            began = None
    if began is not None:
        yield from _promise(began, None, period, scope, hidden=hidden)


def _promise(
    began: tuple[Case, CaseEvent], ended: CaseEvent | None, period: Period, scope: Scope, *, hidden: bool
) -> Iterator[Promise]:
    case, first = began
    secret = hidden or case.sensitive
    if case.pledged_until is None or not period.holds(first.at) or not scope.holds(case, hidden=secret):
        return
    how = "" if ended is None else "kept" if ended.action is Action.KEEP_PROMISE else "replaced"
    until = ended.at if ended else period.end
    yield Promise(scope.line(case, hidden=secret), how, until <= case.pledged_until)


def _steps(events: Iterable[CaseEvent]) -> Iterator[tuple[CaseEvent, Case]]:
    case: Case | None = None
    for event in events:
        case = apply(case, event)
        yield event, case


# --- the cells, as tables ---


def _bucket(name: str) -> Callable[[Standing], bool]:
    return lambda one: one.bucket == name


def _finished(timing: Timing) -> Callable[[Standing], bool]:
    return lambda one: one.bucket == "finished" and one.timing == timing


def _rated(level: int) -> Callable[[Standing], bool]:
    return lambda one: one.bucket == "finished" and one.rating == level


def _silent(one: Standing) -> bool:
    return one.state == State.CLOSED and one.rating is None and not one.disputed


def _claimed(one: Standing) -> bool:
    return one.bucket == "finished" and one.outcome == "fixed"


BY_CASE: dict[str, Callable[[Standing], bool]] = {
    "received": lambda one: True,
    "waiting": _bucket("waiting"),
    "processing": _bucket("processing"),
    "finished": _bucket("finished"),
    "cancelled": _bucket("cancelled"),
    "merged": _bucket("merged"),
    "referred": _bucket("referred"),
    "accepted": lambda one: one.bucket in ("processing", "finished"),
    "on_time": _finished("on_time"),
    "extended": _finished("extended"),
    "late": _finished("late"),
    "within_term": lambda one: one.bucket == "processing" and one.timing != "late",
    "past_term": lambda one: one.bucket == "processing" and one.timing == "late",
    "first_round": lambda one: one.bucket == "processing" and not one.reopened,
    "back_in_processing": lambda one: one.bucket == "processing" and one.reopened,
    "waiting_past_term": lambda one: one.bucket == "waiting" and one.timing == "late",
    "cancelled_late": lambda one: one.bucket == "cancelled" and one.timing == "late",
    "contested": lambda one: one.state == State.REVIEW_REQUESTED,
    "reopened": lambda one: one.reopened,
    "claimed_solved": _claimed,
    "confirmed_solved": lambda one: _claimed(one) and one.rating is not None and one.rating >= 3,
    **{f"rated_{level}": _rated(level) for level in RATINGS},
    "silent": lambda one: one.bucket == "finished" and _silent(one),
    "unrated": lambda one: one.bucket == "finished" and one.rating is None and not _silent(one),
    "distinct": lambda one: one.bucket != "merged",
}
BY_CYCLE: dict[str, Callable[[Result], bool]] = {
    "results": lambda one: True,
    "on_time": lambda one: one.timing == "on_time",
    "extended": lambda one: one.timing == "extended",
    "late": lambda one: one.timing == "late",
    "first_results": lambda one: not one.reworked,
    "reworked_results": lambda one: one.reworked,
    **{kind: (lambda one, kind=kind: one.outcome == kind) for kind in OUTCOMES},  # type: ignore[misc]
}
BY_INTERACTION: dict[str, Callable[[Interaction], bool]] = {
    "messages": lambda one: True,
    "answered_in_time": lambda one: one.answered and one.in_time,
    "answered_late": lambda one: one.answered and not one.in_time,
    "unanswered": lambda one: not one.answered and one.in_time,
    "unanswered_late": lambda one: not one.answered and not one.in_time,
}
BY_PROMISE: dict[str, Callable[[Promise], bool]] = {
    "promises": lambda one: True,
    "promises_kept": lambda one: one.ended == "kept" and one.in_time,
    "promises_kept_late": lambda one: one.ended == "kept" and not one.in_time,
    "promises_open": lambda one: not one.ended and one.in_time,
    "promises_replaced": lambda one: one.ended == "replaced" and one.in_time,
    "promises_broken": lambda one: one.ended != "kept" and not one.in_time,
}
CASE_IDENTITIES = (
    Identity("received", ("waiting", "processing", "finished", "cancelled", "merged", "referred")),
    Identity("accepted", ("processing", "finished")),
    Identity("finished", ("on_time", "extended", "late")),
    Identity("processing", ("within_term", "past_term")),
    Identity("processing", ("first_round", "back_in_processing")),
    Identity("finished", (*(f"rated_{level}" for level in RATINGS), "silent", "unrated")),
    Identity("received", ("distinct", "merged")),
)
CYCLE_IDENTITIES = (
    Identity("results", ("on_time", "extended", "late")),
    Identity("results", ("first_results", "reworked_results")),
    Identity("results", OUTCOMES),
)
INTERACTION_IDENTITIES = (Identity("messages", ("answered_in_time", "answered_late", "unanswered", "unanswered_late")),)
PROMISE_IDENTITIES = (
    Identity(
        "promises",
        ("promises_kept", "promises_kept_late", "promises_open", "promises_replaced", "promises_broken"),
    ),
)

T = TypeVar("T", Standing, Result, Interaction, Promise)


def add_up(counted: Mapping[T, int], cells: Mapping[str, Callable[[T], bool]]) -> Figures:
    """Each cell counted for itself, in total and line by line; none is the difference of others."""
    lines: dict[str, Counter[str]] = {}
    for one, count in counted.items():
        line = lines.setdefault(one.line, Counter())
        line.update({name: count for name, counts in cells.items() if counts(one)})
    total: Counter[str] = sum(lines.values(), Counter())
    filled = {name: {cell: line[cell] for cell in cells} for name, line in sorted(lines.items())}
    return Figures({cell: total[cell] for cell in cells}, filled)


def broken(figures: Figures, identities: Iterable[Identity]) -> list[str]:
    """Every identity that does not hold, with its numbers: ``line: total 5 = a 3 + b 1``."""
    found: list[str] = []
    for name, cells in (("", figures.total), *figures.lines.items()):
        for one in identities:
            if cells[one.total] != sum(cells[part] for part in one.parts):
                parts = " + ".join(f"{part} {cells[part]}" for part in one.parts)
                found.append(f"{name + ': ' if name else ''}{one.total} {cells[one.total]} = {parts}")
    return found


def old_style(cells: Cells) -> dict[str, int]:
    """The table that provinces print (R71): on time with or without an extension, the rest of the total by name."""
    return {
        "received": cells["received"],
        "accepted": cells["accepted"],
        "on_time": cells["on_time"] + cells["extended"],
        "late": cells["late"],
        "open": cells["processing"],
        "cancelled": cells["cancelled"],
        "elsewhere": cells["waiting"] + cells["merged"] + cells["referred"],
    }


OLD_IDENTITIES = (
    Identity("received", ("cancelled", "accepted", "elsewhere")),
    Identity("accepted", ("on_time", "late", "open")),
)


def spelled_out(cells: Cells, identity: Identity) -> str:
    """An identity in numbers: ``989 = 131 + 858 + 0``."""
    return f"{cells[identity.total]} = {' + '.join(str(cells[part]) for part in identity.parts)}"


@frozen
class Share:
    """A share is told with both of its numbers; ``percent`` is None of nothing (R34)."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """To one decimal, half up."""
        return (2000 * self.part + self.whole) // (2 * self.whole) / 10 if self.whole else None


SHARES: dict[str, tuple[tuple[str, ...], str]] = {
    "on_time": (("on_time", "extended"), "finished"),
    "late": (("late",), "finished"),
    "claimed_solved": (("claimed_solved",), "finished"),
    "confirmed_solved": (("confirmed_solved",), "finished"),
    "silent": (("silent",), "finished"),
    "cancelled": (("cancelled",), "received"),
    "answered_in_time": (("answered_in_time",), "messages"),
    "promises_kept": (("promises_kept",), "promises"),
}


def shares(cells: Cells) -> dict[str, Share]:
    """The rates that are asked for most, with numerator and denominator."""
    return {name: Share(sum(cells[part] for part in parts), cells[whole]) for name, (parts, whole) in SHARES.items()}
