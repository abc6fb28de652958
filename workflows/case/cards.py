"""How a case looks: its card in a group, and where it stands for its reporter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflows.actions import Action
from workflows.case import reasons, results, urgency
from workflows.case.model import ENDED, FINISHED, OVER, WITH_RESULT, Case, State
from workflows.case.moves import ROWS, button_of
from workflows.case.view import CaseView, Names, Twin
from workflows.messages import Button, Line, Link, Message, Value, choice, date, moment, names, number, text, word

PER_ROW = 2
LAST_BROUGHT = 3  # texts of those who joined that a card shows
# What brings the case on stands first, so that "1" typed is the ordinary next step; what is left follows the table.
FIRST = (
    Action.CLAIM,
    Action.TAKE_CALL,
    Action.SUBMIT_RESULT,
    Action.ACCEPT_RESULT,
    Action.ASSIGN,
    Action.TRANSFER,
    Action.GRANT_EXTENSION,
    Action.REWORK,
    Action.UPHOLD,
    Action.CLOSE_FINALLY,
    Action.REVIVE,
    Action.RESUME,
    Action.INTERIM,
    Action.MAKE_SAFE,
    Action.KEEP_PROMISE,
    Action.REPLY,
    Action.ANSWER_SUPPORT,
)
_NOTICED = ("danger", "urgent", "formal", "secret")  # what the rules noticed, in order of weight


def card(view: CaseView, actions: tuple[Action, ...], *, operators: bool = False) -> Message:
    """The case's one card in a group that may see it; its buttons are exactly ``actions`` (``d:<id>:<action>``).

    ``operators`` adds what only their group may know or do: what the rules noticed, and blocking the reporter.
    Who the reporter is stands nowhere in a view, so it cannot stand here.
    """
    lines = (
        head(view),
        *_signs(view.case, operators, view.now),
        *_concerned(view),
        _words(view),
        *_address(view),
        *_source(view),
        *_due(view),
        *degree_line(view),
        _standing(view),
        *_transfer(view),
        *_extension(view),
        *_supervised(view),
        *_proposal(view),
        *_talk(view),
        *_pledge(view),
        *_elsewhere(view),
        *_waiting(view),
        *_tasks(view),
        *_brought(view),
        *_twins(view, operators),
    )
    return Message(
        lines,
        buttons=rows(_card_buttons(view, actions, operators)),
        media=view.media,
        pin=(view.lat, view.lon) if view.lat is not None and view.lon is not None else None,
        links=() if view.case.sensitive else (Link("case", word("web_link.open_page")),),
    )


def gone_card(view: CaseView) -> Message:
    """What stays of the card in a group that no longer holds the case: where it went, and nothing else of it."""
    where = Line("card.gone", {"code": text(view.case.code), "agency": holder(view)})
    hidden = Line("card.gone_hidden", {"code": text(view.case.code)})
    return Message((hidden if view.case.sensitive else where,))


def status(view: CaseView, *, joiner: bool = False) -> Message:
    """Where a case stands, for its reporter: who holds it, what is promised until when, what happened when.

    ``joiner``: for somebody who joined it, and may leave it again.
    """
    case = view.case
    lines = (
        Line("card.status_head", {"code": text(case.code)}),
        Line("card.status_what", {"category": _name(view.category), "state": state_word(case.state)}),
        *_with_whom(view),
        *_promise(view),
        *_timeline(case),
        *_elsewhere(view),
        *_question_for_citizen(view),
        *_result_for_citizen(view),
        *_pledge(view),
    )
    return Message(lines, buttons=_citizen_buttons(view, joiner), media=results.pictures(view))


def rating_buttons(view: CaseView) -> tuple[tuple[Button, ...], ...]:
    """Five levels, best first (R107), and "not solved" while the citizen may still say so (T23, T25b)."""
    return rows(_rating(view))


def _rating(view: CaseView) -> list[Button]:
    buttons = [Button(f"k:{view.id}:rate:{level}", word(f"rating.{level}")) for level in view.levels]
    if not view.case.disputed:
        buttons.append(choice(f"k:{view.id}:dispute", "card_button.dispute"))
    elif may_appeal(view.case):
        buttons.append(choice(f"k:{view.id}:appeal", "card_button.appeal"))
    return buttons


def may_appeal(case: Case) -> bool:
    """Whether the citizen may ask for a leader's decision (T25b)."""
    return case.state in FINISHED and case.upheld and not case.appealed


def may_reopen(case: Case, now: datetime) -> bool:
    """Whether a closed case can still be disputed (T27)."""
    barred = case.disputed or case.final
    return case.state is State.CLOSED and not barred and case.revive_until is not None and now <= case.revive_until


def may_ask_revival(case: Case, now: datetime) -> bool:
    """Whether a cancelled case can still be asked to be taken up again (T28)."""
    ended = case.state is State.CANCELLED and not case.revival_asked
    return ended and case.revive_until is not None and now <= case.revive_until


def may_withdraw(case: Case) -> bool:
    """T31."""
    return (case.state, Action.WITHDRAW) in ROWS and not case.sensitive and not case.joined


def state_word(state: State) -> Value:
    """The state's label (domain.md 5.5)."""
    return word(reasons.label("state", state.value))


def holder(view: CaseView) -> Value:
    """Who holds the case: an agency's names, or the operations team."""
    return _name(view.agency) if view.agency else word("card.team")


def promise(at: datetime) -> Value:
    """A due instant in words: a day where it is good until the day's last moment, else the hour."""
    return date(at) if (at.second, at.microsecond) == (59, 999999) else moment(at)


def rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of at most two, in order."""
    return tuple(tuple(buttons[at : at + PER_ROW]) for at in range(0, len(buttons), PER_ROW))


def head(view: CaseView) -> Line:
    """Code, category and area on one line, as officers know a case."""
    values = {"code": text(view.case.code), "category": _name(view.category)}
    if view.area is None:
        return Line("card.head", values)
    return Line("card.head_area", values | {"area": _name(view.area)})


def _name(of: Names) -> Value:
    return names(of.vi, of.en)


def _urgent(case: Case, now: datetime) -> list[Line]:
    """That it is urgent, by when the citizen must hear of it, and that this is late when it is."""
    if not case.urgent:
        return []
    if case.urgent_due is not None:
        key = "card.urgent_late" if urgency.is_late(case, now) else "card.urgent_due"
        called = [Line("card.urgent_called")] if urgency.is_called(case) else []
        return [Line(key, {"due": moment(case.urgent_due)}), *called]
    if case.safe_at is not None:
        return [Line("card.urgent_safe", {"at": moment(case.safe_at)})]
    return [Line("card.urgent")]


def _signs(case: Case, operators: bool, now: datetime) -> tuple[Line, ...]:
    signs = _urgent(case, now)
    if case.sensitive:
        signs.append(Line("officials.card_line" if case.sealed else "card.sensitive"))
    if operators:
        noticed = (flag for flag in _NOTICED if flag in case.flags and _still_asks(case, flag))
        signs += [Line(f"card.flag_{flag}") for flag in noticed]
    if case.cycle > 1:
        signs.append(Line("card.again", {"count": number(case.cycle)}))
    if case.joined:
        signs.append(Line("card.joined", {"count": number(len(case.reporters))}))
    return tuple(signs)


def _concerned(view: CaseView) -> tuple[Line, ...]:
    """Which unit a sensitive case is about, for those who handle it."""
    if view.concerned is not None:
        return (Line("officials.card_unit", {"unit": _name(view.concerned)}),)
    return (Line("officials.card_unit", {"unit": text(view.concerned_text)}),) if view.concerned_text else ()


def _still_asks(case: Case, flag: str) -> bool:
    """What looks like danger is asked about until an operator decides; the rest only before the case is passed on."""
    return urgency.is_proposed(case) if flag in urgency.OF_DANGER else case.state is State.RECEIVED


def _words(view: CaseView) -> Line:
    return Line("card.words", {"text": text(view.text)}) if view.text else Line("card.no_words")


def _source(view: CaseView) -> tuple[Line, ...]:
    """How it came, where an operator took it down (R56); a citizen's own report needs no such line."""
    if not view.case.channel:
        return ()
    values = {"channel": word(f"channel.{view.case.channel}"), "number": text(view.source_number)}
    return (Line("source.line_number" if view.source_number else "source.line", values),)


def _address(view: CaseView) -> tuple[Line, ...]:
    return (Line("card.address", {"address": text(view.address)}),) if view.address else ()


def _due(view: CaseView) -> tuple[Line, ...]:
    """By when the group must act: answer a complaint, keep the promise to the citizen, or pass the case on."""
    case = view.case
    if case.state in OVER:
        return ()
    if case.interaction_due is not None:
        return (Line("card.interaction_due", {"due": promise(case.interaction_due)}),)
    if case.state is State.RESULT_SUBMITTED and case.check_due is not None:
        return (Line("card.check_due", {"due": promise(case.check_due)}),)
    if case.resolve_due is not None:
        return (_resolve_line(view, promise(case.resolve_due)),)
    return (Line("card.forward_due", {"due": promise(case.forward_due)}),) if case.forward_due else ()


def _resolve_line(view: CaseView, due: Value) -> Line:
    left = view.working_days_left
    if left is None:
        return Line("card.due", {"due": due})
    if left < 0:
        return Line("card.due_late", {"due": due, "days": number(-left)})
    if left == 0:
        return Line("card.due_today", {"due": due})
    return Line("card.due_days", {"due": due, "days": number(left)})


def degree_line(view: CaseView) -> tuple[Line, ...]:
    """How far the case is overdue, in terms."""
    return (Line("card.degree", {"count": number(view.degree)}),) if view.degree else ()


def _pledge(view: CaseView) -> tuple[Line, ...]:
    """The day that a result promised: still to come, passed, or kept (R111)."""
    case = view.case
    if case.pledged_until is None:
        return ()
    if case.pledge_kept_at is not None:
        return (Line("card.pledge_kept", {"at": moment(case.pledge_kept_at)}),)
    broken = view.now > case.pledged_until
    return (Line("card.pledge_broken" if broken else "card.pledge", {"due": promise(case.pledged_until)}),)


def _transfer(view: CaseView) -> tuple[Line, ...]:
    """Why the last holder passed it on, for those who decide and for the unit that gets it (R16)."""
    lines = []
    if view.case.transfer_reason:
        reason = word(reasons.label("transfer", view.case.transfer_reason))
        lines.append(Line("card.transfer_reason", {"reason": reason}))
    if view.transfer_text:
        lines.append(Line("card.transfer_words", {"text": text(view.transfer_text)}))
    return tuple(lines)


def _extension(view: CaseView) -> tuple[Line, ...]:
    """What was asked for, with what, and what was promised before (R15)."""
    case, lines = view.case, []
    if case.first_due is not None and case.state not in OVER:
        lines.append(Line("card.extended", {"first_due": promise(case.first_due)}))
    if case.extension_until is not None:
        asked = {"asked_due": promise(case.extension_until), "explanation": text(view.extension_text)}
        lines.append(Line("card.extension", asked))
    if view.document_text and lines:
        lines.append(Line("card.document", {"document": text(view.document_text)}))
    return tuple(lines)


def _supervised(view: CaseView) -> tuple[Line, ...]:
    """Who checks the results of the enterprise that holds the case."""
    if view.supervisor is None or view.case.state in ENDED:
        return ()
    return (Line("card.supervised", {"supervisor": _name(view.supervisor)}),)


def _proposal(view: CaseView) -> tuple[Line, ...]:
    """What the holder proposes to the operators (T6, T7)."""
    case = view.case
    if case.proposal == "cancel":
        reason = word(reasons.label("cancel", case.proposal_reason))
        return (Line("card.proposed_cancel", {"reason": reason, "text": text(view.proposal_text)}),)
    if case.proposal == "merge":
        return (Line("card.proposed_merge", {"other": text(view.proposal_code)}),)
    return ()


def _elsewhere(view: CaseView) -> tuple[Line, ...]:
    """Where a case went that is worked on elsewhere."""
    if view.case.state is State.MERGED and view.master_code:
        return (Line("card.merged", {"master": text(view.master_code)}),)
    if view.case.state is State.REFERRED_OUT and view.outside_text:
        return (Line("card.outside", {"body": text(view.outside_text)}),)
    return ()


def _waiting(view: CaseView) -> tuple[Line, ...]:
    """What the citizen waits for an answer to: an appeal, a request to look again, a message (R74)."""
    case, lines = view.case, []
    if case.appealed and case.state is State.REVIEW_REQUESTED:
        lines.append(Line("card.appealed"))
    if case.revival_asked:
        said = {"text": text(view.revival_text)}
        lines.append(Line("card.revival", said) if view.revival_text else Line("card.revival_media"))
    if case.thread_due is not None:
        values = {"text": text(view.thread_text), "due": promise(case.thread_due)}
        lines.append(Line("card.message" if view.thread_text else "card.message_media", values))
    return tuple(lines)


def _tasks(view: CaseView) -> tuple[Line, ...]:
    """Who was asked to help with what, until when, and what they answered; what was dropped is not shown."""
    lines = []
    for task in view.tasks:
        values = {"helper": _name(task.agency), "text": text(task.text), "due": promise(task.due)}
        if task.instrument:
            values["instrument"] = word(f"instrument.{task.instrument}")
        if task.state == "open":
            late = "_late" if task.due < view.now else ""
            lines.append(Line(f"card.task{late}_instrument" if task.instrument else f"card.task{late}", values))
        elif task.state == "done":
            lines.append(Line("card.task_done", values | {"answer": text(task.answer)}))
        elif task.state == "declined":
            reason = word(reasons.label("decline", task.reason))
            lines.append(Line("card.task_declined", values | {"answer": text(task.answer), "reason": reason}))
    return tuple(lines)


def _brought(view: CaseView) -> tuple[Line, ...]:
    """What those wrote who joined; the last few, for a card is read at one look."""
    said = (words for words in view.brought_texts[-LAST_BROUGHT:] if words)
    return tuple(Line("card.brought", {"text": text(words)}) for words in said)


def _twins(view: CaseView, operators: bool) -> tuple[Line, ...]:
    """What may be the same matter, for those who may merge; the same trouble again. A person decides about both."""
    case, lines = view.case, []
    if operators and view.alike and (case.state, Action.MERGE) in ROWS:
        lines.append(Line("card.alike", {"codes": text(", ".join(one.code for one in view.alike))}))
    if view.turn:
        lines.append(Line("card.chained", {"turn": number(view.turn)}))
    elif view.earlier and case.state not in ENDED:
        lines.append(_earlier(view.earlier))
    return tuple(lines)


def _earlier(cases: Sequence[Twin]) -> Line:
    last = cases[0]
    values = {"code": text(last.code), "turn": number(len(cases) + 1)}
    if last.ended_at is None:
        return Line("card.again_here", values)
    return Line("card.again_here_since", values | {"at": moment(last.ended_at)})


def _standing(view: CaseView) -> Line:
    case = view.case
    values = {"state": state_word(case.state), "agency": holder(view)}
    if case.state is State.CANCELLED and case.cancel_reason:
        return Line("card.cancelled", values | {"reason": word(reasons.label("cancel", case.cancel_reason))})
    if case.state is State.TRANSFER_REQUESTED and view.proposed_agency:
        return Line("card.proposed", values | {"proposed": _name(view.proposed_agency)})
    if view.holder_name:
        return Line("card.held", values | {"officer": text(view.holder_name)})
    return Line("card.standing", values)


def _talk(view: CaseView) -> tuple[Line, ...]:
    """What was asked, answered, replied and complained about, as far as it still matters."""
    case = view.case
    lines = []
    if view.question_text:
        lines.append(Line("card.question", {"text": text(view.question_text)}))
    if case.state is State.NEED_INFO and case.answer_due:
        lines.append(Line("card.waiting", {"due": promise(case.answer_due)}))
    if view.answer_text:
        lines.append(Line("card.answer", {"text": text(view.answer_text)}))
    if view.result_text:
        lines += [_result_line(view), *results.beside(view, "card")]
    if view.complaint_text:
        lines.append(Line("card.complaint", {"text": text(view.complaint_text)}))
    if case.rating is not None:
        lines.append(Line("card.rating", {"rating": word(f"rating.{case.rating}")}))
    return tuple(lines)


def _result_line(view: CaseView) -> Line:
    values = {"text": text(view.result_text)}
    if not view.case.outcome:
        return Line("card.former_result", values)
    return Line("card.result", values | {"outcome": word(reasons.label("outcome", view.case.outcome))})


def _card_buttons(view: CaseView, actions: tuple[Action, ...], operators: bool) -> list[Button]:
    first = (Action.SET_URGENT, *FIRST) if urgency.is_proposed(view.case) else FIRST
    ordered = (*(action for action in first if action in actions), *(one for one in actions if one not in first))
    buttons = [_card_button(view, action) for action in ordered if button_of(action)]
    if operators and view.alike and Action.MERGE in actions:
        buttons.append(choice(f"d:{view.id}:merge:{view.alike[0].id}", "card_button.merge_alike"))
    if view.turn:
        buttons.append(choice(f"d:{view.id}:spot", "card_button.spot"))
    if operators and view.case.state not in ENDED and not view.no_chat:
        buttons.append(choice(f"d:{view.id}:block", "card_button.block"))
    if view.case.state not in OVER:
        buttons.append(choice(f"d:{view.id}:why", "card_button.why"))
    return buttons


def _card_button(view: CaseView, action: Action) -> Button:
    if action is Action.ASSIGN and view.case.sensitive and not view.case.sealed:  # no inspection line: it is kept
        return choice(f"d:{view.id}:assign:0", "card_button.keep")
    return choice(f"d:{view.id}:{action.value}", button_of(action))


def _with_whom(view: CaseView) -> tuple[Line, ...]:
    if view.case.state in ENDED:
        return ()
    return (Line("card.status_holder", {"agency": holder(view)}),)


def _promise(view: CaseView) -> tuple[Line, ...]:
    case = view.case
    if case.state in OVER:
        return ()
    if case.state is State.REVIEW_REQUESTED and case.interaction_due:
        return (Line("card.status_review", {"agency": holder(view), "due": promise(case.interaction_due)}),)
    if case.resolve_due is not None:
        late = case.resolve_due < view.now
        due = Line("card.status_late" if late else "card.status_due", {"due": promise(case.resolve_due)})
        if case.first_due is None:
            return (due,)
        return (due, Line("card.status_extended", {"first_due": promise(case.first_due)}))
    lines = []
    if case.forward_due is not None:
        lines.append(Line("card.status_forward", {"due": promise(case.forward_due)}))
    if case.promised_due is not None:
        lines.append(Line("card.status_latest", {"due": promise(case.promised_due)}))
    return tuple(lines)


def _timeline(case: Case) -> tuple[Line, ...]:
    steps = (
        ("opened", case.opened_at),
        ("assigned", case.assigned_at),
        ("claimed", case.claimed_at),
        ("finished", case.finished_at),
        ("cancelled" if case.state is State.CANCELLED else "closed", case.closed_at),
    )
    return tuple(Line(f"card.when_{name}", {"at": moment(at)}) for name, at in steps if at is not None)


def _question_for_citizen(view: CaseView) -> tuple[Line, ...]:
    if view.case.state is not State.NEED_INFO or view.case.answer_due is None:
        return ()
    values = {"text": text(view.question_text), "due": promise(view.case.answer_due)}
    return (Line("card.status_question", values),)


def _result_for_citizen(view: CaseView) -> tuple[Line, ...]:
    case = view.case
    if case.state is State.CANCELLED and case.cancel_reason:
        reason = reasons.label("cancel", case.cancel_reason)
        return (Line("card.status_cancelled", {"reason": word(reason)}),)
    if not (view.result_text and case.outcome and case.state in (*WITH_RESULT, State.REVIEW_REQUESTED)):
        return ()
    values = {"outcome": word(reasons.label("outcome", case.outcome)), "text": text(view.result_text)}
    return (Line("card.status_result", values), *results.beside(view, "notice"))


def _citizen_buttons(view: CaseView, joiner: bool) -> tuple[tuple[Button, ...], ...]:
    """What the reporter can do by a tap; the conversation offers the same in the same order."""
    case = view.case
    taps = {
        "dispute": may_reopen(case, view.now),
        "ask_revival": may_ask_revival(case, view.now),
        "withdraw": may_withdraw(case),
        "leave": joiner and case.state not in ENDED,
        "add": (case.state, Action.ADD) in ROWS,
        "why": case.state not in OVER,
    }
    buttons = _rating(view) if case.state in FINISHED else []
    buttons += [choice(f"k:{view.id}:{verb}", f"card_button.{verb}") for verb, may in taps.items() if may]
    return rows(buttons)
