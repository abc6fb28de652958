"""Who hears what when a case moves: one table from move to messages, cards and timers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workflows.actions import Action
from workflows.case import reasons, results, support
from workflows.case.cards import holder, promise, rating_buttons, state_word
from workflows.case.model import Case, CaseEvent, Role, State
from workflows.case.urgency import is_proposed
from workflows.case.view import CaseView, Names
from workflows.effects import (
    Effect,
    Lane,
    Recipient,
    Say,
    ShowCard,
    ToAbove,
    ToAgency,
    ToOperators,
    ToReporter,
    WakeAt,
    Withdraw,
)
from workflows.frozen import frozen
from workflows.messages import Line, Message, Value, choice, moment, names, number, text, word

A = Action
URGENT = "urgent"  # purpose of what people are told while a case is urgent: it must arrive, and is soon no news

# What a timer of a case asks for when it fires: ``TimerFired.about`` is the action's value. A timer that comes
# when the case has moved on is refused by the table (its state or its time does not fit), so it does no harm.
TIMERS: dict[str, Action] = {
    action.value: action for action in (A.REMIND_ANSWER, A.GIVE_UP_ASKING, A.CLOSE_UNRATED, A.RESUME, A.REMIND_SUPPORT)
}


@frozen
class Told:
    """What a message is made of: the case before and after, and the event between."""

    before: Case | None
    event: CaseEvent
    view: CaseView

    @property
    def case(self) -> Case:
        """The case after the event."""
        return self.view.case


Maker = Callable[[Told], Message | None]  # None: nothing to say in this case
Timer = tuple[Action, Callable[[Told], tuple[datetime, ...]]]


@frozen
class Hears:
    """Who hears of one move. ``holder`` is the group that has the case after it, ``helper`` those whose task it is.

    ``supervisor``: the agency that supervises an enterprise with the case; ``above``: the one above the holder.
    ``purpose`` says what the citizen's reply to the message means. ``fresh``: the holder's card is posted anew, because
    there is new work in it; ``decided``: the operators' is, because they decide next. ``quiet``: not even the cards
    change.
    """

    reporter: Maker | None = None
    holder: Maker | None = None
    operators: Maker | None = None
    supervisor: Maker | None = None
    above: Maker | None = None
    helper: Maker | None = None
    purpose: str = "notice"
    timers: tuple[Timer, ...] = ()
    fresh: bool = False
    decided: bool = False
    quiet: bool = False


def notices(case_id: int, before: Case | None, event: CaseEvent, view: CaseView) -> tuple[Effect, ...]:
    """Everything that follows from ``event``: messages, cards to be brought up to date, and timers.

    ``before`` is the case before the event (None for T1), ``view.case`` the case after it.
    """
    hears = HEARS[event.move, event.action]
    told = Told(before, event, view)
    taken = _taken_back(case_id, told)
    return (*taken, *_said(case_id, hears, told), *_shown(case_id, hears, told), *_timers(case_id, hears, told))


def _taken_back(case_id: int, told: Told) -> tuple[Effect, ...]:
    """A case about officials leaves nothing behind in a group that it leaves (R61, invariant 6)."""
    before, case = told.before, told.case
    if before is None or not case.sensitive:
        return ()
    gone = before.agency_id is not None and before.agency_id != case.agency_id
    left = gone or not before.sensitive or before.sealed != case.sealed
    return (Withdraw(case_id),) if left else ()


def holding(case: Case) -> Recipient:
    """The group that has to act: the agency's, or the operators' while no agency holds the case."""
    return ToOperators() if case.agency_id is None else ToAgency(case.agency_id)


def _said(case_id: int, hears: Hears, told: Told) -> tuple[Effect, ...]:
    makers: list[tuple[Recipient, Maker | None, str]] = [
        (ToReporter(case_id), hears.reporter, hears.purpose),
        (holding(told.case), hears.holder, "card"),
    ]
    makers += [(ToAgency(unit), hears.helper, "card") for unit in _concerned(told)]
    makers += [(to, maker, "card") for to, maker in _over_the_holder(hears, told.case)]
    if not (hears.holder and _with_operators(told.case)):
        makers.append((ToOperators(), hears.operators, "card"))
    messages = ((to, maker(told), purpose) for to, maker, purpose in makers if maker)
    return tuple(Say(to, said, Lane.NOTICE, case_id, purpose) for to, said, purpose in messages if said)


def _over_the_holder(hears: Hears, case: Case) -> tuple[tuple[Recipient, Maker | None], ...]:
    """Who stands over the unit that holds the case; nobody does while it is sensitive."""
    if case.agency_id is None or case.sensitive:
        return ()
    supervisor = () if case.supervisor_id is None else ((ToAgency(case.supervisor_id), hears.supervisor),)
    return (*supervisor, (ToAbove(case.agency_id), hears.above))


def _above(told: Told) -> tuple[Recipient, ...]:
    """The agency above may have asked for the card; not before there was one."""
    case, early = told.case, told.event.action in (A.OPEN, A.ASSIGN)
    return () if early or case.agency_id is None or case.sensitive else (ToAbove(case.agency_id),)


def _supervising(told: Told) -> tuple[Recipient, ...]:
    """Who checks an enterprise's result, now or until now: their card changes as well."""
    found = (one.supervisor_id for one in (told.case, told.before) if one is not None and not one.sensitive)
    return tuple(ToAgency(agency_id) for agency_id in found if agency_id is not None)


def _with_operators(case: Case) -> bool:
    """Whether the operators have heard already, being the holder."""
    return isinstance(holding(case), ToOperators)


def _shown(case_id: int, hears: Hears, told: Told) -> tuple[Effect, ...]:
    """Every group that has the case's card sees it change; the one that lost the case is shown where it went."""
    if hears.quiet:
        return ()
    now = holding(told.case)
    asked = tuple(ToAgency(unit) for unit in _asked(told))
    groups = dict.fromkeys((now, ToOperators(), *_former(told), *_helping(told), *_supervising(told), *_above(told)))
    decided = (ToOperators(),) if hears.decided or _is_proposed(told) else ()
    anew = {*((now,) if hears.fresh else ()), *decided, *asked}
    return tuple(ShowCard(group, case_id, repost=group in anew) for group in groups)


def _former(told: Told) -> tuple[Recipient, ...]:
    return () if told.before is None else (holding(told.before),)


def _helping(told: Told) -> tuple[Recipient, ...]:
    """Units that help, or did until now: their cards change as well."""
    units = (*support.helpers(told.case), *(support.helpers(told.before) if told.before else ()))
    return tuple(ToAgency(unit) for unit in units)


def _asked(told: Told) -> tuple[int, ...]:
    """Whom this event asked for help."""
    return (told.event.data["target_agency_id"],) if told.event.action is A.ASK_SUPPORT else ()


def _concerned(told: Told) -> tuple[int, ...]:
    """The units whose tasks this event has changed."""
    before = told.before.tasks if told.before else ()
    return tuple(task.agency_id for task in told.case.tasks if task not in before)


def _timers(case_id: int, hears: Hears, told: Told) -> tuple[Effect, ...]:
    version = told.case.version
    return tuple(WakeAt(at, action.value, version, case_id) for action, times in hears.timers for at in times(told))


# --- when to come back ---


def _reminders(told: Told) -> tuple[datetime, ...]:
    return told.case.reminders_at


def _answer_due(told: Told) -> tuple[datetime, ...]:
    return (told.case.answer_due,) if told.case.answer_due else ()


def _rating_end(told: Told) -> tuple[datetime, ...]:
    return (told.case.rating_until,) if told.case.rating_until else ()


def _resume(told: Told) -> tuple[datetime, ...]:
    return (told.case.resume_at,) if told.case.resume_at else ()


def _support_dues(told: Told) -> tuple[datetime, ...]:
    return tuple(task.due for task in support.open_tasks(told.case) if not task.reminded)


_ASKED: tuple[Timer, ...] = ((A.REMIND_ANSWER, _reminders), (A.GIVE_UP_ASKING, _answer_due))
_RATING: tuple[Timer, ...] = ((A.CLOSE_UNRATED, _rating_end),)


# --- the messages ---


def _values(told: Told) -> dict[str, Value]:
    """What every notice may mention. Words of the event are whatever the actor said with it."""
    case, view = told.case, told.view
    values = {
        "code": text(case.code),
        "agency": holder(view),
        "category": _name(view.category),
        "state": state_word(case.state),
        "words": text(view.last_words),
        "question": text(view.question_text),
        "at": moment(told.event.at),
        "master": text(view.master_code),
        "body": text(view.outside_text),
        "explanation": text(view.extension_text),
        "document": text(view.document_text),
    }
    dues = {
        "due": promise(case.resolve_due) if case.resolve_due else None,
        "forward_due": promise(case.forward_due) if case.forward_due else None,
        "latest_due": promise(case.promised_due) if case.promised_due else None,
        "answer_due": promise(case.answer_due) if case.answer_due else None,
        "until": promise(case.rating_until) if case.rating_until else None,
        "reply_due": promise(case.interaction_due) if case.interaction_due else None,
        "first_due": promise(case.first_due) if case.first_due else None,
        "pledge_due": promise(case.pledged_until) if case.pledged_until else None,
        "thread_due": promise(case.thread_due) if case.thread_due else None,
        "check_due": promise(case.check_due) if case.check_due else None,
        "asked_due": promise(case.extension_until) if case.extension_until else None,
        "master_due": promise(view.master_due) if view.master_due else None,
    }
    return values | {name: due for name, due in dues.items() if due is not None}


def _name(of: Names) -> Value:
    return names(of.vi, of.en)


def _plain(*keys: str) -> Maker:
    """A message of these paragraphs with the usual values."""
    return lambda told: _lines(told, *keys)


def _code_alone(told: Told) -> Line:
    return Line("notice.code", {"code": text(told.case.code)})


def _receipt(told: Told) -> Message:
    """What was received and what is promised; of a sealed case also that only the inspection line reads it (R61)."""
    closed = (Line("notice.received_sealed"),) if told.case.sealed else ()
    return Message((Line("notice.received"), _code_alone(told), *closed, *_promises(told), *told.view.banners))


def _assigned(told: Told) -> Message:
    """The due date, and why it is earlier than the latest told at reception when it is."""
    case = told.case
    earlier = case.promised_due and case.resolve_due and case.resolve_due < case.promised_due
    if case.agency_id is None:
        return _lines(told, "notice.kept_earlier" if earlier else "notice.kept")
    return _lines(told, "notice.assigned_earlier" if earlier else "notice.assigned")


def _delegated(told: Told) -> Message | None:
    """A citizen hears when another unit takes over, not which colleague does."""
    before = told.before.agency_id if told.before else None
    return _lines(told, "notice.transferred") if before != told.case.agency_id else None


def _unit_supervised(told: Told) -> Message | None:
    """A supervising agency hears when another unit takes over, not which colleague does."""
    before = told.before.agency_id if told.before else None
    return _lines(told, "notice.supervisor_assigned") if before != told.case.agency_id else None


def _answered(told: Told) -> Message:
    by_citizen = told.event.role is Role.CITIZEN
    return _lines(told, "notice.answer_passed" if by_citizen else "notice.answer_waived")


def _answer_for_holder(told: Told) -> Message:
    if told.event.role is Role.CITIZEN:
        return _heard(told, "notice.holder_answer")
    return Message((Line("notice.holder_go_on", _values(told)),), media=told.view.last_media)


def _urgent(told: Told) -> Message | None:
    """The operators need not be told what they have just said themselves."""
    return None if _with_operators(told.case) else _lines(told, "notice.holder_urgent")


def _meanwhile(told: Told) -> Message:
    """How it stands, from whoever says it: the unit, or the operators in its stead."""
    by_team = told.event.role in (Role.OPERATOR, Role.ADMIN)
    return _lines(told, "notice.interim_team" if by_team else "notice.interim")


def _is_proposed(told: Told) -> bool:
    """The rules propose to mark it urgent: the operators see its card at once, whoever it goes to."""
    return told.event.action is A.OPEN and is_proposed(told.case)


def _heard(told: Told, key: str, **more: Value) -> Message:
    """What the citizen said, for the group; another text when it was pictures only."""
    said = key if told.view.last_words else f"{key}_media"
    return Message((Line(said, _values(told) | more),), media=told.view.last_media)


def _shown_by_citizen(key: str) -> Maker:
    """Pictures with the citizen's words; words alone are on the fresh card already."""
    return lambda told: _heard(told, key) if told.view.last_media else None


def _cancelled(told: Told) -> Message:
    """Reason, words and the next step (words.md, rule 4)."""
    code = told.case.cancel_reason
    values = _values(told) | {"reason": word(reasons.label("cancel", code))}
    lines = [Line("notice.cancelled", values)]
    if told.view.last_words:
        lines.append(Line("notice.cancelled_words", values))
    return Message((*lines, Line(f"notice.next.{code}", values)))


def _transfer_asked(told: Told) -> Message:
    """The citizen hears the listed reason; the officer's own words stay among the authorities."""
    code = told.case.transfer_reason
    if not code or code == "other":
        return _lines(told, "notice.transfer_asked")
    reason = word(reasons.label("transfer", code))
    return Message((Line("notice.transfer_asked_reason", _values(told) | {"reason": reason}),))


def _result(told: Told) -> Message:
    """What was done, pictures before and after, and the question how it was."""
    view, case = told.view, told.case
    values = _values(told) | {
        "result": text(view.result_text),
        "outcome": word(reasons.label("outcome", case.outcome)),
    }
    lines = [Line("notice.resolved" if case.state is State.RESOLVED else "notice.answered", values)]
    lines += results.beside(view, "notice")
    if case.pledged_until is not None:
        lines.append(Line("notice.pledged", values))
    # The two in one first; where it could not be made, or shows only two of several, the others follow it.
    media = ((view.pair,) if view.pair else ()) + view.media + view.result_media if view.result_media else ()
    if media:
        lines.append(Line("notice.photos"))
    lines.append(Line("notice.rate", values))
    return Message(tuple(lines), buttons=rating_buttons(view), media=media)


def _to_check(told: Told) -> Message | None:
    """The unit above is called where it checks what those below it have done."""
    case = told.case
    wanted = case.state is State.RESULT_SUBMITTED and case.checker == "supervisor"
    return _lines(told, "notice.above_check") if wanted else None


def _upheld(told: Told) -> Message:
    said = _lines(told, "notice.upheld", "notice.rate", "notice.may_appeal")
    return replace(said, buttons=rating_buttons(told.view))


def _thanks(told: Told) -> Message:
    """A joint case stays open until everybody has rated."""
    return _lines(told, "notice.thanks" if told.case.state is State.CLOSED else "notice.thanks_joint")


def _merged(told: Told) -> Message:
    """Where the case went on, and until when, as far as that is promised; by whoever wanted it so."""
    if told.event.role is Role.CITIZEN:
        return _lines(told, "notice.joined_due" if told.view.master_due else "notice.joined")
    return _lines(told, "notice.merged_due" if told.view.master_due else "notice.merged")


def _brought(told: Told) -> Message | None:
    """What somebody brought along who joined; the operators know what they merged themselves."""
    if told.event.role is not Role.CITIZEN:
        return None
    return _heard(told, "notice.holder_joined", count=number(len(told.case.reporters)))


def _chained(told: Told) -> Message | None:
    """From the time on that the policy names, the head of the unit is called upon (R52)."""
    alarm = told.view.alarm
    if not alarm or told.view.turn < alarm:
        return None
    return Message((Line("notice.holder_chronic", _values(told) | {"turn": number(told.view.turn)}),))


def _referred_out(told: Told) -> Message:
    reason = word(reasons.label("refer", str(told.event.data["reason"])))
    return Message((Line("notice.referred_out", _values(told) | {"reason": reason}),))


def _received_again(key: str) -> Maker:
    """Why it is with the operators again, and the new dates."""

    def make(told: Told) -> Message:
        return Message((Line(key, _values(told)), *_promises(told)))

    return make


def _promises(told: Told) -> tuple[Line, ...]:
    values = _values(told)
    keys = [key for key, due in (("forward", "forward_due"), ("latest", "latest_due")) if due in values]
    return tuple(Line(f"notice.received_{key}", values) for key in keys)


def _extended(told: Told) -> Message:
    """Why, until when, and what was promised before (R15)."""
    return _lines(told, "notice.extended", "notice.extended_words")


def _resumed(told: Told) -> Message | None:
    """The holder is called when the timer takes the case up; who did it by hand knows."""
    return _lines(told, "notice.holder_resumed") if told.event.role is Role.TIMER else None


def _document(told: Told) -> Message | None:
    """A picture of the report to the competent authority; its number and the rest are on the fresh card."""
    if not told.view.last_media:
        return None
    return Message((Line("notice.operators_document", _values(told)),), media=told.view.last_media)


def _wrote(told: Told) -> Message:
    """The citizen's message, with the day by which an answer is due (R79)."""
    return _heard(told, "notice.holder_added")


def _corrected(told: Told) -> Message | None:
    """A message where the citizen was told otherwise (T33)."""
    before = told.before
    if before is None or (before.state, before.outcome, before.resolve_due, before.agency_id) == (
        told.case.state,
        told.case.outcome,
        told.case.resolve_due,
        told.case.agency_id,
    ):
        return None
    return _lines(told, "notice.corrected")


def _became(told: Told) -> Message | None:
    """The reporter hears who sees the case from now on, when that has changed (R61)."""
    if told.before is None or told.before.sensitive == told.case.sensitive:
        return None
    if not told.case.sensitive:
        return _lines(told, "officials.ordinary_again")
    return _lines(told, "officials.set_line" if told.case.sealed else "officials.set_team")


def _promise_kept(told: Told) -> Message:
    """What was promised is done; with an apology where it is done late."""
    case = told.case
    late = case.pledged_until is not None and told.event.at > case.pledged_until
    said = Line("notice.promise_kept_late" if late else "notice.promise_kept", _values(told))
    return Message((said,), media=told.view.last_media)


def _rated_low(told: Told) -> Message:
    """The reason is asked once; after that the rating simply stands (T23b)."""
    asked_before = told.before is not None and told.before.rating in reasons.LOW_RATINGS
    if asked_before or told.case.disputed:
        return _lines(told, "notice.rated_low_stands")
    again = choice(f"k:{told.view.id}:dispute", "card_button.dispute")
    return Message((Line("notice.rated_low", _values(told)),), buttons=((again,),))


def _support_answered(key: str) -> Maker:
    """What a unit that helps has answered, with its pictures; and that nothing more is awaited, when that is so."""

    def make(told: Told) -> Message:
        unit = told.event.data["target_agency_id"]
        values = _values(told) | {"helper": _helper(told, unit)}
        if told.event.data.get("reason"):
            values["reason"] = word(reasons.label("decline", told.event.data["reason"]))
        lines = [Line(key, values)]
        if not support.open_tasks(told.case):
            lines.append(Line("notice.support_all_in", values))
        return Message(tuple(lines), media=told.view.last_media)

    return make


def _support_late(told: Told) -> Message:
    late = [task.agency_id for task in told.case.tasks if task.reminded and task.state == "open"]
    return Message(tuple(Line("notice.holder_support_late", _values(told) | {"helper": _helper(told, unit)})
                         for unit in late))  # fmt: skip


def _helper(told: Told, unit: int) -> Value:
    """A helping unit's names."""
    found = next((task.agency for task in told.view.tasks if task.agency_id == unit), None)
    return _name(found) if found else word("card.team")


def _lines(told: Told, *keys: str) -> Message:
    values = _values(told)
    return Message(tuple(Line(key, values) for key in keys))


# --- the table ---

HEARS: dict[tuple[str, Action], Hears] = {
    ("T1", A.OPEN): Hears(reporter=_receipt),
    ("T3", A.ASK): Hears(reporter=_plain("notice.question"), purpose="question", timers=_ASKED),
    ("T4", A.ANSWER): Hears(reporter=_answered, holder=_answer_for_holder),
    ("T5", A.GIVE_UP_ASKING): Hears(reporter=_cancelled),
    ("T5b", A.GIVE_UP_ASKING): Hears(reporter=_plain("notice.no_answer"), holder=_plain("notice.holder_no_answer")),
    ("T6", A.CANCEL): Hears(reporter=_cancelled),
    ("T7", A.MERGE): Hears(reporter=_merged),
    ("T8", A.REFER_OUT): Hears(reporter=_referred_out),
    ("T9", A.ASSIGN): Hears(reporter=_assigned, supervisor=_plain("notice.supervisor_assigned")),
    ("T10", A.CLAIM): Hears(reporter=_plain("notice.claimed")),
    ("T11", A.DELEGATE): Hears(reporter=_delegated, supervisor=_unit_supervised),
    ("T12", A.REQUEST_TRANSFER): Hears(reporter=_transfer_asked, decided=True),
    ("T13", A.TRANSFER): Hears(reporter=_plain("notice.transferred"), supervisor=_plain("notice.supervisor_assigned")),
    ("T14", A.REFUSE_TRANSFER): Hears(
        reporter=_plain("notice.transfer_refused"), holder=_plain("notice.holder_transfer_refused")
    ),
    ("T15", A.ASK): Hears(reporter=_plain("notice.question"), purpose="question", timers=_ASKED),
    ("T16", A.GRANT_EXTENSION): Hears(
        reporter=_extended, holder=_plain("notice.holder_extended"), timers=((A.RESUME, _resume),)
    ),
    ("T17", A.RESUME): Hears(holder=_resumed),
    ("T18", A.SUBMIT_RESULT): Hears(above=_to_check),
    ("T19", A.ACCEPT_RESULT): Hears(reporter=_result, purpose="result", timers=_RATING),
    ("T20", A.ACCEPT_RESULT): Hears(reporter=_result, purpose="result", timers=_RATING),
    ("T21", A.RETURN_RESULT): Hears(holder=_plain("notice.holder_result_returned")),
    ("T22", A.RATE): Hears(reporter=_thanks),
    ("T22", A.CLOSE_UNRATED): Hears(reporter=_plain("notice.closed")),
    ("T23", A.DISPUTE): Hears(
        reporter=_plain("notice.disputed"),
        holder=_shown_by_citizen("notice.holder_disputed"),
        operators=_shown_by_citizen("notice.holder_disputed"),
        fresh=True,
        decided=True,
    ),
    ("T23", A.RATE): Hears(
        reporter=_plain("notice.disputed"),
        holder=_shown_by_citizen("notice.holder_disputed"),
        operators=_shown_by_citizen("notice.holder_disputed"),
        fresh=True,
        decided=True,
    ),
    ("T23b", A.RATE): Hears(reporter=_rated_low, purpose="result"),
    ("T24", A.REWORK): Hears(reporter=_plain("notice.rework"), fresh=True),
    ("T25", A.UPHOLD): Hears(reporter=_upheld, purpose="result", timers=_RATING),
    ("T25b", A.APPEAL): Hears(
        reporter=_plain("notice.appealed"),
        operators=_shown_by_citizen("notice.holder_disputed"),
        decided=True,
    ),
    ("T26", A.CLOSE_FINALLY): Hears(
        reporter=_plain("notice.closed_finally"), holder=_plain("notice.holder_closed_finally")
    ),
    ("T27", A.DISPUTE): Hears(
        reporter=_plain("notice.disputed"),
        holder=_shown_by_citizen("notice.holder_disputed"),
        operators=_shown_by_citizen("notice.holder_disputed"),
        fresh=True,
        decided=True,
    ),
    ("T28", A.REVIVE): Hears(reporter=_received_again("notice.revived"), decided=True),
    ("T29", A.UNMERGE): Hears(reporter=_received_again("notice.unmerged"), decided=True),
    ("T30", A.TAKE_BACK): Hears(reporter=_received_again("notice.taken_back"), decided=True),
    ("T31", A.WITHDRAW): Hears(reporter=_plain("notice.withdrawn"), holder=_plain("notice.holder_withdrawn")),
    ("T32", A.SET_URGENT): Hears(holder=_urgent),
    ("T32", A.CLEAR_URGENT): Hears(),
    ("", A.CORRECT_CATEGORY): Hears(reporter=_became),
    ("", A.SET_SENSITIVE): Hears(reporter=_became, decided=True),
    ("", A.CLEAR_SENSITIVE): Hears(reporter=_became, decided=True),
    ("", A.NAME_UNIT): Hears(),
    ("", A.TAKE_CALL): Hears(),
    ("", A.INTERIM): Hears(reporter=_meanwhile, purpose=URGENT),
    ("", A.MAKE_SAFE): Hears(
        reporter=_plain("notice.made_safe"), operators=_plain("notice.operators_safe"), purpose=URGENT
    ),
    ("", A.CORRECT_PLACE): Hears(),
    ("", A.NOTE): Hears(quiet=True),
    ("T33", A.CORRECT): Hears(
        reporter=_corrected,
        holder=_plain("notice.holder_corrected"),
        timers=(*_ASKED, *_RATING, (A.RESUME, _resume)),  # whatever waited before waits again
    ),
    ("", A.ADD): Hears(reporter=_plain("notice.added"), holder=_wrote),
    ("", A.KEEP_PROMISE): Hears(reporter=_promise_kept),
    ("", A.REPLY): Hears(reporter=_plain("notice.reply")),
    ("", A.REQUEST_EXTENSION): Hears(operators=_document, above=_plain("notice.above_extension"), decided=True),
    ("", A.PROPOSE_CANCEL): Hears(decided=True),
    ("", A.PROPOSE_MERGE): Hears(decided=True),
    ("", A.REFUSE_PROPOSAL): Hears(holder=_plain("notice.holder_proposal_refused")),
    ("", A.REFUSE_EXTENSION): Hears(holder=_plain("notice.holder_extension_refused")),
    ("", A.ASK_REVIVAL): Hears(
        reporter=_plain("notice.revival_asked"),
        operators=_shown_by_citizen("notice.operators_revival"),
        decided=True,
    ),
    ("", A.JOIN): Hears(holder=_brought),
    ("", A.PART): Hears(),
    ("", A.ASK_SUPPORT): Hears(timers=((A.REMIND_SUPPORT, _support_dues),)),
    ("", A.ANSWER_SUPPORT): Hears(holder=_support_answered("notice.support_done")),
    ("", A.DECLINE_SUPPORT): Hears(holder=_support_answered("notice.support_declined")),
    ("", A.WAIVE_SUPPORT): Hears(helper=_plain("notice.support_waived")),
    ("", A.REMIND_SUPPORT): Hears(helper=_plain("notice.support_late"), holder=_support_late),
    ("", A.LEAVE): Hears(reporter=_plain("notice.left"), quiet=True),
    ("", A.CHAIN): Hears(holder=_chained),
    ("", A.UNCHAIN): Hears(),
    ("", A.REMIND_ANSWER): Hears(reporter=_plain("notice.question_again"), purpose="question"),
}
