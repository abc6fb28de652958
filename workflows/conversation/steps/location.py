"""The place: a pin, a venue, a map link, a typed address, or where a photo file says it was taken."""

from __future__ import annotations

from dataclasses import replace

from workflows.conversation.choices import plain
from workflows.conversation.facts import Area, Facts, Located
from workflows.conversation.links import is_short, place_in
from workflows.conversation.state import Dialog, Spot
from workflows.conversation.step import Answer, Question, Turn, button, line, refuse
from workflows.events import Place
from workflows.messages import Button, Line, Link, Message, names, number, word

# Whole messages that ask for the map; the question is asked again, with a fresh link.
MAP_WORDS = {
    "ban do", "mo ban do", "chon tren ban do", "vi tri", "gui vi tri", "lien ket", "duong dan",
    "map", "open the map", "choose on the map", "location", "send location", "link",
}  # fmt: skip
# Whole messages that name no place to anybody who is not there.
HERE_WORDS = {
    "o day", "ngay o day", "ngay day", "tai day", "cho nay", "ngay cho nay", "nha toi", "truoc nha toi",
    "here", "right here", "this place", "my house",
}  # fmt: skip

MOST_NAMED = 8  # areas that a name is offered for; an old district of twenty says too little to choose from


def take(turn: Turn, place: Place) -> Answer:
    """Take a position as the report's place, or say why not and what to send instead."""
    located = turn.facts.located or Located("unmapped")
    spot = Spot(place.lat, place.lon, place.address, located.areas)
    if located.kind == "inside" and located.areas:
        return settled(turn.dialog, spot, located.areas[0])
    if located.kind == "near" and located.areas:
        return Answer(replace(turn.dialog, nearby=spot, photo_spot=None))
    if located.kind == "nowhere":
        return refuse(turn, "place.nowhere")
    if located.kind == "outside":
        return _outside(turn, located)
    return settled(turn.dialog, spot, None)


def _outside(turn: Turn, located: Located) -> Answer:
    if located.served_by is None:
        return refuse(turn, "place.outside_unknown")
    agency = names(located.served_by.vi, located.served_by.en)
    return refuse(turn, "place.outside", agency=agency)


def settled(dialog: Dialog, spot: Spot, area: Area | None, message: str = "") -> Answer:
    """The report's place is this one, and no other offer is open. ``message`` is the one that gave an address."""
    report = replace(
        dialog.report,
        lat=spot.lat,
        lon=spot.lon,
        address=spot.address,
        area=area.code if area else "",
    )
    dialog = replace(
        dialog,
        report=report,
        area_names=area.names if area else None,
        nearby=None,
        photo_spot=None,
        addressed_by=message,
    )
    return Answer(dialog, (_noted(area),))


def _noted(area: Area | None) -> Line:
    if area is None:
        return line("place.got")
    now = names(area.names.vi, area.names.en)
    if area.formerly is None:
        return line("place.got_area", area=now)
    return line("place.got_area_now", area=now, formerly=names(area.formerly.vi, area.formerly.en))


def offer(turn: Turn, lat: float, lon: float) -> Dialog:
    """Remember where a photo file says it was taken, to be offered; never to be assumed."""
    located = turn.facts.located
    report = turn.dialog.report
    if report.has_place or turn.dialog.nearby or located is None:
        return turn.dialog
    if located.kind in ("outside", "nowhere"):
        return turn.dialog
    return replace(turn.dialog, photo_spot=Spot(lat, lon, "", located.areas))


def _done(dialog: Dialog, _: Facts) -> bool:
    return dialog.report.has_place and dialog.nearby is None


def _ask(dialog: Dialog, facts: Facts) -> Message:
    if dialog.nearby:
        return Message((_which(dialog.nearby),), _areas(dialog, dialog.nearby.areas))
    spot = dialog.photo_spot
    if spot and spot.lat is not None and spot.lon is not None:
        rows = (
            (button(dialog.serial, NAME, "photo", "right_here"),),
            (button(dialog.serial, NAME, "notphoto", "elsewhere"),),
        )
        return Message((line("place.from_photo"),), rows, pin=(spot.lat, spot.lon), wish="place", links=_map(dialog))
    asked = line("place.ask" if facts.locations else "place.ask_typed")
    return Message((asked,), wish="place", links=_map(dialog))


def _which(spot: Spot) -> Line:
    """Why it is not clear: the point is near a border, or the name that was typed means several areas now."""
    if spot.lat is not None:
        return line("place.which_area")
    formerly = {area.formerly for area in spot.areas}
    old = formerly.pop() if len(formerly) == 1 else None
    return line("place.which_area_now", formerly=names(old.vi, old.en)) if old else line("place.which_of_names")


def _map(dialog: Dialog) -> tuple[Link, ...]:
    """Our own map, for those whose platform has none or who cannot find its button; good for this draft only."""
    return (Link("map", word("button.map"), dialog.serial),)


def _areas(dialog: Dialog, areas: tuple[Area, ...]) -> tuple[tuple[Button, ...], ...]:
    def row(area: Area) -> tuple[Button, ...]:
        shown = names(area.names.vi, area.names.en)
        return (button(dialog.serial, NAME, f"area.{area.code}", shown),)

    return (*map(row, areas), (button(dialog.serial, NAME, "other", "elsewhere"),))


def _listed(dialog: Dialog, _: Facts) -> bool:
    """Whether an offered place is to be chosen; where an address is typed, a number is the beginning of one."""
    return dialog.nearby is not None or dialog.photo_spot is not None


def _choose(turn: Turn, value: str) -> Answer | None:
    dialog = turn.dialog
    if value == "other" and dialog.nearby:
        return Answer(replace(dialog, nearby=None), stay=True)
    if value == "notphoto" and dialog.photo_spot:
        return Answer(replace(dialog, photo_spot=None), stay=True)
    if value == "photo" and dialog.photo_spot:
        return _accept_photo_spot(turn, dialog.photo_spot)
    if value.startswith("area.") and dialog.nearby:
        return _choose_area(dialog, dialog.nearby, value.removeprefix("area."))
    return None


def _accept_photo_spot(turn: Turn, spot: Spot) -> Answer:
    dialog = replace(turn.dialog, photo_spot=None)
    if len(spot.areas) > 1:
        return Answer(replace(dialog, nearby=spot))
    return settled(dialog, spot, spot.areas[0] if spot.areas else None)


def _choose_area(dialog: Dialog, spot: Spot, code: str) -> Answer | None:
    area = next((area for area in spot.areas if area.code == code), None)
    return settled(dialog, spot, area, dialog.addressed_by) if area else None


def read(turn: Turn, text: str) -> Answer:
    """Words where a place is wanted: a map link, an address, or the wish for a (new) link to our map."""
    said = plain(text[:40])
    if said in MAP_WORDS:
        return Answer(turn.dialog, stay=True)
    if said in HERE_WORDS:
        return refuse(turn, "place.not_a_place")
    place = place_in(text)
    if place:
        return take(turn, place)
    if is_short(text):
        return refuse(turn, "place.short_link")
    return _address(turn, " ".join(text.split()))


def _address(turn: Turn, address: str) -> Answer:
    limit = turn.facts.limits.max_address
    if len(address) > limit:
        return refuse(turn, "place.address_too_long", limit=number(limit), length=number(len(address)))
    if sum(character.isalpha() for character in address) < 3 or len(address.split()) < 2:
        return refuse(turn, "place.not_a_place")
    areas = turn.facts.named if len(turn.facts.named) <= MOST_NAMED else ()
    spot = Spot(address=address, areas=areas)
    message = turn.envelope.message or ""
    if len(areas) > 1:
        return Answer(replace(turn.dialog, nearby=spot, photo_spot=None, addressed_by=message))
    return settled(turn.dialog, spot, areas[0] if areas else None, message)


NAME = "location"
STEP = Question(NAME, _done, _ask, _choose, read, listed=_listed)
