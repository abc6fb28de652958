"""Reporters who have no chat: what they are still to be told by telephone, listed for the operators, one tap each."""

from __future__ import annotations

from dataclasses import replace

from workflows.desk.facts import PAGE, CallLine
from workflows.desk.turn import Answer, Turn, here, rows
from workflows.messages import Button, Line, Message, choice, moment, number, say, text

TOLD, NOT_ANSWERED = "called", "not_answered"
CALLS = (TOLD, NOT_ANSWERED)  # verbs of a call's buttons


def call(case_id: int, code: str, lines: tuple[Line, ...], *, replies: bool) -> Message:
    """What an operator is asked to tell a reporter by telephone, as the notice itself would have said it.

    ``replies``: whether people can answer a certain message. Elsewhere a code and a number would mean the case's card:
    there they ask for the list first.
    """
    told = (Line("call.tell", {"code": text(code)}), *lines, Line("call.how"))
    if not replies:
        return Message((*told, Line("call.how_listed", {"code": text(code)})))
    return Message(told, (_buttons(case_id),))


def _buttons(case_id: int) -> tuple[Button, ...]:
    return tuple(choice(f"d:{case_id}:{verb}", f"call_button.{verb}") for verb in CALLS)


def listing(turn: Turn, args: str) -> Answer:
    """Everything that is still to be told; a case's code pressed says that it has been."""
    if turn.facts.linked != "operators":
        return Answer(turn.desk, toast="intake.operators_only")
    if args:
        return _one(turn)
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


def _one(turn: Turn) -> Answer:
    """What is to be told about the case that was named, and what became of the call."""
    view = turn.facts.view
    if view is None:
        return Answer(turn.desk, toast="desk.toast.other_group" if turn.facts.view_refused else "desk.toast.no_case")
    lines = tuple(line for one in turn.facts.calls for line in one.lines)
    if not lines:
        return Answer(turn.desk, (here(turn, say("call.nothing", code=text(view.case.code))),))
    told = Message((Line("call.tell", {"code": text(view.case.code)}), *lines), (_buttons(view.id),))
    desk = replace(turn.desk, listed=told.buttons[0])
    return Answer(desk, (here(turn, told, purpose="list"),))


def _entry(place: int, one: CallLine) -> tuple[Line, ...]:
    values = {"n": number(place), "code": text(one.code), "since": moment(one.since)}
    return (Line("call.entry", values), *one.lines)
