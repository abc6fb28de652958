"""Interruptions of a draft: a warning that one tap passes, or a question whether to give the draft up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows.conversation import joint
from workflows.conversation.draft import begin, drop, join, send
from workflows.conversation.state import Dialog
from workflows.conversation.step import Answer, Turn, button, line, refuse
from workflows.conversation.watch import WARNINGS
from workflows.frozen import frozen
from workflows.messages import Button, Message, number


@frozen
class Aside:
    """``choices`` are its buttons in order, value → (label, what it does). ``read`` takes words, if any are wanted."""

    key: str
    choices: Mapping[str, tuple[str, Callable[[Turn], Answer]]]
    read: Callable[[Turn, str], Answer] | None = None


def ask(dialog: Dialog) -> Message:
    """The interruption on the table."""
    if dialog.aside == joint.NAME:
        return joint.ask(dialog)
    aside = ASIDES[dialog.aside]
    rows: tuple[tuple[Button, ...], ...] = tuple(
        (button(dialog.serial, dialog.aside, value, label),) for value, (label, _) in aside.choices.items()
    )
    return Message((line(aside.key),), rows)


def choose(turn: Turn, value: str) -> Answer | None:
    """A button of the interruption; None for one that it does not have."""
    if turn.dialog.aside == joint.NAME:
        return _of_near(turn, value)
    known = ASIDES[turn.dialog.aside].choices.get(value)
    return known[1](turn) if known else None


def reader(dialog: Dialog) -> Callable[[Turn, str], Answer] | None:
    """Who takes words while the interruption is on the table, if it wants any."""
    return ASIDES[dialog.aside].read if dialog.aside in ASIDES else None


def passed(dialog: Dialog) -> Dialog:
    """The same draft without its interruption; a warning is not given twice."""
    if not dialog.aside:
        return dialog
    if dialog.aside in WARNINGS and dialog.aside not in dialog.warned:
        dialog = replace(dialog, warned=(*dialog.warned, dialog.aside))
    return replace(dialog, aside="")


def _of_near(turn: Turn, value: str) -> Answer | None:
    """Join one of the cases that were shown, or go on alone."""
    if value == joint.ALONE:
        return send(replace(turn, dialog=passed(turn.dialog)))
    one = joint.chosen(turn.dialog, value)
    return join(turn, one.id) if one else None


def _go_on(turn: Turn) -> Answer:
    return Answer(passed(turn.dialog), stay=turn.dialog.aside not in WARNINGS)


def _give_up(turn: Turn) -> Answer:
    return drop(turn.dialog, "cancelled")


def _start_over(turn: Turn) -> Answer:
    dropped = drop(turn.dialog, "restarted")
    begun = begin(replace(turn, dialog=dropped.dialog))
    return replace(begun, notes=(*dropped.notes, *begun.notes), effects=(*dropped.effects, *begun.effects))


def _name_reporter(turn: Turn, name: str) -> Answer:
    name, limit = " ".join(name.split()), turn.facts.limits.max_address
    if len(name) > limit:
        return refuse(turn, "review.name_too_long", limit=number(limit), length=number(len(name)))
    report = replace(turn.dialog.report, reporter_name=name)
    return Answer(replace(passed(turn.dialog), report=report), stay=True)


ASIDES: Mapping[str, Aside] = {
    "danger": Aside("danger.numbers", {"go": ("go_on_report", _go_on)}),
    "secret": Aside("formal.secret", {"go": ("send_anyway", _go_on), "drop": ("cancel", _give_up)}),
    "formal": Aside("formal.complaint", {"go": ("send_anyway", _go_on), "drop": ("cancel", _give_up)}),
    "cancel": Aside("misc.cancel_ask", {"drop": ("drop_draft", _give_up), "go": ("go_on_report", _go_on)}),
    "restart": Aside("misc.restart_ask", {"go": ("go_on_report", _go_on), "drop": ("start_over", _start_over)}),
    "reporter": Aside("review.name_ask", {"go": ("skip", _go_on)}, _name_reporter),
}
