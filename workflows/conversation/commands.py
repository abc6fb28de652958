"""Commands and the main buttons: what a person may ask for at any moment, also typed without the slash."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows import codes
from workflows.case.model import ENDED
from workflows.conversation import after, draft, follow
from workflows.conversation.choices import plain
from workflows.conversation.state import Dialog, Expect
from workflows.conversation.step import Answer, Turn, line, refuse
from workflows.effects import LinkPerson, SetLanguage, ShowMyData
from workflows.messages import Button, Message, choice, text, word

CAMPAIGN = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Telegram's own limit for deep links
_CODE = re.compile(rf"[A-Z]{{1,4}}[-–. ]?[{codes.ALPHABET}]{{4}}[-–. ]?[{codes.ALPHABET}]{{4}}")

ALIASES: Mapping[str, tuple[str, ...]] = {
    "start": ("start", "batdau"),
    "report": ("phananh", "report", "new"),
    "mine": ("cuatoi", "my", "mine", "myreports"),
    "status": ("tracuu", "status", "track"),
    "due": ("han", "due", "deadline"),
    "cancel": ("huy", "cancel"),
    "help": ("trogiup", "help"),
    "data": ("dulieu", "mydata", "data"),
    "erase": ("xoa", "erase", "deletemydata"),
    "language": ("ngonngu", "language", "lang"),
    "link": ("lienket", "link"),
    "follow": ("theodoi", "follow"),
}
COMMANDS = {alias: name for name, aliases in ALIASES.items() for alias in aliases}

# Whole messages that mean a command although nobody typed a slash.
SPOKEN: Mapping[str, str] = {
    "huy": "cancel",
    "huy bo": "cancel",
    "cancel": "cancel",
    "tro giup": "help",
    "help": "help",
    "menu": "help",
    "bat dau": "start",
    "start": "start",
    "phan anh moi": "report",
    "gui phan anh": "report",
    "new report": "report",
    "phan anh cua toi": "mine",
    "phan anh da gui": "mine",
    "my reports": "mine",
}


def read(turn: Turn, name: str, args: str) -> Answer:
    """Carry out a command by any of its names; an unknown one gets the help."""
    command = named(name)
    return DO[command](turn, args.strip()) if command else _with_menu(turn, "help.unknown")


def named(name: str) -> str:
    """The command with this name or alias; "" for none."""
    return COMMANDS.get(name.casefold(), "")


def spoken_name(words: str) -> str:
    """The command that these words are as a whole; "" for none."""
    return SPOKEN.get(plain(words), "") if len(words) <= 40 else ""


def split(words: str) -> tuple[str, str]:
    """``/name args`` in two."""
    name, _, args = words.lstrip("/").partition(" ")
    return name[:64], args


def press(turn: Turn, value: str) -> Answer | None:
    """A button of the main menu or of the language question; these never grow old."""
    if value in ("vi", "en"):
        return Answer(turn.dialog, (line("lang.set"),), (SetLanguage(value),), stay=True, menu=True)
    return DO[value](turn, "") if value in DO else None


def menu() -> tuple[tuple[Button, ...], ...]:
    """The main buttons, shown outside a draft."""

    def main(value: str) -> Button:
        return choice(f"c:0:menu:{value}", f"button.{value}")

    return ((main("report"),), (main("mine"), main("help")), (main("language"),))


def _with_menu(turn: Turn, key: str) -> Answer:
    return Answer(turn.dialog, (line(key),), stay=True, menu=True)


def _start(turn: Turn, payload: str) -> Answer:
    """A deep link's payload is a case code or a campaign's tag; anything else is only a greeting."""
    if might_be_code(payload) and codes.parse(payload, turn.facts.case_prefix):
        return _status(turn, payload)
    dialog = turn.dialog
    if CAMPAIGN.fullmatch(payload):
        dialog = _with_campaign(dialog, payload)
    return Answer(dialog, (*turn.facts.banners, line("greet.hello")), stay=True, menu=True)


def _with_campaign(dialog: Dialog, tag: str) -> Dialog:
    """The tag counts for the draft under way, if it has none, or for the next one (R64)."""
    if not dialog.drafting:
        return replace(dialog, campaign=tag)
    if dialog.report.campaign:
        return dialog
    return replace(dialog, report=replace(dialog.report, campaign=tag))


def _report(turn: Turn, _: str) -> Answer:
    dialog = turn.dialog
    if not dialog.drafting:
        return after.new_report(turn) if dialog.expect.kind == "which" else draft.begin(turn)
    if dialog.expect.holds_something:
        return refuse(turn, "answer.this_first")
    dialog = replace(dialog, expect=Expect())
    if draft.is_empty(dialog):
        return Answer(replace(dialog, aside=""))
    return Answer(replace(dialog, aside="restart"), stay=True)


def _mine(turn: Turn, _: str) -> Answer:
    cases = turn.facts.cases[: turn.facts.limits.list_length]
    if not cases:
        return _with_menu(turn, "my.none")
    rows = tuple((Button(f"k:{case.id}:show", text(case.code)),) for case in cases)
    message = Message((line("my.list"), *map(after.slip, cases), line("my.list_how")), rows)
    return Answer(turn.dialog, message=message)


def _status(turn: Turn, words: str) -> Answer:
    """One's own case by its code (R95); another's is not told apart from one that does not exist."""
    if not words:
        return _mine(turn, "")
    code = codes.parse(words, turn.facts.case_prefix)
    if code is None:
        example = text(f"{turn.facts.case_prefix}-7K3M-9QXC")
        return Answer(turn.dialog, (line("my.mistyped", example=example),), stay=True, menu=True)
    if turn.facts.asked is None:
        return Answer(turn.dialog, (line("my.not_found", code=text(code)),), stay=True, menu=True)
    return after.show(turn, turn.facts.asked)


def _due(turn: Turn, words: str) -> Answer:
    """Why a case is due then: the one replied to, the one with this code, or the only one that is not over."""
    if words:
        found = _status(turn, words)
        return after.explain(turn, turn.facts.asked) if turn.facts.asked else found
    if turn.facts.bound is not None:
        return after.explain(turn, turn.facts.bound.case)
    running = tuple(case for case in turn.facts.cases if case.state not in ENDED and not case.rating_open)
    if not running:
        return _with_menu(turn, "my.none")
    if len(running) == 1:
        return after.explain(turn, running[0])
    shown = running[: turn.facts.limits.list_length]
    rows = tuple((Button(f"k:{case.id}:why", text(case.code)),) for case in shown)
    return Answer(turn.dialog, message=Message((line("why.which"), *map(after.slip, shown)), rows))


def status_of(turn: Turn, words: str) -> Answer | None:
    """The status of the case whose code these words are as a whole; None when they are no code."""
    if not might_be_code(words) or not codes.parse(words, turn.facts.case_prefix):
        return None
    return _status(turn, words)


def might_be_code(words: str) -> bool:
    """Whether it is worth looking for a case by these words; the prefix is not known before the facts."""
    return bool(_CODE.fullmatch(words.strip().upper()))


def _cancel(turn: Turn, _: str) -> Answer:
    dialog = turn.dialog
    if dialog.expect.kind and dialog.expect.kind != "reason":
        return after.forget(turn)
    if dialog.drafting:
        return draft.cancel(replace(turn, dialog=replace(dialog, expect=Expect())))
    return Answer(replace(dialog, expect=Expect()), (line("misc.nothing_to_cancel"),), menu=True)


def _help(turn: Turn, _: str) -> Answer:
    how = word("help.by_number" if turn.facts.numbers else "help.by_button")
    return Answer(turn.dialog, (line("help.text", how=how),), stay=True, menu=True)


def _data(turn: Turn, _: str) -> Answer:
    return Answer(turn.dialog, (), (ShowMyData(),), quiet=True)


def _link(turn: Turn, code: str) -> Answer:
    """One's account on another platform: a code to be typed there, or the code that was got there."""
    return Answer(turn.dialog, (), (LinkPerson(code),), quiet=True)


def _erase(turn: Turn, _: str) -> Answer:
    """Whoever wants everything erased does not want what is still held to be sent first."""
    if not turn.dialog.expect.holds_something:
        return after.ask_erase(turn)
    asked = after.ask_erase(replace(turn, dialog=replace(turn.dialog, expect=Expect())))
    return replace(asked, notes=(line("answer.dropped"), *asked.notes))


def _language(turn: Turn, _: str) -> Answer:
    rows = ((choice("c:0:menu:vi", "button.vi"), choice("c:0:menu:en", "button.en")),)
    return Answer(turn.dialog, message=Message((line("lang.ask"),), rows))


DO: Mapping[str, Callable[[Turn, str], Answer]] = {
    "start": _start,
    "report": _report,
    "mine": _mine,
    "status": _status,
    "due": _due,
    "cancel": _cancel,
    "help": _help,
    "data": _data,
    "erase": _erase,
    "language": _language,
    "link": _link,
    "follow": follow.command,
}
