"""An operator takes a report down for somebody: what was said is read, what is missing asked, then it is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workflows import lookout
from workflows.about_officials import suspected
from workflows.case.view import Names
from workflows.conversation import links
from workflows.conversation.choices import read
from workflows.conversation.facts import Area, Located
from workflows.desk import intake_screens as screens
from workflows.desk.facts import Needs
from workflows.desk.screens import offered
from workflows.desk.state import Desk
from workflows.desk.turn import FORGET_AFTER, Answer, DraftData, Turn, here
from workflows.effects import Effect, Here, Say, ShowCard, TakeDown, WakeAt
from workflows.events import Envelope, MediaSent, Place, PlaceSent, TextSent
from workflows.intake import lines
from workflows.intake.checks import MAX_ADDRESS, MAX_WORDS, tells, wrong_place
from workflows.intake.lines import Said
from workflows.intake.sources import channel_in, is_number, number_key
from workflows.intake.state import Intake
from workflows.intake.steps import OFFICIALS, PREVIEW, next_ask
from workflows.messages import Line, Message, Value, names, number, say, text
from workflows.report import Report

PURPOSE = "intake"
FORGET = "intake.forget"  # a timer: work that nobody touched for a day is gone, with the personal data in it
Heard = TextSent | MediaSent | PlaceSent


# --- what must be known ---------------------------------------------------------------------------------------------


def needs(intake: Intake | None, words: str, place: Place | None, wanted: Needs) -> Needs:
    """What must be looked up for these words, or this position, of somebody who takes a report down."""
    said = lines.read(words)
    where = _place_said(intake, words, said)
    return replace(
        wanted,
        locate=place or (links.place_in(where) if where else None) or _kept_place(intake),
        address=where or (intake.address if intake else ""),
        areas=words[:100] if intake is not None and intake.ask == "area" and words else None,
        number=number_key(_number_said(intake, words, said)),
        channel=said.channel or (intake.channel if intake else ""),
        categories=True,
    )


def _place_said(intake: Intake | None, words: str, said: Said) -> str:
    alone = intake is not None and intake.ask == "place" and not lines.has_labels(words)
    return " ".join(words.split()) if alone and "\n" not in words.strip() else said.place


def _number_said(intake: Intake | None, words: str, said: Said) -> str:
    asked = intake is not None and intake.ask == "number" and not lines.has_labels(words)
    return words.strip() if asked else said.number


def _kept_place(intake: Intake | None) -> Place | None:
    if intake is None or intake.lat is None or intake.lon is None:
        return None
    return Place(intake.lat, intake.lon)


def meant(desk: Desk, envelope: Envelope, bound_purpose: str, *, replies: bool) -> bool:
    """Whether something said in the group is meant for the report that this person takes down."""
    intake = desk.intake
    if intake is None or not isinstance(envelope.event, Heard):
        return False
    if bound_purpose or replies:
        return bound_purpose == PURPOSE
    return is_latest(desk)


# --- beginning and ending -------------------------------------------------------------------------------------------


def begin(turn: Turn, words: str) -> Answer:
    """``/nhap``, with nothing, some or all of it behind."""
    if turn.facts.linked != "operators":
        return Answer(turn.desk, toast="intake.operators_only")
    desk = replace(turn.desk, serial=turn.desk.serial + 1)
    serial = f"{turn.facts.actor.person_id}.{desk.serial}"
    intake = Intake(serial, turn.facts.at.isoformat(), ask="words")
    return _danger_first(turn, words, _take(turn, desk, intake, words)) if words else _show(turn, desk, intake)


def stop(turn: Turn) -> Answer:
    """Nothing is kept of it."""
    said = screens.ended(turn, "intake.stopped")
    return Answer(replace(turn.desk, intake=None), (here(turn, said, edit=turn.pressed),))


def is_latest(desk: Desk) -> bool:
    """Whether this is what the person worked on last, and not a piece of work on a case."""
    return desk.intake is not None and (desk.draft is None or desk.draft.touched <= desk.intake.touched)


def woken(turn: Turn, version: int) -> Answer:
    """A day has passed: what was begun then and not touched since is forgotten."""
    intake = turn.desk.intake
    if intake is None or intake.revision != version:
        return Answer(turn.desk)
    return Answer(replace(turn.desk, intake=None))


def is_over(intake: Intake, at: datetime) -> bool:
    """Whether nobody has touched it for a day."""
    return at - datetime.fromisoformat(intake.touched) >= FORGET_AFTER


# --- what people say ------------------------------------------------------------------------------------------------


def hear(turn: Turn, event: Heard) -> Answer:
    """Words or a position of the person who takes it down."""
    intake = turn.desk.intake
    if intake is None:
        return Answer(turn.desk)
    match event:
        case PlaceSent(place=place):
            return _placed(turn, turn.desk, *_at(turn, intake, place))
        case MediaSent(caption=""):
            return _again(turn, turn.desk, intake, _fault("intake.no_media"))
        case MediaSent(caption=words) | TextSent(text=words):
            answer = _hear(turn, intake, words.strip())
            return answer if intake.warned else _danger_first(turn, words, answer)


def _danger_first(turn: Turn, words: str, answer: Answer) -> Answer:
    """The emergency numbers before anything else, also before what was wrong (words.md, rule 9); once a report."""
    if not lookout.heard(words, (*turn.facts.danger_words, *turn.facts.categories.danger)):
        return answer
    desk = answer.desk
    if desk.intake is not None:
        desk = replace(desk, intake=replace(desk.intake, warned=True))
    return replace(answer, desk=desk, effects=tuple(_led_by_numbers(one) for one in answer.effects))


def _led_by_numbers(effect: Effect) -> Effect:
    if not isinstance(effect, Say):
        return effect
    return replace(effect, message=replace(effect.message, lines=(Line("intake.danger"), *effect.message.lines)))


def _hear(turn: Turn, intake: Intake, words: str) -> Answer:
    chosen = read(words, intake.offered, turn.facts.spell)
    if chosen is not None:
        return _choose(turn, intake, chosen.data, chosen.label)
    if lines.has_labels(words) or intake.ask == "words" or lines.is_contact(words):
        return _take(turn, turn.desk, replace(intake, ask=""), words)
    return _HEARERS[intake.ask](turn, intake, words)


def _take(turn: Turn, desk: Desk, intake: Intake, words: str) -> Answer:
    """A message that may hold everything."""
    said = lines.read(words)
    known = _with(turn, intake, said)
    known, no_place = _somewhere(turn, known, said.place) if said.place else (known, None)
    if key := _wrong(said):
        return _again(turn, desk, replace(known, ask=_ASKED_AGAIN[key]), _fault(key))
    if turn.facts.filed:
        return _filed(turn, desk)
    return _placed(turn, desk, known, no_place)


# What is awaited after a refusal: the part that was wrong.
_ASKED_AGAIN = {
    "intake.bad_phone": "contact",
    "intake.bad_channel": "channel",
    "intake.bad_number": "number",
    "intake.too_short": "words",
    "intake.too_long": "words",
}


def _wrong(said: Said) -> str:
    """The first part that cannot be right; a place is judged once the rest is."""
    wrong = {
        "intake.too_short": said.words and not tells(said.words),
        "intake.too_long": len(said.words) > MAX_WORDS,
        "intake.bad_number": said.number and not is_number(said.number),
        "intake.bad_phone": said.bad_phone,
        "intake.bad_channel": said.bad_channel,
    }
    return next((key for key, is_so in wrong.items() if is_so), "")


def _with(turn: Turn, intake: Intake, said: Said) -> Intake:
    """What was said is put in its place; what cannot be right is left out."""
    words = said.words if tells(said.words) and len(said.words) <= MAX_WORDS else intake.words
    about = said.category or intake.about
    return replace(
        intake,
        words=words,
        about=about,
        category="" if said.category else intake.category,
        channel=said.channel or intake.channel,
        number=said.number if said.number and is_number(said.number) else intake.number,
        phone=said.phone or intake.phone,
        name=said.name or intake.name,
        no_contact=intake.no_contact and not said.phone,
    )


_WRONG_PLACE = {
    "short_link": "desk.place.short_link",
    "too_long": "intake.address_too_long",
    "no_place": "intake.no_place",
}


def _placed(turn: Turn, desk: Desk, intake: Intake, wrong: Line | None) -> Answer:
    """Go on with the place that was said, or ask for it again."""
    return _again(turn, desk, replace(intake, ask="place"), wrong) if wrong else _show(turn, desk, intake)


def _somewhere(turn: Turn, intake: Intake, place: str) -> tuple[Intake, Line | None]:
    """With the place as it was typed, an address or a map link with a position in it; or why it is none."""
    if wrong := wrong_place(place):
        return intake, _fault(_WRONG_PLACE[wrong])
    position = links.place_in(place)
    if position is not None:
        return _at(turn, intake, position)
    named = turn.facts.named
    spot = replace(intake, address=place, lat=None, lon=None)
    return _in_area(spot, named[0] if len(named) == 1 else None), None


def _at(turn: Turn, intake: Intake, place: Place) -> tuple[Intake, Line | None]:
    """With a position and the area in which it lies; or why none can be there."""
    located = turn.facts.located or Located("unmapped")
    if located.kind in ("outside", "nowhere"):
        return intake, _outside(located)
    spot = replace(intake, lat=place.lat, lon=place.lon, address=place.address)
    spot = _in_area(spot, located.areas[0] if located.kind == "inside" and located.areas else None)
    return (replace(spot, area_known=True) if located.kind == "unmapped" else spot), None


def _in_area(intake: Intake, area: Area | None) -> Intake:
    if area is None:
        return replace(intake, area="", area_names=None, area_known=False)
    return replace(intake, area=area.code, area_names=area.names, area_known=True)


def _outside(located: Located) -> Line:
    if located.kind == "nowhere":
        return Line("desk.place.nowhere")
    if located.served_by is None:
        return Line("intake.outside")
    return Line("intake.outside_known", {"agency": names(located.served_by.vi, located.served_by.en)})


def _filed(turn: Turn, desk: Desk) -> Answer:
    """This number has a case already: that one is shown, and nothing is taken down twice."""
    filed = turn.facts.filed
    if filed is None or not filed.code:
        return Answer(replace(desk, intake=None), (here(turn, say("intake.number_filed_elsewhere")),))
    said = here(turn, say("intake.number_filed", code=text(filed.code)))
    return Answer(replace(desk, intake=None), (said, ShowCard(Here(), filed.case_id, repost=True)))


def _hear_place(turn: Turn, intake: Intake, words: str) -> Answer:
    return _placed(turn, turn.desk, *_somewhere(turn, intake, " ".join(words.split())))


def _hear_area(turn: Turn, intake: Intake, words: str) -> Answer:
    found = turn.facts.areas
    if not found:
        return _again(turn, turn.desk, intake, _fault("intake.no_such_area"))
    if len(found) == 1:
        return _show(turn, turn.desk, _in_area(intake, found[0]))
    return _show(turn, turn.desk, intake)


def _hear_category(turn: Turn, intake: Intake, words: str) -> Answer:
    found = turn.facts.categories.search(words)
    if not found:
        return _again(turn, turn.desk, intake, _fault("intake.no_such_category"))
    return _show(turn, turn.desk, replace(intake, group="", about=words))


def _hear_channel(turn: Turn, intake: Intake, words: str) -> Answer:
    channel = channel_in(words)
    if not channel:
        return _again(turn, turn.desk, intake, _fault("intake.bad_channel"))
    return _show(turn, turn.desk, replace(intake, channel=channel))


def _hear_number(turn: Turn, intake: Intake, words: str) -> Answer:
    if not is_number(words):
        return _again(turn, turn.desk, intake, _fault("intake.bad_number"))
    if turn.facts.filed:
        return _filed(turn, turn.desk)
    return _show(turn, turn.desk, replace(intake, number=words))


def _hear_contact(turn: Turn, intake: Intake, words: str) -> Answer:
    said = lines.contact(words)
    if said.bad_phone:
        return _again(turn, turn.desk, intake, _fault("intake.bad_phone"))
    return _show(turn, turn.desk, _with(turn, intake, replace(said, words="", place="")))


def _hear_preview(turn: Turn, intake: Intake, words: str) -> Answer:
    return _again(turn, turn.desk, intake, _fault("intake.choose"))


_HEARERS: dict[str, Callable[[Turn, Intake, str], Answer]] = {
    "place": _hear_place,
    "area": _hear_area,
    "category": _hear_category,
    "channel": _hear_channel,
    "number": _hear_number,
    "contact": _hear_contact,
    OFFICIALS: _hear_preview,
    PREVIEW: _hear_preview,
}


# --- buttons --------------------------------------------------------------------------------------------------------


def choose(turn: Turn, pressed: DraftData, data: str) -> Answer:
    """A button of the intake. Only of those shown last."""
    intake = turn.desk.intake
    if intake is None:
        return Answer(turn.desk, toast="desk.toast.finished")
    label = next((button.label for button in intake.offered if button.data == data), None)
    if label is None:
        return replace(_show(turn, turn.desk, intake), toast="desk.toast.old_preview")
    return _choose(turn, intake, data, label)


def _choose(turn: Turn, intake: Intake, data: str, label: Value) -> Answer:
    verb, _, arg = data.partition(":")[2].partition(":")[2].partition(":")
    match verb:
        case "stop":
            return stop(turn)
        case "send":
            return _send(turn, intake)
        case "edit":
            return _show(turn, turn.desk, _without(intake, arg), edit=True)
        case "all":
            return _show(turn, turn.desk, replace(intake, group="all"), edit=True)
        case "no_area":
            return _show(turn, turn.desk, replace(intake, area="", area_names=None, area_known=True), edit=True)
        case "no_number":
            return _show(turn, turn.desk, replace(intake, number="", ask=""), edit=True)
        case "no_contact":
            return _show(turn, turn.desk, replace(intake, no_contact=True), edit=True)
    return _show(turn, turn.desk, _set(turn, intake, arg, label), edit=True)


def _set(turn: Turn, intake: Intake, value: str, label: Value) -> Intake:
    if intake.ask == "area":
        return _in_area(intake, Area(value, Names(label.value, label.other)))
    if intake.ask == OFFICIALS:
        return replace(intake, officials=value)
    if intake.ask == "channel":
        return replace(intake, channel=value)
    leaf = turn.facts.categories.leaf(value)
    return replace(intake, category=value) if leaf is not None else replace(intake, group=value)


def _without(intake: Intake, what: str) -> Intake:
    """The same without one part, which is asked for again."""
    emptied: dict[str, Intake] = {
        "words": replace(intake, words="", officials=""),
        "place": _in_area(replace(intake, address="", lat=None, lon=None), None),
        "category": replace(intake, category="", group="all", officials=""),
        "channel": replace(intake, channel=""),
        "number": replace(intake, number="", ask="number"),
        "contact": replace(intake, phone="", name="", no_contact=False),
    }
    return emptied[what]


def _send(turn: Turn, intake: Intake) -> Answer:
    """Confirmed: the case is made by the handler, which says what to read out."""
    report = Report(
        lat=intake.lat,
        lon=intake.lon,
        address=intake.address,
        area=intake.area,
        category=intake.category,
        text=intake.words,
        contact_name=intake.name,
        phone=intake.phone,
        officials=intake.officials,
    )
    closed = (here(turn, screens.ended(turn, "intake.confirmed"), edit=True),) if turn.pressed else ()
    taken = TakeDown(report, intake.channel, intake.number)
    return Answer(replace(turn.desk, intake=None), (*closed, taken))


# --- showing --------------------------------------------------------------------------------------------------------


def _changed(turn: Turn, intake: Intake) -> Intake:
    return replace(intake, revision=turn.desk.version, touched=turn.facts.at.isoformat())


def _show(turn: Turn, desk: Desk, intake: Intake, *, edit: bool = False) -> Answer:
    """Ask for what is missing, or show the preview; and come back in a day to forget it."""
    asked = next_ask(intake, about_officials=_about_officials(turn, intake))
    if intake.ask == "number" and not intake.number:
        asked = intake.ask
    intake = replace(_changed(turn, intake), ask=asked)
    return _put(turn, desk, intake, screens.screen(turn, intake), edit=edit)


def _again(turn: Turn, desk: Desk, intake: Intake, fault: Line) -> Answer:
    """The question is put again below what was wrong with the answer, with its ways out; the rest is kept."""
    intake = _changed(turn, intake)
    shown = screens.screen(turn, intake)
    return _put(turn, desk, intake, replace(shown, lines=(shown.lines[0], fault, *shown.lines[1:])))


def _put(turn: Turn, desk: Desk, intake: Intake, shown: Message, *, edit: bool = False) -> Answer:
    intake = replace(intake, offered=offered(shown))
    forget = WakeAt(turn.facts.at + FORGET_AFTER, FORGET, intake.revision)
    said = here(turn, shown, purpose=PURPOSE, edit=edit)
    return Answer(replace(desk, intake=intake, listed=()), (said, forget))


def _about_officials(turn: Turn, intake: Intake) -> bool:
    """Whether the field or the words give reason to ask (R61)."""
    leaf = turn.facts.categories.leaf(intake.category)
    return bool(leaf and leaf.sensitive) or suspected(intake.words, turn.facts.official_words)


_LIMITS = {"intake.too_long": MAX_WORDS, "intake.address_too_long": MAX_ADDRESS}


def _fault(key: str) -> Line:
    """What was wrong, and how much there may be of it at the most."""
    return Line(key, {"limit": number(_LIMITS[key])} if key in _LIMITS else {})
