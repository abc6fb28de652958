"""What the rules want done, as plain values; handlers/carry_out.py does it inside the one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime
from enum import IntEnum
from typing import Generic, Literal, TypeVar

from workflows.actions import Action
from workflows.events import MediaRef, Place
from workflows.frozen import frozen
from workflows.messages import Message, Value
from workflows.report import Report


class Lane(IntEnum):
    """Order of sending holds inside one lane of one chat; a lower lane goes first."""

    ACK = 0  # acknowledging a press: worth nothing seconds later
    REPLY = 1  # the answer to what somebody just said
    NOTICE = 2  # something happened to a case
    BROADCAST = 3


@frozen
class Here:
    """The chat (and topic) in which the event happened."""


@frozen
class ToReporter:
    """Everyone who reported this case, each in the chat where it was reported."""

    case_id: int


@frozen
class ToAgency:
    """The linked groups of one agency; falls to the operators when it has none."""

    agency_id: int


@frozen
class ToAbove:
    """The linked groups of the next agency above this one that has any; nobody where there is none."""

    agency_id: int


@frozen
class ToOperators:
    """The operations team's groups."""


Recipient = Here | ToReporter | ToAgency | ToAbove | ToOperators


@frozen
class Say:
    """Send ``message``. ``edit`` names one of our own messages in the same chat to be replaced instead.

    ``case_id`` binds the sent message to a case so that a reply to it finds the case; ``purpose`` says what a reply
    to it means (``card``, ``question``, ``result``, ``prompt``, ``notice``).
    """

    to: Recipient
    message: Message
    lane: Lane = Lane.REPLY
    case_id: int | None = None
    purpose: str = ""
    edit: str | None = None
    reply_to: str | None = None


@frozen
class ShowCard:
    """Bring a case's one card in a group up to date: edit it where it stands, else post it.

    ``repost`` posts it anew at the bottom (the old one loses its buttons).
    """

    to: Recipient
    case_id: int
    repost: bool = False


@frozen
class Withdraw:
    """Take back what groups were shown of a case that they may not see any more (R61)."""

    case_id: int


@frozen
class Acknowledge:
    """Answer a press at once, with a short toast or none. ``alert`` shows it as a dialog."""

    press: str
    toast: Value | None = None
    alert: bool = False


@frozen
class KeepMedia:
    """Fetch a file's bytes and keep them under this attachment id (made from the dialog, unique)."""

    attachment: str
    media: MediaRef


@frozen
class OpenCase:
    """The citizen pressed *send*: make the case out of the report (T1).

    ``joins``: the case that the citizen has, too: theirs is merged into it at once, or what they say is added to it
    when it is theirs already. ``alike`` and ``earlier``: cases that may be the same matter, or the same trouble before.
    """

    report: Report
    joins: int | None = None
    alike: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()


@frozen
class ShowSpot:
    """Show a chronic spot's file in this group: of a case's spot, or by the spot's number; the list for neither."""

    case_id: int | None = None
    spot: int | None = None


@frozen
class LeaveCase:
    """The person follows a case no longer that they joined; it goes on for the others."""

    case_id: int


@frozen
class MoveCase:
    """Try one move on a case; the table decides. Words given here become erasable rows first."""

    case_id: int
    action: Action
    text: str = ""
    reason: str = ""  # a reason code of the move's list
    agency_id: int | None = None
    category: str = ""
    place: Place | None = None
    area: str = ""
    outcome: str = ""
    rating: int | None = None
    media: tuple[str, ...] = ()
    until: datetime | None = None  # an extension's new date: the end of that day
    ticked: bool = False  # the checker says that a result answers the question asked
    fine: int | None = None  # of a sanction, in đồng; 0: a warning
    reference: str = ""  # a document's number, or the body outside
    other_id: int | None = None  # the case to be merged into
    instrument: str = ""  # the kind of instrument that is wanted of another unit
    expected_version: int | None = None  # what the person was looking at, where it matters


@frozen
class Note:
    """A plain reply to a card: an internal note that the citizen never sees."""

    case_id: int
    text: str
    media: tuple[str, ...] = ()


@frozen
class AddToCase:
    """More words or media from the citizen for a case that is already open."""

    case_id: int
    text: str = ""
    media: tuple[str, ...] = ()


@frozen
class WakeAt:
    """Come back at ``at`` with ``TimerFired(about, version)`` in this chat."""

    at: datetime
    about: str
    version: int
    case_id: int | None = None


@frozen
class SetLanguage:
    """The person reads this language from now on (vi, en)."""

    language: str


@frozen
class GiveConsent:
    """The person agreed to this version of the consent text."""

    version: int


@frozen
class ShowMyData:
    """Answer ``/dulieu``: everything we hold about the person, in this chat."""


@frozen
class EraseMe:
    """Answer the confirmed ``/xoa``: erase words, name, positions and media; withdraw what may be withdrawn."""


@frozen
class ShowCase:
    """Show the reporter where one of their own cases stands (status by code)."""

    case_id: int


@frozen
class ExplainDue:
    """Say in this chat, line by line, why a case is due when it is; only to those who may see the case."""

    case_id: int


@frozen
class LinkChat:
    """Somebody typed a one-time code in a group: link the group to the code's agency."""

    code: str


@frozen
class Dropped:
    """A draft ended without a case; ``step`` is where the citizen stopped (R102)."""

    step: str
    why: Literal["cancelled", "silent", "restarted"]


@frozen
class BlockPerson:
    """An operator blocks a case's reporter for a while (reason, days); the handler keeps it and tells the person."""

    case_id: int
    days: int
    reason: str


@frozen
class TakeDown:
    """An operator took a report down for somebody who called, came or wrote: make the case (T1 by O).

    ``number``: the number that it has in that channel, "" for none.
    """

    report: Report
    channel: str
    number: str = ""


@frozen
class RevealReporter:
    """Show an operator, in their own chat alone, who reported a case; the written reason is logged."""

    case_id: int
    reason: str


@frozen
class CalledBack:
    """An operator called a reporter who has no chat: told them what waited, or was not answered."""

    case_id: int
    told: bool


@frozen
class FollowCase:
    """Somebody whose report was taken down wants to hear of it here: its code, and what only they can know."""

    code: str
    proof: str


@frozen
class LinkPerson:
    """Link this person's account to the one whose code was typed; without a code, give one to be typed there."""

    code: str = ""


@frozen
class ChangeDuty:
    """Take a shift over, hand it to the stand-in, or leave a note to the next one; 0: the shift that runs."""

    verb: str  # take | give | note
    shift_id: int = 0
    text: str = ""


@frozen
class AnswerCall:
    """Somebody answers the call to an urgent case in their own chat; whether they may is the handler's to find out."""

    case_id: int


@frozen
class SwitchStorm:
    """Switch storm mode on (``storm_id`` 0) for an area ("": everywhere) with these words, or that storm off."""

    storm_id: int = 0
    area: str = ""
    text: str = ""


@frozen
class NameDuty:
    """The head names the colleague with this officer number something, or takes it back (``workflows/desk/people.py``).

    ``first`` and ``last``: days, where it is for some.
    """

    number: int
    what: str
    first: Date | None = None
    last: Date | None = None


Effect = (
    Say
    | ShowCard
    | Withdraw
    | Acknowledge
    | KeepMedia
    | OpenCase
    | LeaveCase
    | ShowSpot
    | MoveCase
    | Note
    | AddToCase
    | WakeAt
    | SetLanguage
    | GiveConsent
    | ShowMyData
    | EraseMe
    | ShowCase
    | ExplainDue
    | LinkChat
    | Dropped
    | BlockPerson
    | LinkPerson
    | ChangeDuty
    | SwitchStorm
    | AnswerCall
    | NameDuty
    | TakeDown
    | RevealReporter
    | CalledBack
    | FollowCase
)


S = TypeVar("S")


@dataclass(frozen=True)
class Step(Generic[S]):
    """What a rule answers: the next state and the effects, in order."""

    state: S
    effects: tuple[Effect, ...] = field(default_factory=tuple)
