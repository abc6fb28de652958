"""Who may do what in a unit, from its own group: the list of members, and what the head names them to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from workflows.case.model import Role
from workflows.desk import dates
from workflows.desk.facts import Colleague, Term
from workflows.desk.turn import Answer, Turn, here, rows, today_here
from workflows.effects import NameDuty
from workflows.messages import Button, Line, Message, Value, day, number, text, word

FOR_DAYS = (1, 3, 7, 14, 30)  # from today, that are offered; other days are typed
WITH_DAYS = ("delegate", "leave")
WHAT = ("confirm", "focal", "not_focal", "delegate", "end", "leave", "back")


def commanded(turn: Turn, args: str) -> Answer:
    """``/canbo``: everybody; ``/canbo 12``: what the head may name that colleague; ``/canbo 12 1/12 5/12``: delegated
    on these days, or away where the number is one's own."""
    if not args:
        return _listing(turn)
    first, *rest = args.split()
    colleague = _colleague(turn, first)
    if colleague is None:
        return Answer(turn.desk, toast="roles.no_number")
    if not rest:
        return _choices(turn, colleague)
    days = dates.span(" ".join(rest), today_here(turn))
    if days is None:
        return Answer(turn.desk, toast="roles.how")
    return Answer(turn.desk, (NameDuty(colleague.number, "leave" if colleague.me else "delegate", *days),))


def pressed(turn: Turn, data: str) -> Answer | None:
    """A button of the list (``n:<number>[:<what>[:<days>]]``); None for anything else. It proves nothing."""
    kind, _, rest = data.partition(":")
    if kind != "n":
        return None
    given, _, rest = rest.partition(":")
    what, _, length = rest.partition(":")
    colleague = _colleague(turn, given)
    if colleague is None or (what and what not in WHAT):
        return Answer(turn.desk, toast="desk.toast.old_button")
    if not what:
        return _choices(turn, colleague)
    if what not in WITH_DAYS:
        return Answer(replace(turn.desk, listed=()), (NameDuty(colleague.number, what),))
    if length not in {str(one) for one in FOR_DAYS}:
        return _for_how_long(turn, colleague, what)
    today = today_here(turn)
    last = today + timedelta(days=int(length) - 1)
    return Answer(replace(turn.desk, listed=()), (NameDuty(colleague.number, what, today, last),))


def _colleague(turn: Turn, given: str) -> Colleague | None:
    wanted = int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
    return next((one for one in turn.facts.people if one.number == wanted), None)


# --- what is shown -------------------------------------------------------------------------------------------------


def _listing(turn: Turn) -> Answer:
    """Everybody on record, and for who acts as head a button each."""
    lines = tuple(_line(one) for one in turn.facts.people)
    leads = bool(turn.facts.actor.roles & {Role.HEAD, Role.LEADER})
    buttons = tuple(Button(f"n:{one.number}", _name(one)) for one in turn.facts.people) if leads else ()
    how = Line("roles.how_head" if leads else "roles.how_member")
    return _said(turn, (Line("roles.title"), *lines, how), buttons)


def _line(one: Colleague) -> Line:
    values: dict[str, Value] = {"name": _name(one), "number": number(one.number), "role": word(f"roles.is.{one.role}")}
    if one.away is not None:
        return _termed("roles.member_away", values, one.away)
    if one.acts is not None:
        return _termed("roles.member_delegate", values, one.acts)
    return Line("roles.member", values)


def _termed(key: str, values: dict[str, Value], term: Term) -> Line:
    """What holds now, or will from a day to come."""
    values = values | {"last": day(term.last)}
    return Line(f"{key}_from", values | {"first": day(term.first)}) if term.first else Line(key, values)


def _choices(turn: Turn, one: Colleague) -> Answer:
    """What this person may name that colleague; only who acts as head names anybody."""
    if not turn.facts.actor.roles & {Role.HEAD, Role.LEADER}:
        return Answer(turn.desk, toast="roles.head_only")
    buttons = tuple(Button(f"n:{one.number}:{what}", word(f"roles_button.{what}")) for what in _open(turn, one))
    if not buttons:
        return Answer(turn.desk, toast="roles.nothing")
    return _said(turn, (_line(one),), buttons)


def _open(turn: Turn, one: Colleague) -> tuple[str, ...]:
    """A delegate names no further delegates: that is the head's own."""
    if one.role == "pending":
        return ("confirm",)
    mine = any(each.me and each.role == "head" for each in turn.facts.people)
    if one.role == "head":
        return _named_or_ended(one.away, "leave", "back") if one.me else ()
    named = () if turn.facts.linked == "operators" else ("not_focal" if one.role == "focal" else "focal",)
    return (*named, *(_named_or_ended(one.acts, "delegate", "end") if mine else ()))


def _named_or_ended(term: Term | None, name: str, end: str) -> tuple[str, ...]:
    """What holds can be ended, and what is still to come as well, beside which other days can be named."""
    if term is None:
        return (name,)
    return (name, end) if term.first else (end,)


def _for_how_long(turn: Turn, one: Colleague, what: str) -> Answer:
    buttons = tuple(Button(f"n:{one.number}:{what}:{days}", word(f"roles_button.days.{days}")) for days in FOR_DAYS)
    values = {"name": _name(one), "number": number(one.number)}
    return _said(turn, (Line(f"roles.days.{what}", values),), buttons)


def _said(turn: Turn, lines: tuple[Line, ...], buttons: tuple[Button, ...]) -> Answer:
    desk = replace(turn.desk, listed=buttons, next_offset=0)
    return Answer(desk, (here(turn, Message(lines, rows(buttons)), purpose="list"),))


def _name(one: Colleague) -> Value:
    return text(one.name) if one.name else word("desk.officer")
