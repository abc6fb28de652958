"""Whether a report is about what officials do, asked where there is reason to, and which unit it is about (R61)."""

from __future__ import annotations

from dataclasses import replace

from workflows.about_officials import suspected
from workflows.case.view import Names
from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog
from workflows.conversation.step import Answer, Question, Turn, always, button, line, refuse
from workflows.conversation.steps import description
from workflows.messages import Button, Line, Message, Value, names, number, text, word

YES, NO = "yes", "no"
LONGEST_NAME = 100  # characters of a unit's name
SHOWN = 6  # units that fit on a phone


def asked(dialog: Dialog, facts: Facts) -> bool:
    """Whether the field or the words give reason to ask."""
    leaf = facts.categories.leaf(dialog.report.category)
    chosen = leaf is not None and leaf.sensitive
    return chosen or bool(dialog.report.officials) or suspected(dialog.report.text, facts.official_words)


def wants_unit(dialog: Dialog, _: Facts) -> bool:
    """Whether there is a unit to be named."""
    return dialog.report.officials == YES


def readers(facts: Facts) -> Value:
    """Who sees such a report: the inspection line, or the operators where there is none."""
    return word("officials.readers_line" if facts.has_line else "officials.readers_team")


def read_back(dialog: Dialog, facts: Facts) -> tuple[Line, ...]:
    """What was answered, for the review."""
    report, named = dialog.report, dialog.unit_names
    if not report.officials:
        return ()
    if report.officials == NO:
        return (line("officials.review_no"),)
    unit = names(named.vi, named.en) if named else text(report.concerned_name)
    about = (line("officials.review_unit", unit=unit),) if named or report.concerned_name else ()
    return (line("officials.review_yes", readers=readers(facts)), *about)


# --- is it about officials? ---


def _done(dialog: Dialog, facts: Facts) -> bool:
    return bool(dialog.report.officials) or not asked(dialog, facts)


def _ask(dialog: Dialog, facts: Facts) -> Message:
    buttons = (button(dialog.serial, NAME, YES, "officials_yes"), button(dialog.serial, NAME, NO, "officials_no"))
    return Message((line("officials.ask"), line("officials.ask_why", readers=readers(facts))), (buttons,))


def _choose(turn: Turn, value: str) -> Answer | None:
    dialog = turn.dialog
    if value == YES:
        kept = line("officials.kept_line" if turn.facts.has_line else "officials.kept_team")
        return Answer(replace(dialog, report=replace(dialog.report, officials=YES)), (kept,))
    if value != NO:
        return None
    report = replace(dialog.report, officials=NO, concerned=0, concerned_name="")
    return Answer(replace(dialog, report=report, unit_names=None, skipped=_without_unit(dialog)))


def _read(turn: Turn, words: str) -> Answer:
    """More words tell more of the matter; the question stays."""
    if not description.tells_something(words, turn.facts):
        return Answer(turn.dialog, stay=True)
    dialog, note = description.put(turn.dialog, words, turn.envelope.message, turn.facts, add=True)
    return Answer(dialog, (note,), stay=True)


# --- and which unit? ---


def _unit_done(dialog: Dialog, facts: Facts) -> bool:
    report = dialog.report
    named = bool(report.concerned or report.concerned_name) or UNIT in dialog.skipped
    return named or not wants_unit(dialog, facts)


def _ask_unit(dialog: Dialog, facts: Facts) -> Message:
    shown = tuple(
        (button(dialog.serial, UNIT, f"at.{unit.id}", names(unit.names.vi, unit.names.en)),)
        for unit in facts.units[:SHOWN]
    )
    found = dialog.report.concerned_name and shown
    unknown: tuple[tuple[Button, ...], ...] = ((button(dialog.serial, UNIT, "unknown", "unit_unknown"),),)
    return Message((line("officials.unit_found" if found else "officials.unit"),), (*shown, *unknown))


def _choose_unit(turn: Turn, value: str) -> Answer | None:
    """Only what was offered can be chosen; its name stands on the button."""
    dialog = turn.dialog
    if value == "unknown":
        report = replace(dialog.report, concerned=0, concerned_name="")
        skipped = (*_without_unit(dialog), UNIT)
        return Answer(replace(dialog, report=report, unit_names=None, skipped=skipped))
    data = f"c:{dialog.serial}:{UNIT}:{value}"
    label = next((offered.label for offered in dialog.offered if offered.data == data), None)
    number_of = value.removeprefix("at.")
    if label is None or not value.startswith("at.") or not number_of.isdigit():
        return None
    report = replace(dialog.report, concerned=int(number_of), concerned_name="")
    return Answer(replace(dialog, report=report, unit_names=Names(label.value, label.other)))


def _read_unit(turn: Turn, words: str) -> Answer:
    """A name is kept as it was typed; where it fits units that we know, one of them may be meant."""
    dialog, name = turn.dialog, " ".join(words.split())
    if len(name) > LONGEST_NAME:
        return refuse(turn, "officials.unit_too_long", limit=number(LONGEST_NAME), length=number(len(name)))
    report = replace(dialog.report, concerned=0, concerned_name=name)
    dialog = replace(dialog, report=report, unit_names=None, skipped=_without_unit(dialog))
    if turn.facts.units:
        return Answer(dialog, stay=True)
    return Answer(dialog, (line("officials.unit_written", unit=text(name)),))


def _without_unit(dialog: Dialog) -> tuple[str, ...]:
    return tuple(name for name in dialog.skipped if name != UNIT)


NAME = "officials"
UNIT = "unit"
STEP = Question(NAME, _done, _ask, _choose, _read, listed=always)
UNIT_STEP = Question(UNIT, _unit_done, _ask_unit, _choose_unit, _read_unit, listed=always)
