"""Silence in a draft: a reminder after a day, dropped after seven; both are policy (T2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from workflows.conversation.draft import drop
from workflows.conversation.state import Dialog
from workflows.conversation.step import Answer, Turn, line
from workflows.effects import WakeAt
from workflows.events import MediaArrived, TimerFired

ABOUT = "silence"


def fell(turn: Turn, timer: TimerFired) -> Answer:
    """The silence timer fired: remind, drop, or wait on when something was said meanwhile.

    One timer is under way for each draft; it looks at when the citizen was last heard instead of being
    set anew at every step.
    """
    dialog, limits = turn.dialog, turn.facts.limits
    if not dialog.drafting or timer.version != dialog.watch:
        return Answer(dialog, quiet=True)
    quiet_for = timedelta(seconds=turn.now - dialog.heard_at)
    if quiet_for >= limits.drop_after and dialog.reminded:
        return drop(dialog, "silent")
    if quiet_for >= limits.reminder_after and not dialog.reminded:
        reminded = replace(dialog, reminded=True)
        return Answer(reminded, (line("misc.reminder"),), (_wake(dialog, limits.drop_after),), stay=True)
    later = limits.drop_after if dialog.reminded else limits.reminder_after
    return Answer(dialog, (), (_wake(dialog, later),), quiet=True)


def heard(turn: Turn, answer: Answer) -> Answer:
    """The citizen said something: silence counts from now, and after a reminder a new timer takes over."""
    dialog = answer.dialog
    if not dialog.drafting or isinstance(turn.envelope.event, (TimerFired, MediaArrived)):
        return answer
    if not dialog.reminded:
        return replace(answer, dialog=replace(dialog, heard_at=turn.now))
    count = dialog.count + 1
    dialog = replace(dialog, heard_at=turn.now, reminded=False, count=count, watch=count)
    wake = _wake(dialog, turn.facts.limits.reminder_after)
    return replace(answer, dialog=dialog, effects=(*answer.effects, wake))


def _wake(dialog: Dialog, after: timedelta) -> WakeAt:
    return WakeAt(datetime.fromtimestamp(dialog.heard_at, UTC) + after, ABOUT, dialog.watch)
