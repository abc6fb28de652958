"""Storm mode from the operators' group: what is on, switching it on after a look at what will be said, and off."""

from __future__ import annotations

from dataclasses import replace

from workflows.case.view import Names
from workflows.desk.state import PendingStorm
from workflows.desk.turn import Answer, Turn, here, rows
from workflows.effects import SwitchStorm
from workflows.messages import Button, Line, Message, Value, moment, names, text, word
from workflows.storm.mode import same
from workflows.storm.shown import OnNow
from workflows.text import has_diacritics

MAX_TEXT = 500  # characters of what citizens are told; no more fits beside a greeting


def area_words(args: str) -> str:
    """The words in which an area may be named: those before the colon."""
    return args.partition(":")[0] if ":" in args else ""


def commanded(turn: Turn, args: str) -> Answer:
    """``/bao``: what is on; ``/bao [area]: words`` shows what will be said and asks to confirm."""
    if turn.facts.linked != "operators":
        return Answer(turn.desk, toast="storm.operators_only")
    if not args:
        return _status(turn)
    named, colon, words = args.partition(":")
    said = (words if colon else args).strip()
    areas = turn.facts.named
    if colon and named.strip() and len(areas) != 1:
        return Answer(
            turn.desk, (here(turn, Message((Line("storm.which_area", {"words": text(named.strip()[:60])}),))),)
        )
    if not said or len(said) > MAX_TEXT:
        return Answer(turn.desk, toast="storm.how")
    area = areas[0] if areas and colon else None
    pending = PendingStorm(area.code if area else "", said)
    known = same(turn.facts.storms, pending.area)
    return _known(turn, known) if known else _ask(turn, pending, area.names if area else None)


def _ask(turn: Turn, pending: PendingStorm, area: Names | None) -> Answer:
    """Nothing is said to anybody before the same person has seen it."""
    values = _where(area) | {"text": text(pending.text)}
    bare = () if has_diacritics(pending.text) else (Line("storm.no_marks"),)
    lines = (Line("storm.preview", values), *bare, Line("storm.effects"), Line("storm.left_out"))
    buttons = (Button("b:on", word("storm_button.begin")), Button("b:stop", word("desk_button.stop")))
    return _listed(replace(turn, desk=replace(turn.desk, storm=pending)), lines, buttons)


def _known(turn: Turn, storm: OnNow) -> Answer:
    """One is on there already: a second one would tell everybody twice."""
    return _listed(turn, (_line(storm), Line("storm.already", _where(storm.names))), (_off(storm),))


def _status(turn: Turn) -> Answer:
    storms = turn.facts.storms
    if not storms:
        return Answer(turn.desk, (here(turn, Message((Line("storm.none"), Line("storm.how")))),))
    return _listed(turn, (*map(_line, storms), Line("storm.how")), tuple(map(_off, storms)))


def _off(storm: OnNow) -> Button:
    return Button(f"b:off:{storm.id}", word("storm_button.end"))


def _listed(turn: Turn, lines: tuple[Line, ...], buttons: tuple[Button, ...]) -> Answer:
    desk = replace(turn.desk, listed=buttons, next_offset=0)
    return Answer(desk, (here(turn, Message(lines, rows(buttons)), purpose="list"),))


def _line(storm: OnNow) -> Line:
    values = _where(storm.names) | {"text": text(storm.words)}
    if storm.until is None:
        return Line("storm.running", values)
    return Line("storm.running_until", values | {"until": moment(storm.until)})


def _where(area: Names | None) -> dict[str, Value]:
    return {"area": names(area.vi, area.en) if area else word("storm.everywhere")}


def pressed(turn: Turn, data: str) -> Answer | None:
    """A button of storm mode (``b:…``); None for anything else. It proves nothing."""
    kind, _, rest = data.partition(":")
    verb, _, number = rest.partition(":")
    if kind != "b" or verb not in ("on", "off", "stop"):
        return None
    if turn.facts.linked != "operators":
        return Answer(turn.desk, toast="storm.operators_only")
    desk = replace(turn.desk, storm=None, listed=())
    if verb == "off":
        valid = number.isascii() and number.isdigit() and len(number) <= 18
        return Answer(desk, (SwitchStorm(int(number)),)) if valid else Answer(desk, toast="desk.toast.old_button")
    pending = turn.desk.storm
    if pending is None:
        return Answer(desk, toast="desk.toast.finished")
    if verb == "stop":
        return Answer(desk, toast="storm.stopped")
    known = same(turn.facts.storms, pending.area)  # somebody was quicker
    if known is not None:
        return _known(replace(turn, desk=desk), known)
    return Answer(desk, (SwitchStorm(0, pending.area, pending.text),))
