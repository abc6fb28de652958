"""The words of reminders, and of what citizens are told before they ask."""

from __future__ import annotations

from datetime import datetime

from workflows.case.cards import degree_line, head, holder, promise
from workflows.case.progress import Telling
from workflows.case.running import Running
from workflows.case.view import CaseView, Names
from workflows.messages import Line, Message, Value, names, number, text, word


def reminder(view: CaseView, run: Running, days_left: int, *, head_of: Names | None = None, to: str = "") -> Message:
    """What a group, or a head in private, is reminded of.

    ``days_left``: working days to the due date, negative when late. ``to``: whom the words address: "" (the holder's
    group), ``head`` or ``leader`` (by role, never by name), ``parent``; ``head_of``: of which unit.
    """
    values: dict[str, Value] = {
        "clock": word(f"reminder.clock.{run.clock}"),
        "due": promise(run.due),
        "agency": names(head_of.vi, head_of.en) if head_of else holder(view),
        "holder": holder(view),
        "days": number(abs(days_left)),
    }
    addressed = (Line(f"reminder.to_{to}", values),) if to else ()
    return Message((*addressed, head(view), Line(_key(view.now, run.due, days_left), values), *degree_line(view)))


def _key(now: datetime, due: datetime, days_left: int) -> str:
    if now > due:
        return "reminder.late"
    return "reminder.before" if days_left > 0 else "reminder.today"


def telling(view: CaseView, one: Telling) -> Message:
    """What the citizen is told of our own accord: which agency has it, an apology where a date passed, and the date
    that holds."""
    values: dict[str, Value] = {
        "code": text(view.case.code),
        "agency": holder(view),
        "state": word(f"state.{view.case.state.value}"),
        "due": promise(one.due),
    }
    if one.what == "first_due" and view.case.resolve_due is not None:
        values["new_due"] = promise(view.case.resolve_due)
    key = f"progress.{one.what}_{one.clock}" if one.what == "late" else f"progress.{one.what}"
    return Message((Line(key, values),))
