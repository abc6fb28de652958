"""The group desk: one event of one person in one group, and what is to be done about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workflows import codes
from workflows.case.model import Action
from workflows.case.view import CaseView
from workflows.conversation import links
from workflows.conversation.choices import read
from workflows.desk import drafts, lists
from workflows.desk.facts import DeskFacts, Needs
from workflows.desk.flows import FLOWS
from workflows.desk.state import Desk, Draft, Remark
from workflows.desk.turn import (
    ALBUM,
    FORGET,
    FORGET_AFTER,
    Answer,
    CardData,
    Turn,
    card_data,
    draft_data,
    here,
    officer,
    own,
)
from workflows.effects import Acknowledge, Effect, KeepMedia, LinkChat, Note, Step
from workflows.events import (
    ButtonPressed,
    CommandSent,
    Envelope,
    MediaArrived,
    MediaSent,
    Place,
    PlaceSent,
    TextSent,
    TimerFired,
)
from workflows.messages import Button, Line, Message, choice, say, text, word

LIST, FIND, HELP, LINK, STOP, BLOCK = "list", "find", "help", "link", "stop", "block"
COMMANDS = {
    "viec": LIST,
    "cases": LIST,
    "tim": FIND,
    "find": FIND,
    "trogiup": HELP,
    "help": HELP,
    "start": LINK,
    "lienket": LINK,
    "link": LINK,
    "huy": STOP,
    "cancel": STOP,
    "chan": BLOCK,
    "block": BLOCK,
}
TELL_AGAIN = timedelta(minutes=10)  # between two reminders to somebody who may not act
REMARKS_KEPT = 5  # notes whose "send to the citizen" button still works
NUMBER = 2  # digits of a button's number
SHORT = 24  # characters: long enough for a button's words, too short for a sentence

Said = TextSent | MediaSent | PlaceSent


# --- what must be known ---------------------------------------------------------------------------


def needs(desk: Desk, envelope: Envelope, case_prefix: str) -> Needs:
    """What must be looked up before ``decide`` can judge this event; nothing for ordinary talk."""
    match envelope.event:
        case ButtonPressed(data=data):
            return _needs_of_button(desk, data)
        case CommandSent(name=name, args=args):
            return _needs_of_command(envelope, COMMANDS.get(name, ""), args.strip(), case_prefix)
        case TextSent() | MediaSent() | PlaceSent() as event:
            return _needs_of_words(desk, envelope, event, case_prefix)
        case TimerFired():
            return _of_draft(desk.draft, Needs(actor=True)) if desk.draft else Needs()
        case MediaArrived():
            return _of_draft(desk.draft, Needs()) if desk.draft else Needs()
    return Needs()


def _needs_of_button(desk: Desk, data: str) -> Needs:
    card = card_data(data)
    if card is not None:
        return _of_flow(card.verb, Needs(actor=True, case_id=card.case_id))
    dialog = draft_data(data)
    if dialog is None:
        return Needs(actor=True)
    if dialog.verb == "page":
        return _page(desk, Needs(actor=True))
    remark = _remark(desk, dialog.serial)
    if remark is not None:
        return Needs(actor=True, case_id=remark.case_id)
    return _of_draft(desk.draft, Needs(actor=True)) if desk.draft else Needs(actor=True)


def _needs_of_command(envelope: Envelope, command: str, args: str, prefix: str) -> Needs:
    code = _any_code(args, prefix)
    match command:
        case "list":
            return Needs(actor=True, code=code, cards=not code, replied=None if args else envelope.reply_to)
        case "find":
            return Needs(actor=True, code=code, cards=bool(args), search=args[: lists.MAX_QUERY])
        case "block":
            return Needs(actor=True, code=code, replied=None if args else envelope.reply_to)
        case "stop":
            return Needs(actor=True)
    return Needs()


def _needs_of_words(desk: Desk, envelope: Envelope, event: Said, prefix: str) -> Needs:
    code, rest = leading_code(_words(event), prefix)
    if not (envelope.reply_to or code or desk.draft or desk.listed):
        return Needs()
    wanted = Needs(actor=True, replied=envelope.reply_to, code=code)
    wanted = _of_list(desk, rest, wanted)
    if desk.draft is None:
        return wanted
    wanted = _of_draft(desk.draft, wanted, rest)
    if desk.draft.verb != Action.CORRECT_PLACE:
        return wanted
    return replace(wanted, locate=event.place if isinstance(event, PlaceSent) else links.place_in(rest))


def _of_list(desk: Desk, words: str, wanted: Needs) -> Needs:
    """What a typed choice from the list shown last would want: the case of its number, or the next page."""
    if not desk.listed or len(words) > SHORT:
        return wanted
    chosen = read(words, desk.listed, lambda button: (button.label.value,))
    card = card_data(chosen.data) if chosen else None
    if card is not None:
        return replace(wanted, case_id=card.case_id)
    return _page(desk, wanted) if desk.next_offset else wanted


def _page(desk: Desk, wanted: Needs) -> Needs:
    return replace(wanted, cards=True, search=desk.query, offset=desk.next_offset)


def _of_draft(draft: Draft, wanted: Needs, words: str = "") -> Needs:
    if wanted.case_id is None:
        wanted = replace(wanted, case_id=draft.case_id)
    return _of_flow(draft.verb, wanted, words if draft.ask in ("agency", "area") else "")


def _of_flow(verb: str, wanted: Needs, words: str = "") -> Needs:
    flow = FLOWS.get(verb)
    if flow is None:
        return wanted
    words = words[: lists.MAX_QUERY]
    return replace(
        wanted,
        agencies=words if "agency" in flow.asks else None,
        branch=flow.branch,
        areas=words if "area" in flow.asks else None,
        categories="category" in flow.asks,
    )


# --- deciding -------------------------------------------------------------------------------------


def decide(desk: Desk, envelope: Envelope, facts: DeskFacts) -> Step[Desk]:
    """The next state of the person's dialog and what is to be done. Never raises, whatever came in.

    Only a confirmed member moves anything; words reach a citizen only through ``MoveCase`` or
    ``BlockPerson`` after the same person confirmed the preview of exactly these words.
    """
    working = replace(_without_forgotten(desk, facts.at), version=desk.version + 1)
    turn = Turn(working, envelope, facts)
    answer = _answer(turn)
    unchanged = replace(answer.desk, version=desk.version)
    state = desk if unchanged == desk else answer.desk
    return Step(state, _spoken(turn, answer))


def _spoken(turn: Turn, answer: Answer) -> tuple[Effect, ...]:
    """Every press is acknowledged first; a short word is shown at the button, or said where there is none."""
    event = turn.envelope.event
    if isinstance(event, ButtonPressed) and event.press is not None:
        toast = word(answer.toast) if answer.toast else None
        return (Acknowledge(event.press, toast, alert=bool(answer.toast)), *answer.effects)
    if not answer.toast:
        return answer.effects
    return (here(turn, say(answer.toast)), *answer.effects)


def _answer(turn: Turn) -> Answer:
    match turn.envelope.event:
        case TimerFired(about=about, version=version):
            return _woken(turn, about, version)
        case MediaArrived(attachment=attachment, problem=problem) if turn.desk.draft:
            return drafts.arrived(turn, turn.desk, turn.desk.draft, attachment, problem)
        case CommandSent() as event:
            return _commanded(turn, event)
        case ButtonPressed(data=data):
            return _pressed(turn, data) if turn.facts.linked else Answer(turn.desk, toast="desk.link.hint")
        case TextSent() | MediaSent() | PlaceSent() as event if turn.facts.linked:
            return _said(turn, event)
    return Answer(turn.desk)


def _without_forgotten(desk: Desk, at: datetime) -> Desk:
    """Work that nobody touched for a day is gone, whether or not its timer has come."""
    draft = desk.draft
    if draft is None or at - datetime.fromisoformat(draft.touched) < FORGET_AFTER:
        return desk
    return replace(desk, draft=None)


def _woken(turn: Turn, about: str, version: int) -> Answer:
    draft = turn.desk.draft
    if draft is None or draft.revision != version:
        return Answer(turn.desk)
    if about == ALBUM:
        return drafts.show(turn, turn.desk, draft)
    return Answer(replace(turn.desk, draft=None) if about == FORGET else turn.desk)


# --- who may --------------------------------------------------------------------------------------


def _unless_refused(turn: Turn, go_on: Callable[[Turn], Answer]) -> Answer:
    """Only a confirmed member acts. Everybody else is told what to do: at a press always, else not often."""
    status = turn.facts.actor.status
    if status == "confirmed":
        return go_on(turn)
    key = f"desk.gate.{status}"
    return Answer(turn.desk, toast=key) if turn.pressed else _tell_rarely(turn, key)


def _tell_rarely(turn: Turn, key: str) -> Answer:
    told = turn.desk.told
    if told and turn.facts.at - datetime.fromisoformat(told) < TELL_AGAIN:
        return Answer(turn.desk)
    return Answer(replace(turn.desk, told=turn.facts.at.isoformat()), toast=key)


# --- commands -------------------------------------------------------------------------------------


def _commanded(turn: Turn, event: CommandSent) -> Answer:
    command = COMMANDS.get(event.name)
    args = event.args.strip()
    if command == LINK and args:
        return Answer(turn.desk, (LinkChat(args.split()[0][:64]),))
    if command is None:
        return Answer(turn.desk)
    if not turn.facts.linked:
        return _tell_rarely(turn, "desk.link.hint")
    if command == LINK:
        return Answer(turn.desk, (here(turn, say("desk.link.how")),))
    if command == HELP:
        return Answer(turn.desk, (here(turn, _help(turn)),))
    return _unless_refused(turn, lambda turn: _COMMANDS[command](turn, args))


def _help(turn: Turn) -> Message:
    how = "desk.help.by_reply" if turn.facts.replies else "desk.help.by_code"
    lines = (Line("desk.help.cards"), Line(how), Line("desk.help.note"), Line("desk.help.commands"))
    return Message((*lines, Line("desk.help.block")) if turn.facts.linked == "operators" else lines)


def _list(turn: Turn, args: str) -> Answer:
    if turn.facts.view is not None or args:
        return lists.card(turn, turn.desk)
    return lists.listing(turn, turn.desk, "", 0)


def _find(turn: Turn, args: str) -> Answer:
    if not args:
        return Answer(turn.desk, toast="desk.list.find_how")
    if turn.facts.view is not None:
        return lists.card(turn, turn.desk)
    return lists.listing(turn, turn.desk, args[: lists.MAX_QUERY], 0)


def _stop(turn: Turn, _: str) -> Answer:
    if turn.desk.draft is None:
        return Answer(turn.desk, toast="desk.nothing_to_stop")
    return drafts.stop(turn, turn.desk, turn.desk.draft)


def _block(turn: Turn, _: str) -> Answer:
    view = turn.facts.view
    if view is None:
        return Answer(turn.desk, toast="desk.block_how")
    return drafts.begin(turn, turn.desk, CardData(view.id, BLOCK))


_COMMANDS: dict[str, Callable[[Turn, str], Answer]] = {LIST: _list, FIND: _find, STOP: _stop, BLOCK: _block}


# --- buttons, pressed or typed --------------------------------------------------------------------


def _pressed(turn: Turn, data: str) -> Answer:
    return _unless_refused(turn, lambda turn: _chosen(turn, data))


def _chosen(turn: Turn, data: str) -> Answer:
    card = card_data(data)
    if card is not None:
        return _card_button(turn, card)
    dialog = draft_data(data)
    if dialog is None:
        return Answer(turn.desk, toast="desk.toast.old_button")
    if dialog.verb == "page":
        return _next_page(turn, data, dialog.serial)
    remark = _remark(turn.desk, dialog.serial)
    if dialog.verb == "tell" and remark is not None and own(turn, dialog.serial):
        return drafts.tell(turn, turn.desk, remark)
    return drafts.choose(turn, turn.desk, dialog, data)


def _card_button(turn: Turn, card: CardData) -> Answer:
    view = turn.facts.view
    if card.verb == "card" and not turn.pressed and (view is None or view.id != card.case_id):
        return Answer(turn.desk, toast="desk.list.by_code")  # a number in somebody else's list
    if turn.facts.view_refused or (view is not None and view.id != card.case_id):
        return Answer(turn.desk, toast="desk.toast.other_group")
    if view is None:
        return Answer(turn.desk, toast="desk.toast.no_case")
    if card.verb == "card":
        return lists.card(turn, turn.desk)
    return drafts.begin(turn, turn.desk, card)


def _next_page(turn: Turn, data: str, serial: str) -> Answer:
    if data not in (button.data for button in turn.desk.listed) or not turn.desk.next_offset:
        own_list = own(turn, serial)
        return Answer(turn.desk, toast="desk.toast.old_list" if own_list else "desk.toast.not_your_list")
    return lists.listing(turn, turn.desk, turn.desk.query, turn.desk.next_offset)


def _remark(desk: Desk, serial: str) -> Remark | None:
    return next((remark for remark in desk.remarks if remark.serial == serial), None)


# --- words, photos and places ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Heard:
    """Something said to the desk. ``bound``: in reply to a message of ours; ``coded``: led by a case's code."""

    event: Said
    words: str
    bound: bool
    coded: bool


def _said(turn: Turn, event: Said) -> Answer:
    heard = _heard(turn, event)
    if heard is None:
        return Answer(turn.desk)
    return _unless_refused(turn, lambda turn: _listened(turn, heard))


def _heard(turn: Turn, event: Said) -> _Heard | None:
    """Whether it is meant for the desk at all; ordinary talk is not, whoever's it is."""
    facts = turn.facts
    code, rest = leading_code(_words(event), facts.case_prefix)
    bound = bool(facts.bound_purpose)
    if bound:
        same_case = facts.view is None or facts.view.case.code == code
        return _Heard(event, rest if code and same_case else _words(event), bound=True, coded=bool(code))
    if code:
        known = facts.view is not None and facts.view.case.code == code
        brief = len(rest) <= SHORT and isinstance(event, TextSent)
        chosen = brief and (len(rest) <= NUMBER or _of_offered(turn, rest) is not None)
        meant = chosen or (known and not facts.replies)  # elsewhere a code in a sentence is mere talk
        return _Heard(event, rest, bound=False, coded=True) if meant else None
    if facts.replies or not (turn.desk.draft or turn.desk.listed):
        return None
    return _Heard(event, _words(event), bound=False, coded=False)


def _listened(turn: Turn, heard: _Heard) -> Answer:
    facts = turn.facts
    if facts.view_refused:
        return Answer(turn.desk, toast="desk.toast.other_group")
    if heard.coded and not heard.bound and facts.view is None:
        return Answer(turn.desk, toast="desk.toast.no_case")
    button = _choice(turn, heard)
    if button is not None:
        return _chosen(turn, button.data)
    if facts.bound_purpose == "list":
        return Answer(turn.desk, toast="desk.list.choose")
    draft = _draft_meant(turn, heard)
    if draft is not None:
        return _to_draft(turn, draft, heard)
    if facts.view is None or not (heard.bound or heard.coded):
        return Answer(turn.desk)
    if heard.coded and not heard.words and isinstance(heard.event, TextSent):
        return lists.card(turn, turn.desk)
    return _note(turn, facts.view, heard)


def _choice(turn: Turn, heard: _Heard) -> Button | None:
    """The button that words stand for: of the message answered, of the case's card, or of what was shown."""
    if not isinstance(heard.event, TextSent):
        return None
    if heard.bound or heard.coded:
        return _of_offered(turn, heard.words)
    listed = read(heard.words, turn.desk.listed, turn.facts.spell)
    draft = turn.desk.draft
    return listed or (read(heard.words, draft.offered, turn.facts.spell) if draft else None)


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
            return drafts.see(turn, turn.desk, draft, replace(event, caption=heard.words))
        case PlaceSent(place=place):
            return drafts.point(turn, turn.desk, draft, place)
    return drafts.hear(turn, turn.desk, draft, heard.words)


def _note(turn: Turn, view: CaseView, heard: _Heard) -> Answer:
    """A plain reply to a card: kept for colleagues, one tap away from being a question to the citizen."""
    words = _with_place(heard)
    if len(words) > drafts.MAX_TEXT:
        return drafts.too_long(turn, turn.desk, words)
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
    buttons: tuple[tuple[Button, ...], ...] = ()
    if words and Action.ASK in turn.facts.actions:
        desk = replace(desk, serial=desk.serial + 1)
        serial = f"{turn.facts.actor.person_id}.{desk.serial}"
        desk = replace(desk, remarks=(*desk.remarks, Remark(serial, view.id, words))[-REMARKS_KEPT:])
        buttons = ((choice(f"p:{serial}:tell", "desk_button.tell"),),)
    values = {"officer": officer(turn), "code": text(view.case.code)}
    message = Message((Line("desk.noted", values),), buttons)
    return desk, (here(turn, message, case_id=view.id, purpose="prompt"),)


# --- codes ----------------------------------------------------------------------------------------

_LEAD = re.compile(r"\s*([A-Za-z]{1,4}[-–. ]{0,3}[0-9A-Za-z]{4}[-–. ]{0,3}[0-9A-Za-z]{4})(?=$|[\s:,.;])[\s:,.;]*")


def leading_code(words: str, prefix: str) -> tuple[str, str]:
    """A case's code at the beginning of what was said, as in the store, or "", and what follows it."""
    found = _LEAD.match(words[:80])
    code = codes.parse(found[1], prefix) if found else None
    if not found or not code:
        return "", words
    return code, words[found.end() :].strip()


def _any_code(words: str, prefix: str) -> str:
    """The code that these words are, with or without its prefix; "" when they are something else."""
    return codes.parse(words, prefix) or codes.parse(f"{prefix}{words}", prefix) or ""


def _words(event: Said) -> str:
    match event:
        case TextSent(text=words):
            return words.strip()
        case MediaSent(caption=words):
            return words.strip()
    return ""
