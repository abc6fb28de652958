"""A few words: what is wrong and since when; optional when a photo, video or voice note speaks for itself."""

from __future__ import annotations

from dataclasses import replace

from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog
from workflows.conversation.step import Answer, Question, Turn, line, nothing_to_choose, refuse
from workflows.messages import Line, Message, number


def tells_something(text: str, facts: Facts) -> bool:
    """Whether these words could describe a matter, rather than greet or stumble."""
    return len(text.split()) >= 2 and len(text.strip()) >= facts.limits.min_text


def put(dialog: Dialog, text: str, message: str | None, facts: Facts, *, add: bool) -> tuple[Dialog, Line]:
    """Take ``text`` as the description, or ``add`` it to what is there; and the sentence that says so.

    Words are taken whole or not at all: nothing is cut off in silence.
    """
    report, text = dialog.report, text.strip()
    whole = f"{report.text}\n{text}" if add and report.text else text
    limit = facts.limits.max_text
    if len(whole) > limit:
        return dialog, line("text.too_long", limit=number(limit), length=number(len(whole)))
    key = "text.added" if whole != text else "text.kept"
    changed = replace(
        dialog,
        report=replace(report, text=whole),
        described_by=(message or "") if whole == text else "",
        skipped=tuple(name for name in dialog.skipped if name != NAME),
    )
    return changed, line(key)


def _done(dialog: Dialog, _: Facts) -> bool:
    report = dialog.report
    return bool(report.text) or (NAME in dialog.skipped and bool(report.media))


def _ask(dialog: Dialog, _: Facts) -> Message:
    if dialog.report.text:
        return Message((line("text.again"),))
    return Message((line("text.ask_optional" if dialog.report.media else "text.ask"),))


def _read(turn: Turn, text: str) -> Answer:
    if not turn.dialog.report.media and not tells_something(text, turn.facts):
        return refuse(turn, "text.too_short")
    dialog, note = put(turn.dialog, text, turn.envelope.message, turn.facts, add=False)
    if note.key == "text.too_long":
        return Answer(dialog, (note,), stay=True)
    return Answer(dialog)


def _may_skip(dialog: Dialog, _: Facts) -> bool:
    return bool(dialog.report.media) and not dialog.report.text


NAME = "description"
STEP = Question(NAME, _done, _ask, nothing_to_choose, _read, _may_skip)
