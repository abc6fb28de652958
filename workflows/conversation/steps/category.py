"""The category: two levels of buttons, or a few words to search by; the report's own words make suggestions."""

from __future__ import annotations

from dataclasses import replace

from workflows.conversation.categories import Category
from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog
from workflows.conversation.step import Answer, Question, Turn, always, button, line, refuse
from workflows.conversation.steps import description
from workflows.messages import Button, Message, Value, names, text

SHOWN = 5  # search results that fit on a phone


def label(category: Category) -> Value:
    """A category's name with its emoji, as a button shows it."""
    emoji = f"{category.emoji} " if category.emoji else ""
    return names(emoji + category.vi, emoji + category.en)


def suggest(dialog: Dialog, facts: Facts) -> Dialog:
    """Look the description's words up, so that the right category may be one tap away."""
    if not dialog.report.text or dialog.report.category:
        return dialog
    found = facts.categories.search(dialog.report.text)[:3]
    return replace(dialog, found=tuple(category.code for category in found))


def _done(dialog: Dialog, facts: Facts) -> bool:
    return facts.categories.leaf(dialog.report.category) is not None


def _ask(dialog: Dialog, facts: Facts) -> Message:
    tree = facts.categories
    if dialog.found:
        found = tuple(node for node in map(tree.find, dialog.found) if node)
        everything = (button(dialog.serial, NAME, "all", "all_categories"),)
        return Message((line("category.found"),), (*_rows(dialog, found), everything))
    group = tree.find(dialog.group)
    if group:
        upwards = (button(dialog.serial, NAME, "all", "other_categories"),)
        rows = (*_rows(dialog, tree.children(group.code)), upwards)
        return Message((line("category.ask_in", group=names(group.vi, group.en)),), rows)
    return Message((line("category.ask"),), _rows(dialog, tree.roots()))


def _rows(dialog: Dialog, nodes: tuple[Category, ...]) -> tuple[tuple[Button, ...], ...]:
    buttons = [button(dialog.serial, NAME, f"at.{node.code}", label(node)) for node in nodes]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def _choose(turn: Turn, value: str) -> Answer | None:
    dialog = turn.dialog
    if value == "all":
        return Answer(replace(dialog, group="", found=()), stay=True)
    node = turn.facts.categories.find(value.removeprefix("at."))
    if not value.startswith("at.") or node is None:
        return None
    if turn.facts.categories.children(node.code):
        return Answer(replace(dialog, group=node.code, found=()), stay=True)
    return Answer(_settle(dialog, node))


def _settle(dialog: Dialog, leaf: Category) -> Dialog:
    report = replace(dialog.report, category=leaf.code)
    if leaf.sensitive and report.officials == "no":
        report = replace(report, officials="")  # it was said of another field: it is asked again
    return replace(dialog, report=report, group="", found=())


def _read(turn: Turn, words: str) -> Answer:
    found = turn.facts.categories.search(words)
    if _is_description(turn, words):
        dialog, note = description.put(turn.dialog, words, turn.envelope.message, turn.facts, add=True)
        codes = tuple(category.code for category in found[:3])
        return Answer(replace(dialog, group="", found=codes), (note,), stay=True)
    if not found:
        return refuse(turn, "category.not_found", words=text(words.strip()[:60]))
    codes = tuple(category.code for category in found[:SHOWN])
    return Answer(replace(turn.dialog, group="", found=codes), stay=True)


def _is_description(turn: Turn, words: str) -> bool:
    """A whole sentence where a category is wanted is the matter itself; it must not be lost."""
    return not turn.dialog.report.text and len(words.split()) >= 6


NAME = "category"
STEP = Question(NAME, _done, _ask, _choose, _read, listed=always)
