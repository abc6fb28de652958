"""One event being judged, and what became of it: the shape in which the desk's parts talk to each other."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta

from workflows.desk.facts import DeskFacts
from workflows.desk.state import Desk
from workflows.effects import Effect, Here, Say, ShowCard
from workflows.events import ButtonPressed, Envelope
from workflows.frozen import frozen
from workflows.messages import Button, Line, Message, Value, moment, names, text, word

FORGET_AFTER = timedelta(days=1)
SHORT = 24  # characters: long enough for a button's words, too short for a sentence
# Timers of the desk run in the group, for the person, so they name no case; their version is the draft's revision.
FORGET = "desk.forget"
ALBUM = "desk.album"


@frozen
class Turn:
    """One event in a linked group with the person's dialog and the facts."""

    desk: Desk
    envelope: Envelope
    facts: DeskFacts

    @property
    def pressed(self) -> bool:
        """Whether a button was pressed, not typed."""
        return isinstance(self.envelope.event, ButtonPressed)


@frozen
class Answer:
    """What became of an event. ``toast``: a catalogue key, shown at the pressed button, else said as a reply."""

    desk: Desk
    effects: tuple[Effect, ...] = ()
    toast: str = ""


@frozen
class CardData:
    """A card's button: ``d:<case id>:<verb>[:<argument>]``."""

    case_id: int
    verb: str
    arg: str = ""


@frozen
class DraftData:
    """A button of the desk's own dialog: ``p:<person>.<number>:<verb>[:<argument>]``."""

    serial: str
    verb: str
    arg: str = ""


def card_data(data: str) -> CardData | None:
    """A card's button in what came back; None for anything else. It proves nothing."""
    kind, _, rest = data.partition(":")
    number, _, rest = rest.partition(":")
    verb, _, arg = rest.partition(":")
    if kind != "d" or not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    return CardData(int(number), verb, arg)


def draft_data(data: str) -> DraftData | None:
    """A dialog's button in what came back; None for anything else."""
    kind, _, rest = data.partition(":")
    serial, _, rest = rest.partition(":")
    verb, _, arg = rest.partition(":")
    return DraftData(serial, verb, arg) if kind == "p" else None


def own(turn: Turn, serial: str) -> bool:
    """Whether a dialog's button was made for this person."""
    return serial.partition(".")[0] == str(turn.facts.actor.person_id)


def here(turn: Turn, message: Message, *, case_id: int | None = None, purpose: str = "", edit: bool = False) -> Say:
    """Say something in this group: as an answer to what was said, or in place of the pressed message.

    What is about no case has no purpose, so that nobody's answer to it is taken for anything.
    """
    said_by = turn.envelope.message
    if edit and turn.pressed:
        return Say(Here(), message, case_id=case_id, purpose=purpose, edit=said_by)
    return Say(Here(), message, case_id=case_id, purpose=purpose, reply_to=said_by)


def officer(turn: Turn) -> Value:
    """The person's name, for colleagues."""
    return text(turn.facts.actor.name) if turn.facts.actor.name else word("desk.officer")


def stale(turn: Turn, desk: Desk) -> Answer:
    """The button's move is no longer open: say what happened meanwhile, and show the card as it is."""
    view = turn.facts.view
    if view is None:
        return Answer(desk, toast="desk.toast.old_button")
    values = {"code": text(view.case.code), "state": word(f"state.{view.case.state.value}")}
    message = Message((Line("desk.stale.state", values), *_who_and_when(turn)))
    said = here(turn, message, case_id=view.id, purpose="notice")
    return Answer(desk, (said, ShowCard(Here(), view.id)))


def _who_and_when(turn: Turn) -> tuple[Line, ...]:
    moved = turn.facts.moved
    if moved is None:
        return ()
    if not moved.officer:
        return (Line("desk.stale.when", {"at": moment(moved.at)}),)
    agency = names(moved.agency.vi, moved.agency.en) if moved.agency else word("desk.operators")
    return (Line("desk.stale.who", {"officer": text(moved.officer), "agency": agency, "at": moment(moved.at)}),)


def today_here(turn: Turn) -> Date:
    """The day on which this is said."""
    return turn.facts.today or turn.facts.at.date()


def rows(buttons: tuple[Button, ...], per_row: int = 2) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows, in order."""
    return tuple(buttons[at : at + per_row] for at in range(0, len(buttons), per_row))
