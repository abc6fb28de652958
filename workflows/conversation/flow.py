"""The order of the questions, which of them is next, and the ways out under each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog
from workflows.conversation.step import Question, button
from workflows.conversation.steps import category, confirm, consent, contact, description, location, officials, photo
from workflows.messages import Button, Message

FLOW: tuple[Question, ...] = (
    consent.STEP,
    photo.STEP,
    location.STEP,
    category.STEP,
    description.STEP,
    officials.STEP,
    officials.UNIT_STEP,
    contact.NAME_STEP,
    contact.PHONE_STEP,
    confirm.STEP,
)
QUESTIONS = {question.name: question for question in FLOW}
BEFORE = {later.name: earlier.name for earlier, later in pairwise(FLOW[1:])}

# Questions that are asked only where there is reason to.
ONLY_WHERE: dict[str, Callable[[Dialog, Facts], bool]] = {
    officials.NAME: officials.asked,
    officials.UNIT: officials.wants_unit,
    contact.NAME: contact.wants_name,
    contact.PHONE: contact.wants_phone,
}


def go_on(dialog: Dialog, facts: Facts) -> Dialog:
    """Put the first question that is not answered on the table."""
    missing = next(question for question in FLOW if not question.done(dialog, facts))
    dialog = replace(dialog, step=missing.name, editing=False, group="", found=())
    return category.suggest(dialog, facts) if missing.name == category.NAME else dialog


def complete(dialog: Dialog, facts: Facts) -> bool:
    """Whether nothing but the review is left."""
    return go_on(dialog, facts).step == confirm.NAME


def back(dialog: Dialog, facts: Facts) -> Dialog:
    """The question before this one, or the review when one answer was being changed."""
    dialog = replace(dialog, nearby=None)
    if dialog.editing:
        return go_on(dialog, facts)
    return replace(dialog, step=_before(dialog, facts), group="", found=())


def _before(dialog: Dialog, facts: Facts) -> str:
    """The step before this one; what nothing gives reason to ask is not asked on the way back either."""
    step = BEFORE.get(dialog.step, dialog.step)
    while step in ONLY_WHERE and not ONLY_WHERE[step](dialog, facts):
        step = BEFORE[step]
    return step


def ask(dialog: Dialog, facts: Facts) -> Message:
    """The question on the table with its buttons: its own, then skip, back and cancel."""
    question = QUESTIONS[dialog.step]
    message = question.ask(dialog, facts)
    return replace(message, buttons=(*message.buttons, *_ways_out(question, dialog, facts)))


def _ways_out(question: Question, dialog: Dialog, facts: Facts) -> tuple[tuple[Button, ...], ...]:
    if question.name == consent.NAME:
        return ()
    may_skip = question.may_skip(dialog, facts)
    keeps = question.done(dialog, facts) and not may_skip and question.name != photo.NAME  # which says it itself
    ways = (
        ("skip", "skip", may_skip),
        ("keep", "keep", keeps),
        ("back", "back", question.name in BEFORE and question.name != confirm.NAME and not dialog.editing),
        ("cancel", "cancel", True),
    )
    return (tuple(button(dialog.serial, question.name, way, label) for way, label, shown in ways if shown),)
