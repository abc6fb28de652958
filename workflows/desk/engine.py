"""The group desk: one event of one person in one group, and what is to be done about it."""

from __future__ import annotations

from workflows.desk.facts import DeskFacts, Needs
from workflows.desk.state import Desk
from workflows.effects import Step
from workflows.events import Envelope


def needs(desk: Desk, envelope: Envelope, case_prefix: str) -> Needs:
    """What must be looked up before ``decide`` can judge this event."""
    raise NotImplementedError


def decide(desk: Desk, envelope: Envelope, facts: DeskFacts) -> Step[Desk]:
    """The next state of the person's dialog and what is to be done."""
    raise NotImplementedError
