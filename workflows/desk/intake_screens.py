"""What an operator sees while a report is taken down: the next question, or the preview; never a phone number."""

from __future__ import annotations

from collections.abc import Callable

from workflows.conversation.categories import Category
from workflows.desk.facts import CHOICES
from workflows.desk.screens import Screen, how_to_answer
from workflows.desk.turn import Turn, officer, rows
from workflows.intake.sources import CHANNELS
from workflows.intake.state import Intake
from workflows.messages import Button, Line, Message, Value, names, text, word
from workflows.text import spelling

SUGGESTED = 3
SHOWN_DIGITS = 3  # of a phone number, so that a slip of the finger is noticed


def screen(turn: Turn, intake: Intake) -> Message:
    """The message for where the intake stands now."""
    lines, buttons = _SCREENS[intake.ask](turn, intake)
    how = () if intake.ask in ("category", "officials", "channel", "preview") else how_to_answer(turn)
    return Message((_head(turn), *lines, *how), (*buttons, (_button(intake, "stop"),)))


def ended(turn: Turn, key: str) -> Message:
    """What takes the place of the question or preview when nothing is to be pressed any more."""
    return Message((_head(turn), Line(key)))


def _head(turn: Turn) -> Line:
    return Line("intake.head", {"officer": officer(turn)})


def _button(intake: Intake, verb: str, arg: str = "", label: Value | None = None) -> Button:
    data = f"p:{intake.serial}:{verb}:{arg}" if arg else f"p:{intake.serial}:{verb}"
    return Button(data, label or word(f"intake_button.{verb}"))


def _set(intake: Intake, value: str, label: Value) -> Button:
    return _button(intake, "set", value, label)


def _more(intake: Intake) -> Button:
    return _button(intake, "all")


def _words(turn: Turn, intake: Intake) -> Screen:
    return (Line("intake.ask_words"), Line("intake.all_at_once")), ()


def _place(turn: Turn, intake: Intake) -> Screen:
    return (Line("intake.ask_place"),), ()


def _area(turn: Turn, intake: Intake) -> Screen:
    located = turn.facts.located
    near = located.areas if located is not None and intake.lat is not None else ()
    areas = (turn.facts.areas or near or turn.facts.named)[:CHOICES]
    buttons = tuple(_set(intake, one.code, names(one.names.vi, one.names.en)) for one in areas)
    return (Line("intake.ask_area"),), (*rows(buttons), (_button(intake, "no_area"),))


def _category(turn: Turn, intake: Intake) -> Screen:
    tree = turn.facts.categories
    group = tree.find(intake.group)
    if group is not None:
        line = Line("desk.category.inside", {"group": names(group.vi, group.en)})
        return (line,), (*_categories(intake, tree.children(group.code)), (_more(intake),))
    suggested = tree.search(intake.about or intake.words)[:SUGGESTED]
    if suggested and intake.group != "all":
        return (Line("intake.suggested"),), (*_categories(intake, suggested), (_more(intake),))
    return (Line("desk.category.ask"),), _categories(intake, tree.roots())


def _categories(intake: Intake, nodes: tuple[Category, ...]) -> tuple[tuple[Button, ...], ...]:
    return rows(tuple(_set(intake, node.code, names(node.vi, node.en)) for node in nodes))


def _officials(turn: Turn, intake: Intake) -> Screen:
    buttons = tuple(_set(intake, one, word(f"intake_button.officials_{one}")) for one in ("yes", "no"))
    return (Line("intake.ask_officials"),), (buttons,)


def _channel(turn: Turn, intake: Intake) -> Screen:
    buttons = tuple(_set(intake, code, word(f"channel.{code}")) for code in CHANNELS)
    return (Line("intake.ask_channel"),), rows(buttons)


def _number(turn: Turn, intake: Intake) -> Screen:
    return (Line("intake.ask_number"),), ((_button(intake, "no_number"),),)


def _contact(turn: Turn, intake: Intake) -> Screen:
    return (Line("intake.ask_contact"),), ((_button(intake, "no_contact"),),)


def _preview(turn: Turn, intake: Intake) -> Screen:
    lines = (
        Line("intake.preview_words", {"text": text(turn.facts.censor.masked(intake.words))}),
        Line("intake.preview_place", {"place": _where(turn, intake)}),
        Line("intake.preview_category", {"category": _category_name(turn, intake)}),
        *((Line(f"intake.preview_officials_{intake.officials}"),) if intake.officials else ()),
        source_line("intake.preview_source", intake.channel, intake.number),
        _left_by(intake),
    )
    edits = tuple(_button(intake, "edit", what, word(f"intake_button.edit_{what}")) for what in EDITED)
    return lines, ((_button(intake, "send", str(intake.revision)),), *rows(edits))


def _where(turn: Turn, intake: Intake) -> Value:
    area = intake.area_names
    spot = intake.address or (f"{intake.lat:.5f}, {intake.lon:.5f}" if intake.lat is not None else "")
    if area is None or _has_words(spot, area.vi):
        return text(spot)
    return names(f"{spot} ({area.vi})", f"{spot} ({area.en})")


def _has_words(said: str, name: str) -> bool:
    """Whether the name stands there as whole words with its marks: Phường 1 is not Phường 12, nor An Hòa Ân Hòa."""
    return f" {' '.join(spelling(name))} " in f" {' '.join(spelling(said))} "


def _category_name(turn: Turn, intake: Intake) -> Value:
    found = turn.facts.categories.find(intake.category)
    return names(found.vi, found.en) if found else text(intake.category)


def source_line(key: str, channel: str, number: str) -> Line:
    """By which channel it came, and its number there if it has one (``key`` and ``key_number``)."""
    values = {"channel": word(f"channel.{channel}"), "number": text(number)}
    return Line(f"{key}_number" if number else key, values)


def _left_by(intake: Intake) -> Line:
    """Whether somebody can be called back; of the number only its last digits."""
    if not intake.phone:
        return Line("intake.preview_no_contact")
    return Line("intake.preview_contact", {"digits": text(intake.phone[-SHOWN_DIGITS:])})


EDITED = ("words", "place", "category", "channel", "number", "contact")
_SCREENS: dict[str, Callable[[Turn, Intake], Screen]] = {
    "words": _words,
    "place": _place,
    "area": _area,
    "category": _category,
    "officials": _officials,
    "channel": _channel,
    "number": _number,
    "contact": _contact,
    "preview": _preview,
}
