"""Commands in a group: lists, search, help, linking, stopping, blocking."""

from __future__ import annotations

from collections.abc import Callable

from workflows.case.model import Role
from workflows.desk import calls, drafts, intake, lists, people, roster, weather
from workflows.desk.codes import leading_code
from workflows.desk.gate import tell_rarely, unless_refused
from workflows.desk.turn import Answer, CardData, Turn, here, officer
from workflows.effects import ExplainDue, LinkChat, RevealReporter, ShowSpot
from workflows.events import CommandSent
from workflows.messages import Line, Message, say, text

LIST, FIND, HELP, LINK, STOP, BLOCK, DUE = "list", "find", "help", "link", "stop", "block", "due"
INTAKE, CONTACT, CALLS = "intake", "contact", "calls"
DUTY, NOTE, STORM, SPOT = "duty", "note", "storm", "spot"
PEOPLE = "people"
MOST_DIGITS = 18  # of a number that the store can hold
COMMANDS = {
    "canbo": PEOPLE,
    "staff": PEOPLE,
    "truc": DUTY,
    "duty": DUTY,
    "bangiao": NOTE,
    "note": NOTE,
    "bao": STORM,
    "storm": STORM,
    "viec": LIST,
    "cases": LIST,
    "han": DUE,
    "due": DUE,
    "tim": FIND,
    "find": FIND,
    "trogiup": HELP,
    "help": HELP,
    "start": LINK,
    "lienket": LINK,
    "link": LINK,
    "huy": STOP,
    "cancel": STOP,
    "diem": SPOT,
    "spot": SPOT,
    "chan": BLOCK,
    "block": BLOCK,
    "nhap": INTAKE,
    "file": INTAKE,
    "lienhe": CONTACT,
    "contact": CONTACT,
    "goilai": CALLS,
    "callbacks": CALLS,
}


def commanded(turn: Turn, event: CommandSent) -> Answer:
    """Carry out a command, or say that there is no such; a group that nobody linked hears how to.

    What is addressed to somebody else's bot does not come here.
    """
    command = COMMANDS.get(event.name.casefold())
    args = event.args.strip()
    if command == LINK and args and turn.envelope.sender.anonymous:
        return tell_rarely(turn, "desk.gate.anonymous")  # who linked a group is on record
    if command == LINK and args:
        return Answer(turn.desk, (LinkChat(args.split()[0][:64]),))
    if command is None:
        return _no_such(turn, event)
    if not turn.facts.linked:
        return tell_rarely(turn, "desk.link.hint")
    if command == LINK:
        return Answer(turn.desk, (here(turn, say("desk.link.how")),))
    if command == HELP:
        return Answer(turn.desk, (here(turn, _help(turn)),))
    return unless_refused(turn, lambda turn: _COMMANDS[command](turn, args))


def _no_such(turn: Turn, event: CommandSent) -> Answer:
    """What names nobody may be another bot's command: that there is none is said rarely, and to who may act alone."""
    if not turn.facts.linked:
        return Answer(turn.desk)
    if event.to_us:
        return unless_refused(turn, lambda turn: Answer(turn.desk, toast="desk.toast.no_command"))
    confirmed = turn.facts.actor.status == "confirmed"
    return tell_rarely(turn, "desk.toast.no_command") if confirmed else Answer(turn.desk)


def _help(turn: Turn) -> Message:
    how = "desk.help.by_reply" if turn.facts.replies else "desk.help.by_code"
    lines = [Line("desk.help.cards"), Line(how), Line("desk.help.note"), Line("desk.help.commands"), Line("duty.help")]
    lines += [Line("roles.help"), Line("spot.help")]
    if turn.facts.linked == "operators":
        lines += [Line("desk.help.block"), Line("storm.help"), Line("intake.help")]
    if turn.facts.actor.number:
        values = {"officer": officer(turn), "number": text(str(turn.facts.actor.number))}
        lines.append(Line("desk.help.number", values))
    return Message(tuple(lines))


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
    if turn.desk.intake is not None and intake.is_latest(turn.desk):
        return intake.stop(turn)
    if turn.desk.draft is None:
        return Answer(turn.desk, toast="desk.nothing_to_stop")
    return drafts.stop(turn, turn.desk, turn.desk.draft)


def _block(turn: Turn, _: str) -> Answer:
    view = turn.facts.view
    if view is None:
        return Answer(turn.desk, toast="desk.block_how")
    return drafts.begin(turn, turn.desk, CardData(view.id, BLOCK))


def _due(turn: Turn, _: str) -> Answer:
    view = turn.facts.view
    if view is None:
        return Answer(turn.desk, toast="desk.toast.other_group" if turn.facts.view_refused else "why.how")
    return Answer(turn.desk, (ExplainDue(view.id),))


def _contact(turn: Turn, args: str) -> Answer:
    """Who reported it: a written reason is wanted, and the answer never comes into the group."""
    view = turn.facts.view
    if Role.OPERATOR not in turn.facts.actor.roles:
        return Answer(turn.desk, toast="desk.toast.not_your_role")
    if view is None:
        return Answer(turn.desk, toast="desk.toast.other_group" if turn.facts.view_refused else "identity.how")
    return Answer(turn.desk, (RevealReporter(view.id, leading_code(args, turn.facts.case_prefix)[1]),))


def _duty(turn: Turn, _: str) -> Answer:
    return roster.show(turn, turn.desk)


def _spot(turn: Turn, args: str) -> Answer:
    """A spot by its number, by one of its cases, or all of them."""
    if turn.facts.view is not None:
        return Answer(turn.desk, (ShowSpot(turn.facts.view.id),))
    if args.isascii() and args.isdigit() and len(args) <= MOST_DIGITS:
        return Answer(turn.desk, (ShowSpot(spot=int(args)),))
    if args or turn.facts.view_refused:
        return Answer(turn.desk, toast="spot.unknown")
    return Answer(turn.desk, (ShowSpot(),))


_COMMANDS: dict[str, Callable[[Turn, str], Answer]] = {
    DUTY: _duty,
    NOTE: roster.note,
    PEOPLE: people.commanded,
    STORM: weather.commanded,
    DUE: _due,
    LIST: _list,
    FIND: _find,
    STOP: _stop,
    BLOCK: _block,
    INTAKE: intake.begin,
    CONTACT: _contact,
    CALLS: calls.listing,
    SPOT: _spot,
}
