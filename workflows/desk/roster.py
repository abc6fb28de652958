"""Duty in a group: who is on duty now and next, and the buttons that take a shift over or hand it on."""

from __future__ import annotations

from dataclasses import replace

from workflows.desk.state import Desk
from workflows.desk.turn import Answer, Turn, here, rows
from workflows.duty.shown import Shown
from workflows.effects import ChangeDuty
from workflows.messages import Button, Line, Message, Value, moment, text, word

VERBS = ("take", "give")


def show(turn: Turn, desk: Desk) -> Answer:
    """The shift that runs and the next one, with what can be done about them."""
    now, after = turn.facts.duty
    lines = (*_lines("duty.now", now, "duty.nobody_now"), *_lines("duty.next", after, "duty.nobody_next"))
    buttons = (*_buttons(now, ""), *_buttons(after, "_next"))
    how = (Line("duty.how"),) if now is not None else ()
    message = Message((*lines, *how), rows(buttons))
    return Answer(replace(desk, listed=buttons, next_offset=0), (here(turn, message, purpose="list"),))


def note(turn: Turn, words: str) -> Answer:
    """A note of the shift that runs, for the next one."""
    if not words:
        return Answer(turn.desk, toast="duty.note_how")
    return Answer(turn.desk, (ChangeDuty("note", text=words),))


def pressed(turn: Turn, data: str) -> Answer | None:
    """A button about a shift: ``s:<shift>:<verb>``; None for anything else. It proves nothing."""
    kind, _, rest = data.partition(":")
    number, _, verb = rest.partition(":")
    if kind != "s" or verb not in VERBS or not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    return Answer(replace(turn.desk, listed=()), (ChangeDuty(verb, int(number)),))


def _lines(key: str, shift: Shown | None, nobody: str) -> tuple[Line, ...]:
    if shift is None:
        return (Line(nobody),)
    values: dict[str, Value] = {
        "since": moment(shift.starts_at),
        "until": moment(shift.ends_at),
        "people": text(shift.who),
    }
    first = Line(f"{key}_empty" if shift.empty else key, values)
    return (first, Line("duty.stand_in", {"people": text(shift.stand_in)})) if shift.stand_in else (first,)


def _buttons(shift: Shown | None, which: str) -> tuple[Button, ...]:
    if shift is None:
        return ()
    take = Button(f"s:{shift.id}:take", word(f"duty_button.take{which}"))
    give = Button(f"s:{shift.id}:give", word(f"duty_button.give{which}"))
    return (take, give) if shift.stand_in and not shift.empty else (take,)
