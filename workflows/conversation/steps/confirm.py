"""The review: everything read back, any answer changed by one tap, then sent."""

from __future__ import annotations

from dataclasses import replace

from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog
from workflows.conversation.step import Answer, Question, Turn, always, button, line, never, refuse
from workflows.conversation.steps import category, contact, description, location, officials, photo
from workflows.messages import Button, Line, Message, names, number, text, word
from workflows.report import REPORTER_TYPES

CHANGES = {
    "photo": photo.NAME,
    "place": location.NAME,
    "category": category.NAME,
    "text": description.NAME,
    "officials": officials.NAME,
    "contact_name": contact.NAME,
    "phone": contact.PHONE,
}


def _ask(dialog: Dialog, facts: Facts) -> Message:
    lines = (
        line("review.ask"),
        _category(dialog, facts),
        *_place(dialog),
        line("review.text", text=text(dialog.report.text)) if dialog.report.text else line("review.no_text"),
        _media(dialog),
        *officials.read_back(dialog, facts),
        *_reporter(dialog),
        *_contact(dialog, facts),
    )
    return Message(lines, _rows(dialog, facts))


def _category(dialog: Dialog, facts: Facts) -> Line:
    leaf = facts.categories.leaf(dialog.report.category)
    shown = category.label(leaf) if leaf else text(dialog.report.category)
    return line("review.category", category=shown)


def _place(dialog: Dialog) -> tuple[Line, ...]:
    report, area = dialog.report, dialog.area_names
    lines: list[Line] = []
    if report.address:
        lines.append(line("review.address", address=text(report.address)))
    else:
        lines.append(line("review.pin"))
    if area:
        lines.append(line("review.area", area=names(area.vi, area.en)))
    return tuple(lines)


def _media(dialog: Dialog) -> Line:
    count = photo.pictures(dialog.report)
    other = len(dialog.report.media) - count
    if not dialog.report.media:
        return line("review.no_photo")
    if not count:
        return line("review.files", other=number(other))
    if not other:
        return line("review.photos", pictures=photo.told(dialog.report))
    return line("review.photos_and_files", pictures=photo.told(dialog.report), other=number(other))


def _reporter(dialog: Dialog) -> tuple[Line, ...]:
    report = dialog.report
    if report.reporter_type == "person":
        return ()
    kind = word(f"review.type.{report.reporter_type}")
    if not report.reporter_name:
        return (line("review.reporter", kind=kind),)
    return (line("review.reporter_named", kind=kind, name=text(report.reporter_name)),)


def _contact(dialog: Dialog, facts: Facts) -> tuple[Line, ...]:
    """What the policy wants to know of the person, read back."""
    report, lines = dialog.report, []
    if contact.wants_name(dialog, facts):
        lines.append(line("review.contact_name", name=text(report.contact_name)))
    if contact.wants_phone(dialog, facts):
        lines.append(line("review.phone", phone=text(report.phone)))
    return tuple(lines)


def _rows(dialog: Dialog, facts: Facts) -> tuple[tuple[Button, ...], ...]:
    def own(value: str, label: str) -> Button:
        return button(dialog.serial, NAME, value, label)

    others = [kind for kind in REPORTER_TYPES if kind != dialog.report.reporter_type]
    return (
        (own("send", "send"),),
        (own("photo", "change_photo"), own("place", "change_place")),
        (own("category", "change_category"), own("text", "change_text")),
        *(((own("officials", "change_officials"),),) if dialog.report.officials else ()),
        *_contact_row(dialog, facts),
        tuple(own(f"type.{kind}", f"as_{kind}") for kind in others),
    )


def _contact_row(dialog: Dialog, facts: Facts) -> tuple[tuple[Button, ...], ...]:
    ways = (("contact_name", contact.wants_name(dialog, facts)), ("phone", contact.wants_phone(dialog, facts)))
    shown = tuple(button(dialog.serial, NAME, way, f"change_{way}") for way, wanted in ways if wanted)
    return (shown,) if shown else ()


def _choose(turn: Turn, value: str) -> Answer | None:
    """Sending itself is the draft's business (draft.py); here are the changes."""
    dialog = turn.dialog
    if value in CHANGES:
        return Answer(replace(dialog, step=CHANGES[value], editing=True), stay=True)
    kind = value.removeprefix("type.")
    if value.startswith("type.") and kind in REPORTER_TYPES:
        return _as(dialog, kind)
    return None


def _as(dialog: Dialog, kind: str) -> Answer:
    report = replace(dialog.report, reporter_type=kind, reporter_name="")
    aside = "" if kind == "person" else "reporter"
    return Answer(replace(dialog, report=report, aside=aside), stay=True)


def _read(turn: Turn, words: str) -> Answer:
    if not description.tells_something(words, turn.facts):
        return refuse(turn, "review.choose")
    dialog, note = description.put(turn.dialog, words, turn.envelope.message, turn.facts, add=True)
    return Answer(dialog, (note,), stay=True)


NAME = "confirm"
STEP = Question(NAME, never, _ask, _choose, _read, listed=always)
