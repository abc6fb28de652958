"""The group desk: one event of one person in one group, and what is to be done about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows.desk import answers, buttons, commands, drafts, hearing, intake
from workflows.desk.facts import DeskFacts
from workflows.desk.needs import needs
from workflows.desk.state import Desk
from workflows.desk.turn import ALBUM, FORGET, FORGET_AFTER, Answer, Turn, here
from workflows.effects import Acknowledge, Effect, Step
from workflows.events import (
    ButtonPressed,
    CommandSent,
    Envelope,
    MediaArrived,
    MediaSent,
    PlaceSent,
    TextSent,
    TimerFired,
)
from workflows.messages import say, word

__all__ = ["decide", "needs"]


def decide(desk: Desk, envelope: Envelope, facts: DeskFacts) -> Step[Desk]:
    """The next state of the person's dialog and what is to be done. Never raises, whatever came in.

    Only a confirmed member moves anything; words reach a citizen only through ``MoveCase`` or
    ``BlockPerson`` after the same person confirmed the preview of exactly these words.
    """
    working = replace(_without_forgotten(desk, facts.at), version=desk.version + 1)
    turn = Turn(working, envelope, facts)
    answer = _answer(turn)
    unchanged = replace(answer.desk, version=desk.version)
    state = desk if unchanged == desk else answer.desk
    return Step(state, _spoken(turn, answer))


def _spoken(turn: Turn, answer: Answer) -> tuple[Effect, ...]:
    """Every press is acknowledged first; a short word is shown at the button, or said where there is none."""
    event = turn.envelope.event
    if isinstance(event, ButtonPressed) and event.press is not None:
        toast = word(answer.toast) if answer.toast else None
        return (Acknowledge(event.press, toast, alert=bool(answer.toast)), *answer.effects)
    if not answer.toast:
        return answer.effects
    return (here(turn, say(answer.toast)), *answer.effects)


def _answer(turn: Turn) -> Answer:
    match turn.envelope.event:
        case TimerFired(about=about, version=version):
            return _woken(turn, about, version)
        case MediaArrived(attachment=attachment, problem=problem) if turn.desk.draft:
            return answers.arrived(turn, turn.desk, turn.desk.draft, attachment, problem)
        case CommandSent() as event:
            return commands.commanded(turn, event)
        case ButtonPressed(data=data):
            return buttons.pressed(turn, data) if turn.facts.linked else Answer(turn.desk, toast="desk.link.hint")
        case TextSent() | MediaSent() | PlaceSent() as event if turn.facts.linked:
            return hearing.listen(turn, event)
    return Answer(turn.desk)


def _without_forgotten(desk: Desk, at: datetime) -> Desk:
    """Work that nobody touched for a day is gone, whether or not its timer has come."""
    if desk.intake is not None and intake.is_over(desk.intake, at):
        desk = replace(desk, intake=None)
    draft = desk.draft
    if draft is None or at - datetime.fromisoformat(draft.touched) < FORGET_AFTER:
        return desk
    return replace(desk, draft=None)


def _woken(turn: Turn, about: str, version: int) -> Answer:
    if about == intake.FORGET:
        return intake.woken(turn, version)
    draft = turn.desk.draft
    if draft is None or draft.revision != version:
        return Answer(turn.desk)
    if about == ALBUM:
        return drafts.show(turn, turn.desk, draft)
    return Answer(replace(turn.desk, draft=None) if about == FORGET else turn.desk)
