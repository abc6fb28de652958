"""Who may act in a group, and what everybody else is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.desk.turn import Answer, Turn

TELL_AGAIN = timedelta(minutes=10)  # between two reminders to somebody who may not act


def unless_refused(turn: Turn, go_on: Callable[[Turn], Answer]) -> Answer:
    """Only a confirmed member acts. Everybody else is told what to do: at a press always, else not often."""
    status = turn.facts.actor.status
    if status == "confirmed":
        return go_on(turn)
    key = f"desk.gate.{status}"
    return Answer(turn.desk, toast=key) if turn.pressed else tell_rarely(turn, key)


def tell_rarely(turn: Turn, key: str) -> Answer:
    """Say it, unless this person was told something of the kind a moment ago."""
    told = turn.desk.told
    if told and turn.facts.at - datetime.fromisoformat(told) < TELL_AGAIN:
        return Answer(turn.desk)
    return Answer(replace(turn.desk, told=turn.facts.at.isoformat()), toast=key)
