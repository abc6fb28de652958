"""Words, photos and places: whether they are meant for the desk, and what they then are."""

from __future__ import annotations

from dataclasses import replace

from workflows.actions import Action
from workflows.case.view import CaseView
from workflows.conversation.choices import read
from workflows.desk import answers, buttons, intake, lists
from workflows.desk.codes import Said, leading_code, mistyped, words_of
from workflows.desk.flows import FLOWS
from workflows.desk.gate import unless_refused
from workflows.desk.spoken import choice_in
from workflows.desk.state import Desk, Draft, Remark
from workflows.desk.turn import SHORT, Answer, Turn, card_data, draft_data, here, officer
from workflows.effects import Effect, KeepMedia, Note
from workflows.events import MediaSent, Place, PlaceSent, TextSent
from workflows.frozen import frozen
from workflows.messages import Button, Line, Message, choice, text

REMARKS_KEPT = 5  # notes whose "send to the citizen" button still works
NUMBER = 2  # digits of a button's number
CODED = frozenset({"document", "decision", "case"})  # what is awaited may look like a case's code


@frozen
class _Heard:
    """Something said to the desk. ``bound``: in reply to a message of ours; ``coded``: led by a case's code."""

    event: Said
    words: str
    bound: bool
    coded: bool


def listen(turn: Turn, event: Said) -> Answer:
    """Something was said in the group: an answer, a choice, a note, or talk that is nobody's business."""
    if intake.meant(turn.desk, turn.envelope, turn.facts.bound_purpose, replies=turn.facts.replies):
        return unless_refused(turn, lambda turn: intake.hear(turn, event))
    heard = _heard(turn, event)
    if heard is None:
        return _unheard(turn, event)
    return unless_refused(turn, lambda turn: _listened(turn, heard))


def _unheard(turn: Turn, event: Said) -> Answer:
    """Talk. Only where cases are named by their codes, whoever mistypes one must not take it for done."""
    facts = turn.facts
    wrong = not facts.replies and bool(facts.linked) and mistyped(words_of(event), facts.case_prefix)
    return Answer(turn.desk, toast="desk.toast.wrong_code" if wrong else "")


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) <= NUMBER


def _heard(turn: Turn, event: Said) -> _Heard | None:
    """Whether it is meant for the desk at all; ordinary talk is not, whoever's it is."""
    facts = turn.facts
    code, rest = leading_code(words_of(event), facts.case_prefix)
    bound = bool(facts.bound_purpose)
    draft = turn.desk.draft
    if code and draft is not None and draft.ask == "case":
        return _Heard(event, words_of(event), bound, coded=False)
    if bound:
        same_case = facts.view is None or facts.view.case.code == code
        return _Heard(event, rest if code and same_case else words_of(event), bound=True, coded=bool(code))
    if code:
        known = facts.view is not None and facts.view.case.code == code
        brief = len(rest) <= SHORT and isinstance(event, TextSent)
        chooses = brief and (len(rest) <= NUMBER or _of_offered(turn, rest) is not None)
        meant = chooses or (known and not facts.replies)  # elsewhere a code in a sentence is mere talk
        return _Heard(event, rest, bound=False, coded=True) if meant else None
    if facts.replies or not (turn.desk.draft or turn.desk.listed):
        return None
    return _Heard(event, words_of(event), bound=False, coded=False)


def _listened(turn: Turn, heard: _Heard) -> Answer:
    facts = turn.facts
    if facts.view_refused:
        return Answer(turn.desk, toast="desk.toast.other_group")
    if heard.coded and not heard.bound and facts.view is None:
        return Answer(turn.desk, toast="desk.toast.no_case")
    chosen = _choice(turn, heard)
    if chosen is not None:
        return _chosen(turn, heard, *chosen)
    draft = _draft_meant(turn, heard)
    if heard.bound and not (draft and draft.ask in CODED) and _mistyped_alone(turn, heard):
        return Answer(turn.desk, toast="desk.toast.wrong_code")
    if facts.bound_purpose == "list":
        return lists.card(turn, turn.desk) if heard.coded else Answer(turn.desk, toast="desk.list.choose")
    if draft is not None:
        return _to_draft(turn, draft, heard)
    if facts.view is None or not (heard.bound or heard.coded):
        return Answer(turn.desk)
    if heard.coded and _is_number(heard.words) and isinstance(heard.event, TextSent):
        return Answer(turn.desk, toast="desk.toast.no_number")
    if heard.coded and not heard.words and isinstance(heard.event, TextSent):
        return lists.card(turn, turn.desk)
    return _note(turn, facts.view, heard)


def _mistyped_alone(turn: Turn, heard: _Heard) -> bool:
    """Whether a code that cannot be right is all that was answered; in a sentence it may be part of a remark."""
    alone = isinstance(heard.event, TextSent) and len(heard.words.split()) == 1
    return alone and mistyped(heard.words, turn.facts.case_prefix)


def _choice(turn: Turn, heard: _Heard) -> tuple[Button, str] | None:
    """The button that words stand for, of the message answered, the case's card, or what was shown; and the rest."""
    if heard.bound or heard.coded:
        found = choice_in(heard.words, turn.facts.offered_on_card, turn.facts.spell)
        return found if found and (isinstance(heard.event, TextSent) or _with_media(heard, found[0])) else None
    if not isinstance(heard.event, TextSent):
        return None
    listed = read(heard.words, turn.desk.listed, turn.facts.spell)
    draft = turn.desk.draft
    button = listed or (read(heard.words, draft.offered, turn.facts.spell) if draft else None)
    return (button, "") if button else None


def _with_media(heard: _Heard, button: Button) -> bool:
    """Whether a photo or video that came with these words belongs to what the button begins."""
    card = card_data(button.data)
    flow = FLOWS.get(card.verb) if card else None
    shows = isinstance(heard.event, MediaSent) and answers.shows_something(heard.event.media)
    return shows and flow is not None and flow.media


def _chosen(turn: Turn, heard: _Heard, button: Button, rest: str) -> Answer:
    """As the button pressed; words and a photo that came with it are the beginning of the answer."""
    if len(rest) > answers.MAX_TEXT:
        return answers.too_long(turn, turn.desk, rest)
    if not isinstance(heard.event, MediaSent):
        return buttons.chosen(turn, button.data, rest)
    answer = buttons.chosen(turn, button.data, rest, (turn.facts.fresh,))
    draft = answer.desk.draft
    if draft is None or turn.facts.fresh not in draft.media:
        return answer
    return replace(answer, effects=(KeepMedia(turn.facts.fresh, heard.event.media), *answer.effects))


def _of_offered(turn: Turn, words: str) -> Button | None:
    return read(words, turn.facts.offered_on_card, turn.facts.spell)


def _draft_meant(turn: Turn, heard: _Heard) -> Draft | None:
    """The person's own work, if it is on this case and the message answered is not about other work."""
    draft, view = turn.desk.draft, turn.facts.view
    if draft is None:
        return None
    if not (heard.bound or heard.coded):
        return draft
    serials = {found.serial for button in turn.facts.offered_on_card if (found := draft_data(button.data))}
    others = bool(serials - {draft.serial})
    return None if view is None or view.id != draft.case_id or others else draft


def _to_draft(turn: Turn, draft: Draft, heard: _Heard) -> Answer:
    match heard.event:
        case MediaSent() as event:
            return answers.see(turn, turn.desk, draft, replace(event, caption=heard.words))
        case PlaceSent(place=place):
            return answers.point(turn, turn.desk, draft, place)
    return answers.hear(turn, turn.desk, draft, heard.words)


def _note(turn: Turn, view: CaseView, heard: _Heard) -> Answer:
    """A plain reply to a card: kept for colleagues, one tap away from being a question to the citizen."""
    words = _with_place(heard)
    if len(words) > answers.MAX_TEXT:
        return answers.too_long(turn, turn.desk, words)
    if not words and not isinstance(heard.event, MediaSent):
        return Answer(turn.desk)
    keep: tuple[Effect, ...] = ()
    media: tuple[str, ...] = ()
    if isinstance(heard.event, MediaSent):
        media = (turn.facts.fresh,)
        keep = (KeepMedia(turn.facts.fresh, heard.event.media),)
    desk, said = _noted(turn, view, heard, words)
    return Answer(desk, (*keep, Note(view.id, words, media), *said))


def _with_place(heard: _Heard) -> str:
    """A pin in answer to a card is a remark like any other; it moves nothing."""
    if not isinstance(heard.event, PlaceSent):
        return heard.words.strip()
    place: Place = heard.event.place
    return " ".join(part for part in (place.address, f"{place.lat:.5f}, {place.lon:.5f}") if part)


def _noted(turn: Turn, view: CaseView, heard: _Heard, words: str) -> tuple[Desk, tuple[Effect, ...]]:
    """Say briefly that it is internal; an album is answered once."""
    album = heard.event.album if isinstance(heard.event, MediaSent) else None
    if album and album == turn.desk.note_album:
        return turn.desk, ()
    desk = replace(turn.desk, note_album=album or "")
    tap: tuple[tuple[Button, ...], ...] = ()
    if words and Action.ASK in turn.facts.actions:
        desk = replace(desk, serial=desk.serial + 1)
        serial = f"{turn.facts.actor.person_id}.{desk.serial}"
        desk = replace(desk, remarks=(*desk.remarks, Remark(serial, view.id, words))[-REMARKS_KEPT:])
        tap = ((choice(f"p:{serial}:tell", "desk_button.tell"),),)
    values = {"officer": officer(turn), "code": text(view.case.code)}
    message = Message((Line("desk.noted", values),), tap)
    return desk, (here(turn, message, case_id=view.id, purpose="prompt"),)
