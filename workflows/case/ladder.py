"""The ladder of reminders: for a clock that runs, which rungs there are, and which one is to be said now (R12, R13)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from workflows.case import clocks
from workflows.case.law import Law
from workflows.case.policy import To
from workflows.case.running import Running
from workflows.frozen import frozen


@frozen
class Rung:
    """One step: ``days`` working days from the due day, who is reminded, and from when on."""

    days: int
    to: To
    at: datetime


def rungs(run: Running, law: Law) -> tuple[Rung, ...]:
    """The policy's ladder for this clock, lowest first; what lies before the clock began is left out."""
    steps = clocks.reminders(run.due, law.policy, law.calendar)
    return tuple(Rung(step.days, step.to, at) for step, at in steps if at > run.started)


def to_be_said(ladder: Sequence[Rung], now: datetime, said: Collection[int]) -> Rung | None:
    """The highest rung whose time has come, unless it or a higher one was said already.

    What was passed over while nobody looked is not made up for. ``said``: the days of the rungs said before.
    """
    come = [rung for rung in ladder if rung.at <= now]
    if not come or any(days >= come[-1].days for days in said):
        return None
    return come[-1]
