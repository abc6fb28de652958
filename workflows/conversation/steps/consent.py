"""Consent: asked once for each version of its text, before the first report is kept on."""

from __future__ import annotations

from dataclasses import replace

from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog, cleared
from workflows.conversation.step import Answer, Question, Turn, always, button, line
from workflows.conversation.steps import description
from workflows.effects import Dropped, Effect, GiveConsent, KeepMedia
from workflows.messages import Message


def given(dialog: Dialog, facts: Facts) -> bool:
    """Whether the person has agreed to the text in force."""
    return max(facts.consent, dialog.agreed) >= facts.consent_version


def _ask(dialog: Dialog, _: Facts) -> Message:
    buttons = (
        (button(dialog.serial, NAME, "yes", "agree"),),
        (button(dialog.serial, NAME, "no", "disagree"),),
    )
    if any(button in dialog.offered for row in buttons for button in row):
        return Message((line("consent.choose"),), buttons)  # the text stands just above, once is enough
    return Message((line("consent.text"), line("consent.ask")), buttons)


def _choose(turn: Turn, value: str) -> Answer | None:
    match value:
        case "yes":
            return _agree(turn)
        case "no":
            return _refuse_all(turn)
    return None


def _refuse_all(turn: Turn) -> Answer:
    """Nothing was fetched or kept so far, and the draft goes."""
    dropped = Dropped(NAME, "cancelled")
    return Answer(cleared(turn.dialog), (line("consent.refused"),), (dropped,), menu=True)


def _agree(turn: Turn) -> Answer:
    """Only now may files that were announced before be fetched and kept."""
    version = turn.facts.consent_version
    keep = tuple(KeepMedia(item.attachment, item.media) for item in turn.dialog.report.media)
    effects: tuple[Effect, ...] = (GiveConsent(version), *keep)
    return Answer(replace(turn.dialog, agreed=version), (line("consent.thanks"),), effects)


def _read(turn: Turn, text: str) -> Answer:
    if not description.tells_something(text, turn.facts):
        return Answer(turn.dialog, stay=True)
    dialog, note = description.put(turn.dialog, text, turn.envelope.message, turn.facts, add=True)
    return Answer(dialog, (note,), stay=True)


NAME = "consent"
STEP = Question(NAME, given, _ask, _choose, _read, listed=always)
