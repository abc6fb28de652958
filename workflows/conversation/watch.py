"""Noticing words of danger, of a formal complaint and of state secrets in what a citizen writes."""

from __future__ import annotations

from dataclasses import replace

from workflows import lookout
from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog

WARNINGS = ("danger", "secret", "formal")  # danger first (words.md, rule 9)


def flags(text: str, facts: Facts) -> tuple[str, ...]:
    """Which of ``WARNINGS`` the words give cause for; each category has danger words of its own."""
    if not text:
        return ()
    danger = (*facts.danger_words, *facts.categories.danger)
    return lookout.flags(text, danger, facts.formal_words, facts.secret_words)


def heed(dialog: Dialog, facts: Facts) -> Dialog:
    """Write down what the description and other words give cause for, and propose urgent when it is danger."""
    told = {*flags(dialog.report.text, facts), *dialog.heard}
    found = tuple(name for name in WARNINGS if name in told)
    return replace(dialog, report=replace(dialog.report, flags=found, urgent="danger" in found))


def next_warning(dialog: Dialog) -> str:
    """The warning that is due now, or ""; each is given once in a draft."""
    due = (name for name in WARNINGS if name in dialog.report.flags and name not in dialog.warned)
    return next(due, "")
