"""Lists of cases in a group: the open ones, or those found by words; each line reposts its card."""

from __future__ import annotations

from dataclasses import replace

from workflows.case.model import State
from workflows.desk.facts import PAGE, CardLine
from workflows.desk.state import Desk
from workflows.desk.turn import Answer, Turn, here, rows
from workflows.effects import Here, ShowCard
from workflows.messages import Button, Line, Message, Value, date, moment, names, number, text, word

MAX_QUERY = 100  # characters


def listing(turn: Turn, desk: Desk, query: str, offset: int) -> Answer:
    """One page of cases. ``facts.cards`` holds it, and one more case if there is a next page."""
    cards = turn.facts.cards[:PAGE]
    if not cards:
        return Answer(replace(desk, listed=()), (here(turn, _nothing(turn, query)),))
    desk = replace(desk, serial=desk.serial + 1, query=query)
    more = len(turn.facts.cards) > PAGE
    desk = replace(desk, next_offset=offset + PAGE if more else 0)
    buttons = rows(tuple(Button(f"d:{card.id}:card", text(card.code)) for card in cards))
    if more:
        serial = f"{turn.facts.actor.person_id}.{desk.serial}"
        next_page = Button(f"p:{serial}:page:{desk.next_offset}", word("desk_button.next_page"))
        buttons = (*buttons, (next_page,))
    lines = tuple(line for index, card in enumerate(cards, start=1) for line in (_line(index, card), *_held(card)))
    message = Message((_title(turn, query), *lines, Line("desk.list.how")), buttons)
    listed = tuple(button for row in buttons for button in row)
    return Answer(replace(desk, listed=listed), (here(turn, message, purpose="list", edit=offset > 0),))


def card(turn: Turn, desk: Desk) -> Answer:
    """Bring the case's card to the bottom of the group."""
    view = turn.facts.view
    if view is None:
        return Answer(desk, toast="desk.toast.other_group" if turn.facts.view_refused else "desk.toast.no_case")
    return Answer(replace(desk, listed=()), (ShowCard(Here(), view.id, repost=True),))


def _nothing(turn: Turn, query: str) -> Message:
    if query:
        return Message((Line("desk.list.not_found", {"query": text(query)}),))
    return Message((Line("desk.list.empty_operators" if turn.facts.linked == "operators" else "desk.list.empty"),))


def _title(turn: Turn, query: str) -> Line:
    if query:
        return Line("desk.list.found", {"query": text(query)})
    agency = turn.facts.agency
    whose = names(agency.vi, agency.en) if agency else word("desk.operators")
    return Line("desk.list.title", {"agency": whose})


def _held(card: CardLine) -> tuple[Line, ...]:
    """Whose it is, for those who see it from above."""
    return (Line("desk.list.held", {"agency": names(card.holder.vi, card.holder.en)}),) if card.holder else ()


def _line(index: int, card: CardLine) -> Line:
    values: dict[str, Value] = {
        "n": number(index),
        "code": text(card.code),
        "category": names(card.category.vi, card.category.en),
        "area": names(card.area.vi, card.area.en) if card.area else word("desk.list.no_area"),
        "state": word(f"state.{card.state.value}"),
    }
    key = "desk.list.urgent" if card.urgent else "desk.list.line"
    if card.due is None:
        return Line(key, values)
    # The forward and the urgent term end at an hour, the resolve term with its day (domain.md 5.6).
    values["due"] = moment(card.due) if card.state is State.RECEIVED or card.urgent else date(card.due)
    late = card.days_left is not None and card.days_left < 0
    if late and card.degree:
        return Line(f"{key}_degree", values | {"count": number(card.degree)})
    return Line(f"{key}_late" if late else f"{key}_due", values)
