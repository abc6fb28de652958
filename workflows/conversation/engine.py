"""The citizen's side of the road: one event in, the next state and what is to be done out."""

from __future__ import annotations

from workflows.conversation.facts import Facts, Needs
from workflows.conversation.state import Dialog
from workflows.effects import Step
from workflows.events import Envelope


def needs(dialog: Dialog, envelope: Envelope) -> Needs:
    """Which costly facts ``advance`` will want for this event; an ordinary step wants none."""
    return Needs(bound=envelope.reply_to is not None)


def advance(dialog: Dialog, envelope: Envelope, facts: Facts) -> Step[Dialog]:
    """The answer to one event in a citizen's private chat. Never raises, whatever came in."""
    return Step(dialog)
