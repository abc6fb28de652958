"""Noticing words of danger, of a formal complaint and of state secrets in what a citizen writes."""

from __future__ import annotations

from dataclasses import replace

from workflows.conversation.choices import plain
from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog

WARNINGS = ("danger", "secret", "formal")  # danger first (words.md, rule 9)


def flags(text: str, facts: Facts) -> tuple[str, ...]:
    """Which of ``WARNINGS`` the words give cause for. A word alone never ends a draft; operators see the flag."""
    if not text:
        return ()
    of_categories = tuple(word for node in facts.categories.nodes for word in node.danger)
    listened = {
        "danger": (*facts.danger_words, *of_categories),
        "secret": facts.secret_words,
        "formal": facts.formal_words,
    }
    return tuple(name for name in WARNINGS if _hears(text, listened[name]))


def heed(dialog: Dialog, facts: Facts) -> Dialog:
    """Write down what the description gives cause for, and propose urgent when it is danger."""
    found = flags(dialog.report.text, facts)
    return replace(dialog, report=replace(dialog.report, flags=found, urgent="danger" in found))


def next_warning(dialog: Dialog) -> str:
    """The warning that is due now, or ""; each is given once in a draft."""
    due = (name for name in WARNINGS if name in dialog.report.flags and name not in dialog.warned)
    return next(due, "")


def _hears(text: str, words: tuple[str, ...]) -> bool:
    said = f" {plain(text)} "
    return any(f" {plain(word)} " in said for word in words if word)
