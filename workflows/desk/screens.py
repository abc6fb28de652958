"""What the desk shows at each point of a piece of work: the question or the preview, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workflows.actions import Action
from workflows.case import checking
from workflows.case.reasons import NOT_POSSIBLE
from workflows.case.results import obstacle_line, sanction_line
from workflows.conversation.categories import Category
from workflows.conversation.facts import Area
from workflows.desk.facts import CHOICES, AgencyChoice, DeskFacts
from workflows.desk.flows import (
    BLOCK_DAYS,
    FLOWS,
    MEANWHILE,
    REASON_LABEL,
    REASONS,
    RESULTS,
    STOCK,
    needs_photo,
    next_ask,
)
from workflows.desk.sanctions import WARNING
from workflows.desk.state import Draft
from workflows.desk.turn import Turn, officer, rows
from workflows.messages import Button, Line, Message, Value, date, names, number, short_day, text, word
from workflows.privacy import CHECKED

TO_CITIZEN = (
    Action.ASK,
    Action.SUBMIT_RESULT,
    Action.CANCEL,
    Action.UPHOLD,
    Action.KEEP_PROMISE,
    Action.REPLY,
    Action.INTERIM,
    Action.MAKE_SAFE,
    Action.REFER_OUT,
    Action.UNMERGE,
    Action.TAKE_BACK,
    Action.CLOSE_FINALLY,
    "block",
)


# What is answered in words, and what may be.
TYPED = ("words", "place", "document", "body", "case", "decision", "fine")
ALSO_TYPED = ("agency", "area", "category", "date")


def screen(turn: Turn, draft: Draft) -> Message:
    """The message for where the draft stands now."""
    asked = next_ask(draft) or "preview"
    lines, buttons = _SCREENS[asked](draft, turn.facts)
    how = how_to_answer(turn) if asked in TYPED else ()
    media = draft.media if asked == "preview" else _to_check(draft, turn.facts)
    return Message((_head(turn, draft), *lines, *how), (*buttons, (_stop(draft),)), media)


def _to_check(draft: Draft, facts: DeskFacts) -> tuple[str, ...]:
    """The pictures that a result is judged by."""
    return checking.media(facts.view) if facts.view is not None and next_ask(draft) == "tick" else ()


def confirmed(turn: Turn, draft: Draft) -> Message:
    """The confirmed preview without its buttons."""
    lines, _ = _preview(draft, turn.facts)
    done = "sent" if draft.verb in TO_CITIZEN else "confirmed"
    return Message((_head(turn, draft), *lines, Line(f"desk.{done}")))


def chosen(turn: Turn, draft: Draft, label: Value | None) -> Message:
    """What was chosen by the last tap, without the buttons."""
    choice = (Line("desk.chosen", {"choice": label}),) if label else ()
    return Message((_head(turn, draft), *choice))


def refused(turn: Turn, draft: Draft, why: Line) -> Message:
    """What was wrong with an answer and how to give another, above the choices shown last; a preview is shown whole."""
    if draft.ask == "preview":
        shown = screen(turn, draft)
        return replace(shown, lines=(shown.lines[0], why, *shown.lines[1:]))
    how = how_to_answer(turn) if draft.ask in (*TYPED, *ALSO_TYPED) else ()
    return Message((why, *how), rows(draft.offered, 1 if draft.ask == "agency" else 2))


def found(turn: Turn, draft: Draft, categories: tuple[Category, ...]) -> Message:
    """The categories that some words may mean."""
    line = Line("desk.category.found")
    everything = (_button(draft, "all"), _stop(draft))
    return Message((_head(turn, draft), line), (*_category_rows(draft, categories[:CHOICES]), everything))


def offered(message: Message) -> tuple[Button, ...]:
    """A message's buttons in the order of their numbers."""
    return tuple(button for row in message.buttons for button in row)


Screen = tuple[tuple[Line, ...], tuple[tuple[Button, ...], ...]]


def _head(turn: Turn, draft: Draft) -> Line:
    return Line("desk.head", {"officer": officer(turn), "code": text(draft.code)})


def how_to_answer(turn: Turn) -> tuple[Line, ...]:
    """How to answer, where a reply to the message can be told from other words and where it cannot."""
    if turn.facts.replies:
        return (Line("desk.how.reply"),)
    return (Line("desk.how.next", {"officer": officer(turn)}),)


def _button(draft: Draft, verb: str, arg: str = "", label: Value | None = None) -> Button:
    data = f"p:{draft.serial}:{verb}:{arg}" if arg else f"p:{draft.serial}:{verb}"
    return Button(data, label or word(f"desk_button.{verb}"))


def _stop(draft: Draft) -> Button:
    """Where the work is to cancel the report itself, "cancel" would mean two things."""
    label = word("desk_button.do_not_cancel") if draft.verb == Action.CANCEL else None
    return _button(draft, "stop", label=label)


def _set(draft: Draft, value: str, label: Value) -> Button:
    return _button(draft, "set", value, label)


def _agency(draft: Draft, facts: DeskFacts) -> Screen:
    shown = _proposed_first(draft, facts)
    if not shown:
        return (Line("desk.agency.none"),), ()
    buttons = tuple(_set(draft, _unit(one), names(one.names.vi, one.names.en)) for one in shown)
    return (Line(f"desk.agency.{draft.verb}"), Line("desk.agency.search")), rows(buttons, 1)


def _unit(one: AgencyChoice) -> str:
    return f"{one.id}.{one.instrument}" if one.instrument else str(one.id)


def _helper(draft: Draft, facts: DeskFacts) -> Screen:
    waiting = [task for task in facts.view.tasks if task.state == "open"] if facts.view else []
    buttons = tuple(_set(draft, str(task.agency_id), names(task.agency.vi, task.agency.en)) for task in waiting)
    return (Line("desk.helper"),), rows(buttons, 1)


def _proposed_first(draft: Draft, facts: DeskFacts) -> tuple[AgencyChoice, ...]:
    """The unit that the agency itself proposed stands first when the operators decide on a transfer."""
    view = facts.view
    rest = facts.agencies[:CHOICES]
    if draft.verb != Action.TRANSFER or view is None or view.proposed_agency is None:
        return rest
    proposed = view.case.proposed_agency_id
    if proposed is None:
        return rest
    others = tuple(one for one in rest if one.id != proposed)
    return (AgencyChoice(proposed, view.proposed_agency), *others)[:CHOICES]


def _outcome(draft: Draft, facts: DeskFacts) -> Screen:
    buttons = tuple(_set(draft, code, word(f"outcome.{code}")) for code in RESULTS)
    return (Line("desk.outcome"),), rows(buttons)


def _tick(draft: Draft, facts: DeskFacts) -> Screen:
    """What was asked and what is answered, and the button that says that the one fits the other (R62)."""
    lines = checking.shown(facts.view) if facts.view is not None else ()
    return (*lines, Line("desk.check.ask")), ((_button(draft, "tick"),),)


def _decision(draft: Draft, facts: DeskFacts) -> Screen:
    return (Line("desk.decision.ask"),), ()


def _fine(draft: Draft, facts: DeskFacts) -> Screen:
    return (Line("desk.fine.ask"),), ((_set(draft, str(WARNING), word("desk_button.warning")),),)


def _reason(draft: Draft, facts: DeskFacts) -> Screen:
    kind = REASON_LABEL[draft.verb]
    buttons = tuple(_set(draft, code, word(f"{kind}.{code}")) for code in REASONS[draft.verb])
    return (Line(f"desk.reason.{draft.verb}"),), rows(buttons)


def _days(draft: Draft, facts: DeskFacts) -> Screen:
    buttons = tuple(_set(draft, str(days), word(f"desk_button.days.{days}")) for days in BLOCK_DAYS)
    return (Line("desk.days"),), rows(buttons)


def _date(draft: Draft, facts: DeskFacts) -> Screen:
    buttons = tuple(_set(draft, at.isoformat(), short_day(at)) for at in facts.dates)
    when = "ahead" if FLOWS[draft.verb].ahead else "ask"
    asked = "promise" if draft.verb == Action.SUBMIT_RESULT else when
    return (Line(f"desk.date.{asked}"),), rows(buttons)


def _document(draft: Draft, facts: DeskFacts) -> Screen:
    return (Line("desk.document"),), ()


def _body(draft: Draft, facts: DeskFacts) -> Screen:
    return (Line("desk.body"),), ()


def _case(draft: Draft, facts: DeskFacts) -> Screen:
    return (Line("desk.case.ask"),), ()


def _category(draft: Draft, facts: DeskFacts) -> Screen:
    tree = facts.categories
    group = tree.find(draft.group)
    if group is None:
        return (Line("desk.category.ask"),), _category_rows(draft, tree.roots())
    line = Line("desk.category.inside", {"group": names(group.vi, group.en)})
    return (line,), (*_category_rows(draft, tree.children(group.code)), (_button(draft, "all"),))


def _category_rows(draft: Draft, nodes: tuple[Category, ...]) -> tuple[tuple[Button, ...], ...]:
    return rows(tuple(_set(draft, node.code, names(node.vi, node.en)) for node in nodes))


def _place(draft: Draft, facts: DeskFacts) -> Screen:
    return (Line("desk.place.ask"),), ((_button(draft, "pick_area"),),)


def _area(draft: Draft, facts: DeskFacts) -> Screen:
    areas: tuple[Area, ...] = (facts.named or facts.areas)[:CHOICES]
    if draft.place is not None and facts.located is not None:
        areas = facts.located.areas
    buttons = tuple(_set(draft, one.code, names(one.names.vi, one.names.en)) for one in areas)
    keep = () if draft.area_only else ((_button(draft, "keep_area"),),)
    old = {one.formerly for one in areas}
    was = old.pop() if len(old) == 1 else None  # searched by an old name: what was meant, and what it is now
    before = (Line("desk.area.formerly", {"formerly": names(was.vi, was.en)}),) if was else ()
    return (*before, Line("desk.area.ask" if areas else "desk.area.none")), (*rows(buttons), *keep)


def _words(draft: Draft, facts: DeskFacts) -> Screen:
    return (Line(_words_key(draft)),), (*_ready_words(draft), *_stock(draft, facts), *_start_again(draft))


def _ready_words(draft: Draft) -> tuple[tuple[Button, ...], ...]:
    """In an emergency nobody should have to type."""
    if draft.verb != Action.INTERIM:
        return ()
    return rows(tuple(_button(draft, "say", name, word(f"desk_button.say.{name}")) for name in MEANWHILE))


def _stock(draft: Draft, facts: DeskFacts) -> tuple[tuple[Button, ...], ...]:
    """The unit's own replies; a tap shows one as the preview, where it is sent or typed anew (R43)."""
    if draft.text or draft.verb not in STOCK:
        return ()
    return rows(tuple(_button(draft, "stock", str(one.id), text(one.title)) for one in facts.stock))


def _words_key(draft: Draft) -> str:
    if draft.verb != Action.SUBMIT_RESULT:
        return f"desk.words.{draft.verb}"
    if draft.text:
        return "desk.words.photo_missing"
    if draft.media:
        return "desk.words.text_missing"
    return "desk.words.result_with_photo" if needs_photo(draft) else "desk.words.submit_result"


def _start_again(draft: Draft) -> tuple[tuple[Button, ...], ...]:
    """Ways back from the words: the choice before them, and the photos sent so far."""
    again = (_button(draft, "again"),) if FLOWS[draft.verb].asks[0] != "words" else ()
    photos = (_button(draft, "no_photos"),) if draft.media else ()
    return rows((*again, *photos))


def _preview(draft: Draft, facts: DeskFacts) -> Screen:
    send = "send" if draft.verb in TO_CITIZEN else "confirm"
    confirm = _button(draft, "send", str(draft.revision), word(f"desk_button.{send}"))
    lines = [Line(f"desk.preview.{draft.verb}", _chosen(draft, facts)), *_beside(draft, facts)]
    if draft.text:
        lines.append(Line("desk.preview.words", {"text": text(marked(draft.text, draft, facts))}))
    if draft.media:
        lines.append(Line("desk.preview.media", {"count": number(len(draft.media))}))
    if exposed(draft, facts):
        lines.append(Line("desk.held_back"))
        confirm = _button(draft, "hide")
    words_of_others = FLOWS[draft.verb].asks == ("preview",) or draft.verb == Action.ACCEPT_RESULT
    edit = () if words_of_others else (_button(draft, "edit"),)
    return tuple(lines), ((confirm, *edit),)


def exposed(draft: Draft, facts: DeskFacts) -> bool:
    """Whether what would leave the authorities holds personal data; then it is shown where, and not sent."""
    kinds = CHECKED.get(draft.verb)
    return bool(kinds and facts.censor.find(f"{draft.text}\n{draft.reference}", kinds))


def marked(words: str, draft: Draft, facts: DeskFacts) -> str:
    """Words of the draft with a sign around every place."""
    kinds = CHECKED.get(draft.verb)
    return facts.censor.marked(words, kinds) if kinds else words


def _beside(draft: Draft, facts: DeskFacts) -> tuple[Line, ...]:
    """What the move is about besides the words: the other case, the document, what is being granted."""
    view = facts.view
    if draft.verb == Action.GRANT_EXTENSION and view is not None:
        return (Line("desk.preview.words", {"text": text(view.extension_text)}),)
    if draft.verb == Action.ACCEPT_RESULT and view is not None:
        return (Line("desk.preview.words", {"text": text(view.result_text)}),)
    if draft.outcome == NOT_POSSIBLE and draft.reason:
        return (obstacle_line("notice", draft.reason),)
    if draft.fine is not None:
        return (sanction_line("notice", draft.reference, draft.fine),)
    if draft.verb == Action.SUBMIT_RESULT and draft.until:
        return (Line("desk.preview.promise", {"date": date(datetime.fromisoformat(draft.until))}),)
    if draft.verb == Action.REQUEST_EXTENSION and draft.reference:
        return (Line("desk.preview.document", {"document": text(marked(draft.reference, draft, facts))}),)
    return ()


def _chosen(draft: Draft, facts: DeskFacts) -> dict[str, Value]:
    """What was chosen by button, for the preview's first line."""
    view = facts.view
    values: dict[str, Value] = {"days": word(f"desk_button.days.{draft.days}")} if draft.days else {}
    if draft.outcome:
        values["outcome"] = word(f"outcome.{draft.outcome}")
    if draft.reason:
        values["reason"] = word(f"{REASON_LABEL[draft.verb]}.{draft.reason}")
    if draft.agency is not None:
        values["agency"] = draft.agency
    if draft.until:
        values["date"] = date(datetime.fromisoformat(draft.until))
    if draft.other:
        values["other"] = text(draft.other)
    if draft.verb == Action.GRANT_EXTENSION and view is not None and view.case.extension_until is not None:
        values["date"] = date(view.case.extension_until)
    if draft.verb == Action.REFER_OUT:
        values["body"] = text(marked(draft.reference, draft, facts))
    return values


_SCREENS: dict[str, Callable[[Draft, DeskFacts], Screen]] = {
    "agency": _agency,
    "helper": _helper,
    "outcome": _outcome,
    "tick": _tick,
    "decision": _decision,
    "fine": _fine,
    "reason": _reason,
    "days": _days,
    "category": _category,
    "place": _place,
    "date": _date,
    "document": _document,
    "body": _body,
    "case": _case,
    "area": _area,
    "words": _words,
    "preview": _preview,
}
