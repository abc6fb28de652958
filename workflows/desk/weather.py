"""Storm mode from the operators' group: what is on, switching it on after a look at what will be said, and off."""

from __future__ import annotations

from dataclasses import replace

from workflows.case.view import Names
from workflows.desk.state import PendingStorm
from workflows.desk.turn import Answer, Turn, here, rows
from workflows.effects import SwitchStorm
from workflows.messages import Button, Line, Message, Value, moment, names, text, word
from workflows.storm.shown import OnNow

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
    return _ask(turn, PendingStorm(areas[0].code if areas and colon else "", said), areas[0].names if areas else None)


def _ask(turn: Turn, pending: PendingStorm, area: Names | None) -> Answer:
    """Nothing is said to anybody before the same person has seen it."""
    values = _where(area if pending.area else None) | {"text": text(pending.text)}
    buttons = (Button("b:on", word("storm_button.begin")), Button("b:stop", word("desk_button.stop")))
    message = Message((Line("storm.preview", values), Line("storm.effects")), rows(buttons))
    desk = replace(turn.desk, storm=pending, listed=buttons, next_offset=0)
    return Answer(desk, (here(turn, message, purpose="list"),))


def _status(turn: Turn) -> Answer:
    storms = turn.facts.storms
    if not storms:
        return Answer(turn.desk, (here(turn, Message((Line("storm.none"), Line("storm.how")))),))
    lines = tuple(_line(one) for one in storms)
    buttons = tuple(Button(f"b:off:{one.id}", word("storm_button.end")) for one in storms)
    desk = replace(turn.desk, listed=buttons, next_offset=0)
    return Answer(desk, (here(turn, Message((*lines, Line("storm.how")), rows(buttons)), purpose="list"),))


def _line(storm: OnNow) -> Line:
    values = _where(storm.area) | {"text": text(storm.words)}
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
    return Answer(desk, (SwitchStorm(0, pending.area, pending.text),))
