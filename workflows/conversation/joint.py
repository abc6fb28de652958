"""Somebody reported this already: open cases near by are shown before sending, to be joined by one tap."""

from __future__ import annotations

from dataclasses import replace

from workflows.conversation import choices
from workflows.conversation.facts import Around, Facts, NearCase
from workflows.conversation.state import Dialog
from workflows.conversation.step import button, line
from workflows.conversation.steps import confirm
from workflows.events import ButtonPressed, Event, TextSent
from workflows.lookout import APART
from workflows.messages import Button, Line, Message, Value, names, number, text, word
from workflows.report import Report, about_officials

NAME = "near"
ALONE = "alone"
SHORT = 24  # characters: long enough for a button's words


def looked_for(dialog: Dialog, event: Event) -> Report | None:
    """The report around which to look, when this event may send it: it has a position and was not compared yet."""
    if not dialog.drafting or dialog.step != confirm.NAME or dialog.aside or dialog.expect.kind:
        return None
    match event:
        case ButtonPressed(data=data):
            sends = data == f"c:{dialog.serial}:{confirm.NAME}:send"
        case TextSent(text=words):
            sends = 0 < len(choices.plain(words)) <= SHORT
        case _:
            sends = False
    return dialog.report if sends and _locatable(dialog.report) and not compared(dialog) else None


def _locatable(report: Report) -> bool:
    return report.lat is not None and report.lon is not None


def compared(dialog: Dialog) -> bool:
    """Whether this place and this category were compared with other cases already: nobody is asked twice."""
    return dialog.compared == _key(dialog.report)


def _key(report: Report) -> str:
    return f"{report.lat},{report.lon},{report.category}"


def compare(dialog: Dialog, facts: Facts) -> Dialog:
    """The draft with what is around it; the question whether to join is on the table when there is something to."""
    found = facts.around or Around()
    leaf = facts.categories.leaf(dialog.report.category)
    apart = (
        leaf is None
        or about_officials(dialog.report, sensitive=leaf.sensitive)
        or bool(APART & set(dialog.report.flags))
    )
    offers = () if apart else found.offers
    return replace(
        dialog,
        compared=_key(dialog.report),
        near=offers,
        alike=found.alike,
        earlier=found.earlier,
        aside=NAME if offers else "",
    )


def ask(dialog: Dialog) -> Message:
    """The cases with photo, distance and age, each to be joined, and the way on alone."""
    offers = dialog.near
    shown = [one.photo for one in offers if one.photo]
    several = len(offers) > 1
    cases = [_line(at, one, shown, several=several) for at, one in enumerate(offers, start=1)]
    how = "near.how" if several or not offers[0].own else "near.how_own"
    return Message((line("near.ask"), *cases, line(how)), _rows(dialog), media=tuple(shown))


def _line(at: int, one: NearCase, shown: list[str], *, several: bool) -> Line:
    """One case with its number and its picture's place; a single one needs neither."""
    values: dict[str, Value] = {
        "n": text(f"{at}. " if several else ""),
        "category": names(one.category.vi, one.category.en),
        "metres": number(one.metres),
        "days": number(one.days),
        "state": word(f"state.{one.state.value}"),
        "agency": names(one.agency.vi, one.agency.en) if one.agency else word("card.team"),
        "photo": word(f"near.{_picture(one, shown)}"),
        "code": text(one.code),
    }
    whose = "own" if one.own else "offer"
    return Line(f"near.{whose}_{'days' if one.days else 'today'}", values)


def _picture(one: NearCase, shown: list[str]) -> str:
    if not one.photo:
        return "no_photo"
    return f"photo_{shown.index(one.photo) + 1}" if len(shown) > 1 else "photo_only"


def _rows(dialog: Dialog) -> tuple[tuple[Button, ...], ...]:
    several = len(dialog.near) > 1
    found = tuple(
        (button(dialog.serial, NAME, f"join.{at}", _label(at, one, several=several)),)
        for at, one in enumerate(dialog.near, start=1)
    )
    return (*found, (button(dialog.serial, NAME, ALONE, "send_alone"),))


def _label(at: int, one: NearCase, *, several: bool) -> str:
    kind = "append" if one.own else "join"
    return f"{kind}_{at}" if several else kind


def chosen(dialog: Dialog, value: str) -> NearCase | None:
    """The case that a pressed button means; None for a button that is not there."""
    at = value.removeprefix("join.")
    known = {str(number): one for number, one in enumerate(dialog.near, start=1)}
    return known.get(at) if value.startswith("join.") else None
