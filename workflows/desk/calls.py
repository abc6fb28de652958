"""Reporters who have no chat: what they are still to be told by telephone, listed for the operators, one tap each."""

from __future__ import annotations

from dataclasses import replace

from workflows.desk.facts import PAGE, CallLine
from workflows.desk.turn import Answer, Turn, here, rows
from workflows.messages import Button, Line, Message, choice, moment, number, text

TOLD, NOT_ANSWERED = "called", "not_answered"
CALLS = (TOLD, NOT_ANSWERED)  # verbs of a call's buttons


def call(case_id: int, code: str, lines: tuple[Line, ...]) -> Message:
    """What an operator is asked to tell a reporter by telephone, as the notice itself would have said it."""
    told, missed = (choice(f"d:{case_id}:{verb}", f"call_button.{verb}") for verb in CALLS)
    return Message((Line("call.tell", {"code": text(code)}), *lines, Line("call.how")), ((told, missed),))


def listing(turn: Turn, _: str) -> Answer:
    """Everything that is still to be told; a case's code pressed says that it has been."""
    if turn.facts.linked != "operators":
        return Answer(turn.desk, toast="intake.operators_only")
    waiting = turn.facts.calls[:PAGE]
    if not waiting:
        return Answer(replace(turn.desk, listed=()), (here(turn, Message((Line("call.none"),))),))
    lines = [line for place, one in enumerate(waiting, start=1) for line in _entry(place, one)]
    cases = {one.case_id: one.code for one in waiting}
    buttons = rows(tuple(Button(f"d:{case_id}:{TOLD}", text(code)) for case_id, code in cases.items()))
    more = (Line("call.more"),) if len(turn.facts.calls) > PAGE else ()
    message = Message((Line("call.title"), *lines, *more, Line("call.list_how")), buttons)
    listed = tuple(button for row in buttons for button in row)
    return Answer(replace(turn.desk, listed=listed), (here(turn, message, purpose="list"),))


def _entry(place: int, one: CallLine) -> tuple[Line, ...]:
    values = {"n": number(place), "code": text(one.code), "since": moment(one.since)}
    return (Line("call.entry", values), *one.lines)
