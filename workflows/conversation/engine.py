"""The citizen's side of the road: one event in, the next state and what is to be done out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workflows.conversation import after, asides, choices, commands, draft, flow, follow, joint, silence, watch
from workflows.conversation.facts import Facts, Needs
from workflows.conversation.links import place_in
from workflows.conversation.state import Dialog, Expect
from workflows.conversation.step import Answer, Turn, line, refuse
from workflows.conversation.steps import confirm, contact, location, officials, photo
from workflows.effects import Acknowledge, AnswerCall, Effect, Here, Say, Step
from workflows.events import (
    AddressSent,
    ButtonPressed,
    CommandSent,
    ContactSent,
    Envelope,
    Event,
    MediaArrived,
    MediaSent,
    Place,
    PlaceSent,
    TextEdited,
    TextSent,
    TimerFired,
    Unsupported,
)
from workflows.messages import Message, number
from workflows.report import Report

# --- what must be known -----------------------------------------------------------------------------------------


def needs(dialog: Dialog, envelope: Envelope) -> Needs:
    """Which costly facts ``advance`` will want for this event; an ordinary step of a draft wants none."""
    event = envelope.event
    words = _words(event)
    idle = not dialog.drafting and _opens_something(event)
    command, args = _command(event)
    return Needs(
        locate=_position(dialog, event),
        address=event.address if isinstance(event, AddressSent) else words if _wants_address(dialog, envelope) else "",
        code=args if command in ("status", "due", "start") else words if commands.might_be_code(words) else "",
        case_id=_case_id(event),
        bound=envelope.reply_to is not None,
        cases=idle or dialog.expect.kind == "which" or command in ("mine", "status", "due") or _chooses(dialog, event),
        units=_units(dialog, event),
        units_in=dialog.report.area,
        sent_today=idle or command == "report" or dialog.step == confirm.NAME or bool(dialog.aside),
        around=joint.looked_for(dialog, event),
    )


def _units(dialog: Dialog, event: Event) -> str | None:
    """Units that a report about officials may be about: where that is asked, or may be next."""
    if not dialog.drafting or dialog.step not in (officials.NAME, officials.UNIT, contact.NAME, contact.PHONE):
        return None
    typed = isinstance(event, TextSent) and dialog.step == officials.UNIT and not dialog.aside
    chosen = typed and any(button.data.startswith("c:") for button in dialog.offered) and _words(event).isdigit()
    return _words(event)[: officials.LONGEST_NAME] if typed and not chosen else ""


def _words(event: Event) -> str:
    return event.text.strip() if isinstance(event, (TextSent, TextEdited)) else ""


def _command(event: Event) -> tuple[str, str]:
    """Which command this is, however it was given, and its arguments; ("", "") for none."""
    match event:
        case CommandSent(name=name, args=args):
            return commands.named(name), args.strip()
        case ButtonPressed(data="c:0:menu:mine"):
            return "mine", ""
        case TextSent(text=words) if words.startswith("/"):
            name, args = commands.split(words)
            return commands.named(name), args.strip()
        case TextSent(text=words):
            return commands.spoken_name(words), ""
    return "", ""


def _opens_something(event: Event) -> bool:
    """Outside a draft: whether it may start a report, or belong to one of the person's cases."""
    if isinstance(event, ButtonPressed):
        return event.data.startswith("c:")
    return isinstance(event, (TextSent, MediaSent, PlaceSent, AddressSent))


def _chooses(dialog: Dialog, event: Event) -> bool:
    """Whether words may stand for an offered button about a case."""
    offered = any(button.data.startswith("k:") for button in dialog.offered)
    return isinstance(event, TextSent) and offered


def _wants_address(dialog: Dialog, envelope: Envelope) -> bool:
    """Whether words are typed where a place is asked for, or change a typed address."""
    if not dialog.drafting or dialog.expect.kind:
        return False
    if isinstance(envelope.event, TextEdited):
        return envelope.message == dialog.addressed_by
    return isinstance(envelope.event, TextSent) and dialog.step == location.NAME


def _position(dialog: Dialog, event: Event) -> Place | None:
    """The position that this event is about, if any."""
    match event:
        case PlaceSent(place=place):
            return place
        case MediaArrived(lat=float(lat), lon=float(lon)):
            return Place(lat, lon)
        case AddressSent(address=words):
            return place_in(words)
        case TextSent(text=words) | TextEdited(text=words) if dialog.drafting:
            return place_in(words)
        case TextSent() | ButtonPressed() | CommandSent():
            return _kept_position(dialog.expect)
    return None


def _kept_position(expect: Expect) -> Place | None:
    if expect.lat is None or expect.lon is None:
        return None
    return Place(expect.lat, expect.lon)


def _case_id(event: Event) -> int | None:
    if not isinstance(event, ButtonPressed):
        return None
    kind, _, rest = event.data.partition(":")
    return _number(rest.partition(":")[0]) if kind == "k" else None


def _number(shown: str) -> int | None:
    """A case's id in button data; None for anything that cannot be one."""
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= 18 else None


# --- what becomes of it -----------------------------------------------------------------------------------------


def advance(dialog: Dialog, envelope: Envelope, facts: Facts) -> Step[Dialog]:
    """The answer to one event in a citizen's private chat. Never raises, whatever came in.

    Messages about a case that was moved (answered, rated, withdrawn, sent) are not said here: they are the
    case's own notices, or the refusal of the move.
    """
    handle = HEAR.get(type(envelope.event))
    if handle is None:
        return Step(dialog)
    turn = Turn(_without_stale_expectation(dialog, facts), envelope, facts)
    return _respond(turn, handle(turn, envelope.event))


def _without_stale_expectation(dialog: Dialog, facts: Facts) -> Dialog:
    """A question that was left alone for long must not swallow words about something else."""
    expect = dialog.expect
    old = facts.at.timestamp() - expect.at > facts.limits.reminder_after.total_seconds()
    if expect.kind and old and not expect.holds_something:
        return replace(dialog, expect=Expect())
    return dialog


def _text(turn: Turn, event: TextSent) -> Answer:
    """Words: a command, a choice, a code, or the answer to whatever is asked."""
    words, dialog = event.text.strip(), turn.dialog
    if not words:
        return refuse(turn, "misc.lost")
    if words.startswith("/"):
        return _command_sent(turn, CommandSent(*commands.split(words)))
    if len(words) > turn.facts.limits.max_text:
        return _too_long(turn, words)
    if _replies_to_case(turn):
        return _reply(turn, event)
    chosen = choices.read(words, dialog.offered, turn.facts.spell)
    if chosen:
        return _press(turn, ButtonPressed(chosen.data))
    command = commands.spoken_name(words)
    if command:
        return _command_sent(turn, CommandSent(command))
    return commands.status_of(turn, words) or follow.said(turn, words) or _answer(turn, event)


def _too_long(turn: Turn, words: str) -> Answer:
    """Words that are not taken may still tell of danger: the emergency numbers come first."""
    limit = number(turn.facts.limits.max_text)
    refused = refuse(turn, "text.too_long", limit=limit, length=number(len(words)))
    danger = (line("danger.numbers"),) if "danger" in watch.flags(words, turn.facts) else ()
    return replace(refused, notes=(*danger, *refused.notes))


def _answer(turn: Turn, event: TextSent) -> Answer:
    """Words that are nothing but an answer: to what is expected, to the draft's question, or to none."""
    expect = turn.dialog.expect
    missed = choices.off_the_list(event.text, turn.dialog.offered) if _only_listed(turn) else None
    if missed:
        return Answer(turn.dialog, (missed,), stay=True)
    if expect.kind in after.TAKES:
        return after.pour(turn, expect, event)
    turn = _without(turn, expect)
    if not turn.dialog.drafting:
        return after.idle_words(turn, event)
    reads = asides.reader(turn.dialog)
    if reads:
        return reads(turn, event.text)
    return draft.read(_passed(turn), event.text)


def _only_listed(turn: Turn) -> bool:
    """Whether a number alone can only mean one of the buttons of the question on the table."""
    dialog = turn.dialog
    if dialog.expect.kind:
        return dialog.expect.kind not in after.FILED
    if not dialog.drafting:
        return False
    if dialog.aside:
        return asides.reader(dialog) is None
    return flow.QUESTIONS[dialog.step].listed(dialog, turn.facts)


def _media(turn: Turn, event: MediaSent) -> Answer:
    return _thing(turn, event, draft.take_media)


def _place(turn: Turn, event: PlaceSent) -> Answer:
    if event.draft:
        return _by_map(turn, event, lambda turn: draft.take_mapped(turn, event.place))
    return _thing(turn, event, lambda turn, sent: location.take(turn, sent.place))


def _address(turn: Turn, event: AddressSent) -> Answer:
    return _by_map(turn, event, lambda turn: draft.take_mapped(turn, event.address))


def _by_map(turn: Turn, event: PlaceSent | AddressSent, take: Callable[[Turn], Answer]) -> Answer:
    """From our map page: for the draft that its link was made for, at any question of it, and for no other.

    When that draft is over, a chat with nothing else on the table is asked where the place belongs.
    """
    dialog = turn.dialog
    if dialog.drafting and dialog.serial == event.draft:
        return take(_passed(turn))
    if dialog.drafting or dialog.expect.kind:
        return refuse(turn, "place.link_over")
    said = event if isinstance(event, PlaceSent) else TextSent(event.address)
    asked = after.ask_where(turn, said)
    return replace(asked, notes=(line("place.link_over_kept"), *asked.notes))


def _thing(turn: Turn, event: Any, take: Callable[[Turn, Any], Answer]) -> Answer:
    """A file or a place: for the case replied to, for what is expected, for the draft, or for a new one."""
    expect = turn.dialog.expect
    if _replies_to_case(turn):
        return _reply(turn, event)
    if expect.kind in after.TAKES:
        return after.pour(turn, expect, event)
    turn = _without(turn, expect)
    if turn.dialog.drafting:
        return take(_passed(turn), event)
    return after.idle_thing(turn, event) or _first(turn, event, take)


def _first(turn: Turn, event: Any, take: Callable[[Turn, Any], Answer]) -> Answer:
    """A photo or a place is enough to begin a report (R42)."""
    words = event.caption if isinstance(event, MediaSent) else ""
    begun = draft.begin(turn, Report(flags=watch.flags(words, turn.facts)))
    if not begun.dialog.drafting:
        return replace(begun, notes=(*begun.notes, line("limits.nothing_kept")))
    taken = take(replace(turn, dialog=begun.dialog), event)
    return replace(taken, effects=(*begun.effects, *taken.effects))


def _replies_to_case(turn: Turn) -> bool:
    """Whether it answers a message about a case; a reply to our own question about one is left to that."""
    bound, expect = turn.facts.bound, turn.dialog.expect
    return bound is not None and not (expect.kind in after.TAKES and expect.case_id == bound.case.id)


def _reply(turn: Turn, event: Any) -> Answer:
    """A reply belongs to the case of the message that it answers, whatever else is going on in the chat."""
    bound = turn.facts.bound
    if bound is None:
        return refuse(turn, "misc.lost")
    rated = after.rating_in(turn, event.text) if isinstance(event, TextSent) else None
    return rated or after.said_to(turn, bound.case, event)


def _without(turn: Turn, expect: Expect) -> Turn:
    """A yes-or-no question that was not answered is left; what was said is not for it."""
    if not expect.kind:
        return turn
    return replace(turn, dialog=replace(turn.dialog, expect=Expect()))


def _passed(turn: Turn) -> Turn:
    return replace(turn, dialog=asides.passed(turn.dialog))


# --- buttons ----------------------------------------------------------------------------------------------------


def _press(turn: Turn, event: ButtonPressed) -> Answer:
    filed, turn = _filed_first(turn)
    return _both(filed, _choose(turn, event.data))


def _command_sent(turn: Turn, event: CommandSent) -> Answer:
    filed, turn = _filed_first(turn)
    return _both(filed, commands.read(turn, event.name, event.args))


def _filed_first(turn: Turn) -> tuple[Answer | None, Turn]:
    """An album that is still coming in for a case goes there before anything else is begun."""
    if not after.is_gathering(turn.dialog):
        return None, turn
    filed = after.finish(turn, turn.dialog.expect)
    return filed, replace(turn, dialog=filed.dialog)


def _both(first: Answer | None, then: Answer) -> Answer:
    if first is None:
        return then
    notes, effects = (*first.notes, *then.notes), (*first.effects, *then.effects)
    return replace(then, notes=notes, effects=effects)


def _choose(turn: Turn, data: str) -> Answer:
    """A choice; data came through the person's client, so all of it is checked against where we are."""
    kind, _, rest = data.partition(":")
    number_part, _, action = rest.partition(":")
    name, _, value = action.partition(":")
    if kind == "k":
        return after.pressed(turn, _number(number_part), name, value)
    called = _number(number_part) if kind == "u" else None
    if called is not None:  # a call to a colleague; a citizen is offered none
        return Answer(turn.dialog, (), (AnswerCall(called),), quiet=True)
    answer = _own_choice(turn, number_part, name, value) if kind == "c" else None
    return answer or _stale(turn, data)


def _own_choice(turn: Turn, serial: str, step: str, value: str) -> Answer | None:
    dialog = turn.dialog
    if not step:
        return None
    if step == "menu":
        return commands.press(turn, value)
    if dialog.expect.kind == step and serial == str(dialog.expect.serial):
        return after.choose(turn, value)
    if not dialog.drafting or serial != str(dialog.serial):
        return None
    if step == dialog.aside:
        return asides.choose(turn, value)
    if step == dialog.step and not dialog.expect.holds_something:
        return draft.choose(_passed(_without(turn, dialog.expect)), value)
    return None


def _stale(turn: Turn, data: str) -> Answer:
    """A button from last week, of another draft, or forged; pressing *send* twice is none of these."""
    if turn.dialog.sent and data == f"c:{turn.dialog.sent}:{confirm.NAME}:send":
        return Answer(turn.dialog, quiet=True)
    return refuse(turn, "misc.stale")


# --- the rest ---------------------------------------------------------------------------------------------------


def _contact(turn: Turn, _: ContactSent) -> Answer:
    return refuse(turn, "misc.contact")


def _unsupported(turn: Turn, _: Unsupported) -> Answer:
    return refuse(turn, "misc.unsupported")


def _timer(turn: Turn, event: TimerFired) -> Answer:
    dialog = turn.dialog
    if event.about == silence.ABOUT:
        return silence.fell(turn, event)
    if event.about != "album" or not dialog.album or event.version != dialog.version:
        return Answer(dialog, quiet=True)
    if dialog.expect.kind:
        return after.finish(turn, dialog.expect)
    return Answer(dialog, quiet=not dialog.drafting)


HEAR: dict[type[Any], Callable[[Turn, Any], Answer]] = {
    TextSent: _text,
    MediaSent: _media,
    PlaceSent: _place,
    AddressSent: _address,
    ButtonPressed: _press,
    CommandSent: _command_sent,
    TextEdited: draft.edited,
    ContactSent: _contact,
    Unsupported: _unsupported,
    TimerFired: _timer,
    MediaArrived: draft.arrived,
}


# --- the answer -------------------------------------------------------------------------------------------------


def _respond(turn: Turn, answer: Answer) -> Step[Dialog]:
    """From what became of the event to the state that is kept and the one message that is said."""
    answer = silence.heard(turn, answer)
    dialog = _settled(turn, answer)
    message = None if answer.quiet else _message(dialog, answer, turn.facts)
    effects = (*_acknowledged(turn), *answer.effects)
    if message is None:
        return Step(dialog, effects)
    if dialog.wished and not message.wish:
        message = replace(message, drop_keyboard=True)
    said = Say(Here(), message, case_id=dialog.expect.case_id or None, purpose=_purpose(dialog))
    return Step(_told(dialog, message), (*effects, said))


def _settled(turn: Turn, answer: Answer) -> Dialog:
    """The state after the event: warnings heeded, the next missing question on the table."""
    dialog = answer.dialog
    if not dialog.drafting:
        return dialog
    if dialog.report.text != turn.dialog.report.text or dialog.serial != turn.dialog.serial:
        dialog = watch.heed(dialog, turn.facts)
    if answer.quiet:
        return dialog
    if not answer.stay:
        dialog = flow.go_on(dialog, turn.facts)
    warning = "" if dialog.aside else watch.next_warning(dialog)
    return replace(dialog, aside=warning) if warning else dialog


def _message(dialog: Dialog, answer: Answer, facts: Facts) -> Message | None:
    if answer.message:
        return answer.message
    notes = (*photo.received(dialog, facts), *answer.notes)
    question = _question(dialog, answer, facts)
    lines = (*question.lines, *notes) if dialog.aside == "danger" else (*notes, *question.lines)
    return replace(question, lines=lines) if lines else None


def _question(dialog: Dialog, answer: Answer, facts: Facts) -> Message:
    """What is on the table: a question about a case before an interruption before the draft's own."""
    if dialog.expect.kind and dialog.expect.kind != "reason":
        return after.ask(dialog, facts)
    if dialog.drafting:
        return asides.ask(dialog) if dialog.aside else flow.ask(dialog, facts)
    return Message((), commands.menu() if answer.menu else ())


def _told(dialog: Dialog, message: Message) -> Dialog:
    """What was said is on the table now. An album for a case goes on coming in, whatever is said meanwhile."""
    gathering = after.is_gathering(dialog)
    return replace(
        dialog,
        version=dialog.version if gathering else dialog.version + 1,
        offered=tuple(button for row in message.buttons for button in row),
        gathered=0,
        others=0,
        excess=0,
        album=gathering,
        wished=message.wish == "place",
    )


def _purpose(dialog: Dialog) -> str:
    return "prompt" if dialog.expect.case_id else ""


def _acknowledged(turn: Turn) -> tuple[Effect, ...]:
    event = turn.envelope.event
    if isinstance(event, ButtonPressed) and event.press:
        return (Acknowledge(event.press),)
    return ()
