"""What must be looked up before the desk can judge an event."""

from __future__ import annotations

from dataclasses import replace

from workflows.actions import Action
from workflows.conversation import links
from workflows.conversation.choices import read
from workflows.desk import intake, lists, weather
from workflows.desk.buttons import remark_of
from workflows.desk.codes import Said, any_code, leading_code, words_of
from workflows.desk.commands import COMMANDS
from workflows.desk.facts import Needs
from workflows.desk.flows import FLOWS, STOCK
from workflows.desk.state import Desk, Draft
from workflows.desk.turn import SHORT, card_data, draft_data
from workflows.events import (
    ButtonPressed,
    CommandSent,
    Envelope,
    MediaArrived,
    MediaSent,
    PlaceSent,
    TextSent,
    TimerFired,
)


def needs(desk: Desk, envelope: Envelope, case_prefix: str) -> Needs:
    """What must be looked up before ``decide`` can judge this event; nothing for ordinary talk."""
    match envelope.event:
        case ButtonPressed(data=data):
            return _needs_of_button(desk, data)
        case CommandSent(name=name, args=args):
            return _needs_of_command(envelope, COMMANDS.get(name.casefold(), ""), args.strip(), case_prefix)
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
        return Needs(actor=True, people=data.startswith("n:"), storms=desk.storm is not None)
    if dialog.verb == "page":
        return _page(desk, Needs(actor=True))
    if desk.intake is not None and dialog.serial == desk.intake.serial:
        return intake.needs(desk.intake, "", None, Needs(actor=True))
    remark = remark_of(desk, dialog.serial)
    if remark is not None:
        return Needs(actor=True, case_id=remark.case_id)
    return _of_draft(desk.draft, Needs(actor=True)) if desk.draft else Needs(actor=True)


def _needs_of_command(envelope: Envelope, command: str, args: str, prefix: str) -> Needs:
    code = any_code(args, prefix)
    match command:
        case "list":
            return Needs(actor=True, code=code, cards=not code, replied=None if args else envelope.reply_to)
        case "find":
            return Needs(actor=True, code=code, cards=bool(args), search=args[: lists.MAX_QUERY])
        case "block" | "due" | "spot":
            return Needs(actor=True, code=code, replied=None if args else envelope.reply_to)
        case "duty":
            return Needs(actor=True, duty=True)
        case "note":
            return Needs(actor=True)
        case "storm":
            return Needs(actor=True, storms=True, address=weather.area_words(args))
        case "stop" | "help" | "":
            return Needs(actor=True)
        case "intake":
            return intake.needs(None, args, None, Needs(actor=True))
        case "contact":
            code = leading_code(args, prefix)[0]
            return Needs(actor=True, code=code, replied=None if code else envelope.reply_to)
        case "people":
            return Needs(actor=True, people=True)
        case "calls":
            return Needs(actor=True, calls=True, code=code)
    return Needs()


def _needs_of_words(desk: Desk, envelope: Envelope, event: Said, prefix: str) -> Needs:
    code, rest = leading_code(words_of(event), prefix)
    if code and desk.draft is not None and desk.draft.ask == "case":
        wanted = Needs(actor=True, replied=envelope.reply_to, other=code)
        return _of_draft(desk.draft, wanted)
    if not (envelope.reply_to or code or desk.draft or desk.intake or desk.listed):
        return Needs()
    wanted = Needs(actor=True, replied=envelope.reply_to, code=code, storms=desk.storm is not None)
    if desk.intake is not None:
        place = event.place if isinstance(event, PlaceSent) else None
        wanted = intake.needs(desk.intake, words_of(event), place, wanted)
    wanted = _of_list(desk, rest, wanted)
    if desk.draft is None:
        return wanted
    wanted = _of_draft(desk.draft, wanted, rest)
    if desk.draft.verb != Action.CORRECT_PLACE:
        return wanted
    place = event.place if isinstance(event, PlaceSent) else links.place_in(rest)
    return replace(wanted, locate=place, address=rest if desk.draft.ask == "place" and not place else "")


def _of_list(desk: Desk, words: str, wanted: Needs) -> Needs:
    """What a typed choice from the list shown last would want: the case of its number, or the next page."""
    if not desk.listed or len(words) > SHORT:
        return wanted
    chosen = read(words, desk.listed, lambda button: (button.label.value,))
    if chosen is not None and chosen.data.startswith("n:"):
        return replace(wanted, people=True)
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
        any_unit=flow.any_unit,
        instruments=flow.instruments,
        areas=words if "area" in flow.asks else None,
        categories="category" in flow.asks,
        dates="date" in flow.asks,
        stock=verb if verb in STOCK else "",
        ahead=flow.ahead,
    )
