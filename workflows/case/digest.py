"""The morning's list of a group: what is new, due today or overdue, and who waits for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.case.law import Law
from workflows.case.model import Case, State
from workflows.case.running import OPERATORS_KEEP, Running, measured, running
from workflows.case.view import Names
from workflows.frozen import frozen
from workflows.messages import Line, Message, names, number, text, word

MOST_CODES = 10  # of one kind, in the message; /viec has the others
NEW = (State.RECEIVED, State.ASSIGNED)
KINDS = ("overdue", "today", "message", "decide", "new")  # in order of weight; a case stands under the first that fits


@frozen
class Digest:
    """How many cases are of each kind, and the first codes of those that press."""

    counts: dict[str, int]
    codes: dict[str, tuple[str, ...]]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not any(self.counts.values())


def digest(cases: Iterable[tuple[Case, Law]], now: datetime, *, operators: bool) -> Digest:
    """Of the cases that a group has to act on. A case may count as several kinds: overdue, and with a message."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for case, law in cases:
        for kind in _kinds(case, law, now, operators=operators):
            found[kind].append(case.code)
    return Digest(
        {kind: len(codes) for kind, codes in found.items()},
        {kind: tuple(codes[:MOST_CODES]) for kind, codes in found.items()},
    )


def message(found: Digest, unit: Names | None) -> Message:
    """In words; ``unit`` None: the operations team."""
    whose = names(unit.vi, unit.en) if unit else word("card.team")
    lines = [Line("digest.head", {"agency": whose})]
    for kind in KINDS:
        if found.counts[kind]:
            values = {"count": number(found.counts[kind]), "codes": text(", ".join(found.codes[kind]))}
            more = found.counts[kind] > len(found.codes[kind])
            lines.append(Line(f"digest.{kind}_more" if more else f"digest.{kind}", values))
    return Message((*lines, Line("digest.how")))


def _kinds(case: Case, law: Law, now: datetime, *, operators: bool) -> list[str]:
    run = _kept_here(case, law, operators=operators)
    found = []
    if run is not None and now > run.due:
        found.append("overdue")
    elif run is not None and law.calendar.local_day(run.due) == law.calendar.local_day(now):
        found.append("today")
    if case.thread_due is not None:
        found.append("message")
    if operators and _to_decide(case):
        found.append("decide")
    if case.state in NEW and "overdue" not in found:
        found.append("new")
    return found


def _kept_here(case: Case, law: Law, *, operators: bool) -> Running | None:
    """The clock that this group must keep: of a transfer the operators decide, of everything else its holder."""
    if operators and case.state is State.TRANSFER_REQUESTED:
        return next((run for run in running(case, law) if run.clock in OPERATORS_KEEP), None)
    return measured(case, law)


def _to_decide(case: Case) -> bool:
    """A transfer, an appeal or a request for rework, more time, a case to be taken up again."""
    asked = case.extension_until is not None or case.revival_asked
    return asked or case.state in (State.TRANSFER_REQUESTED, State.REVIEW_REQUESTED)
