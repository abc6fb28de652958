"""A button of a card, of a dialog or of a list, pressed or typed: found out and handed on."""

from __future__ import annotations

from workflows.case.model import Role
from workflows.desk import drafts, intake, lists, people, roster, weather
from workflows.desk.calls import CALLS, TOLD
from workflows.desk.gate import unless_refused
from workflows.desk.state import Desk, Remark
from workflows.desk.turn import Answer, CardData, Turn, card_data, draft_data, own
from workflows.effects import CalledBack, ExplainDue, ShowSpot


def pressed(turn: Turn, data: str) -> Answer:
    """A press by whoever pressed; only a confirmed member's does anything."""
    return unless_refused(turn, lambda turn: chosen(turn, data))


def chosen(turn: Turn, data: str, words: str = "", media: tuple[str, ...] = ()) -> Answer:
    """A confirmed member's choice. The data came through their own client and proves nothing.

    ``words`` and ``media`` (attachment ids) were given with a card's button, as the beginning of what it asks for.
    """
    card = card_data(data)
    if card is not None:
        return _card_button(turn, card, words, media)
    beside = roster.pressed(turn, data) or weather.pressed(turn, data) or people.pressed(turn, data)
    if beside is not None:
        return beside
    dialog = draft_data(data)
    if dialog is None:
        return Answer(turn.desk, toast="desk.toast.old_button")
    if dialog.verb == "page":
        return _next_page(turn, data, dialog.serial)
    if turn.desk.intake is not None and dialog.serial == turn.desk.intake.serial:
        return intake.choose(turn, dialog, data)
    remark = remark_of(turn.desk, dialog.serial)
    if dialog.verb == "tell" and remark is not None and own(turn, dialog.serial):
        return drafts.tell(turn, turn.desk, remark)
    return drafts.choose(turn, turn.desk, dialog, data)


def _card_button(turn: Turn, card: CardData, words: str, media: tuple[str, ...]) -> Answer:
    view = turn.facts.view
    if card.verb == "card" and not turn.pressed and (view is None or view.id != card.case_id):
        return Answer(turn.desk, toast="desk.list.by_code")  # a number in somebody else's list
    if turn.facts.view_refused or (view is not None and view.id != card.case_id):
        return Answer(turn.desk, toast="desk.toast.other_group")
    if view is None:
        return Answer(turn.desk, toast="desk.toast.no_case")
    if card.verb == "card":
        return lists.card(turn, turn.desk)
    if card.verb in CALLS:
        return _called(turn, card)
    if card.verb == "spot":
        return Answer(turn.desk, (ShowSpot(view.id),))
    if card.verb == "why":
        return Answer(turn.desk, (ExplainDue(view.id),))
    return drafts.begin(turn, turn.desk, card, words, media)


def _called(turn: Turn, card: CardData) -> Answer:
    """A reporter without a chat was called."""
    if Role.OPERATOR not in turn.facts.actor.roles:
        return Answer(turn.desk, toast="desk.toast.not_your_role")
    return Answer(turn.desk, (CalledBack(card.case_id, card.verb == TOLD),))


def _next_page(turn: Turn, data: str, serial: str) -> Answer:
    if data not in (button.data for button in turn.desk.listed) or not turn.desk.next_offset:
        own_list = own(turn, serial)
        return Answer(turn.desk, toast="desk.toast.old_list" if own_list else "desk.toast.not_your_list")
    return lists.listing(turn, turn.desk, turn.desk.query, turn.desk.next_offset)


def remark_of(desk: Desk, serial: str) -> Remark | None:
    """The note that a "send to the citizen" button was made for, while it is remembered."""
    return next((remark for remark in desk.remarks if remark.serial == serial), None)
