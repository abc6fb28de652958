"""Every move of a case as one table (domain.md 5.6); workflows/case/decide.py tries them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from workflows.actions import Action
from workflows.case import reasons, support
from workflows.case.guards import (
    MASTERS,
    after_photo,
    another_category,
    another_unit,
    answer_overdue,
    answers_question,
    appealed,
    as_it_was_sent,
    by_whom_it_is,
    checker,
    citizen_says_something,
    earlier_fits,
    extension_asked,
    head_or_delegate,
    helper_fits,
    in_branch,
    in_time,
    is_chained,
    is_urgent,
    later_date,
    master_fits,
    message_waits,
    no_extension_asked,
    no_proposal,
    nobody_joined,
    not_appealed,
    not_sensitive,
    not_yet_urgent,
    obstacle_named,
    once_per_cycle,
    one_oneself,
    operators_may_still,
    promise_dated,
    promise_open,
    proposal_waits,
    proposed_by_holder,
    questions_left,
    reminder_due,
    resume_due,
    revival_asked,
    revival_not_asked,
    sanction_named,
    sensitive_by_operator,
    still_follows,
    support_ahead,
    support_asked,
    support_is_in,
    support_known,
    support_overdue,
    timer_may_assign,
    transfer_target,
    trouble_again,
    unit_for_case,
    unit_stands,
    upheld_once,
    window_over,
    within_revival,
)
from workflows.case.law import Clock, Law
from workflows.case.model import FINISHED, WITH_RESULT, Act, Case, Refusal, Role, State
from workflows.case.officials import another_concerned, is_sensitive, line_fits, not_yet_sensitive
from workflows.case.running import PLEDGED
from workflows.case.urgency import PROPOSED, call_waits, master_as_urgent, word_is_owed
from workflows.frozen import frozen

S = State
A = Action
R = Role

Need = Literal[
    "words",  # words for the person who hears of it
    "words_or_media",
    "why",  # a reason: a code of the row's list, or words
    "reason",  # a code of the row's list
    "agency",
    "delegate",  # a unit or a colleague
    "category",
    "place",
    "outcome",
    "rating",
    "report",  # what a case cannot be opened without (T1)
    "date",
    "document",  # its number, or the document itself
    "body",  # the body outside
    "case",  # another case
    "fields",  # what a correction puts right
]
Guard = Callable[[Case, Act, Law], Refusal | None]
Choice = Callable[[Case, Act], bool]
Target = Callable[[Case, Act], State]


@frozen
class Computed:
    """A state that depends on the case; ``options`` is all it can be (for the picture and the tests)."""

    options: tuple[State, ...]
    of: Target


@frozen
class Move:
    """One row: who may do what, from where, to where, with what.

    ``code`` is the row of domain.md 5.6, "" for a remark. ``to`` None: the case stays where it is. ``when`` picks
    among rows of one action and state, of which one always fits; ``guards`` refuse. ``standing`` guards need only the
    case and the policy, so they also take the button off the card. ``clocks`` are the due dates that the move fixes.
    ``reasons`` is the list from which a reason code is taken. ``button`` is the label's catalogue key, "" for what
    has no button.
    """

    code: str
    action: Action
    froms: tuple[State, ...]
    to: State | Computed | None
    roles: tuple[Role, ...]
    needs: tuple[Need, ...] = ()
    when: Choice | None = None
    standing: tuple[Guard, ...] = ()
    guards: tuple[Guard, ...] = ()
    clocks: tuple[Clock, ...] = ()
    reasons: tuple[str, ...] = ()
    button: str = ""


# --- where a move leads when that depends on the case ---


def _return_state(case: Case, act: Act) -> State:
    return case.return_state or S.RECEIVED


def _state_of_result(case: Case, act: Act) -> State:
    return S.RESOLVED if case.outcome == "fixed" else S.ANSWERED


def _state_restored(case: Case, act: Act) -> State:
    return State(dict(act.restored).get("state", case.state))


RETURN_STATE = Computed((S.RECEIVED, S.IN_PROGRESS), _return_state)
STATE_OF_RESULT = Computed((S.RESOLVED, S.ANSWERED), _state_of_result)
RESTORED = Computed(tuple(S), _state_restored)


# --- which of several rows is meant ---


def _asked_at_intake(case: Case, act: Act) -> bool:
    return case.return_state is not S.IN_PROGRESS


def _asked_by_doer(case: Case, act: Act) -> bool:
    return case.return_state is S.IN_PROGRESS


def _outcome_fixed(case: Case, act: Act) -> bool:
    return case.outcome == "fixed"


def _outcome_other(case: Case, act: Act) -> bool:
    return case.outcome != "fixed"


def _rated_well(case: Case, act: Act) -> bool:
    return act.rating not in reasons.LOW_RATINGS


def _rated_well_by_all(case: Case, act: Act) -> bool:
    """A joint case closes when everybody who reported it has rated."""
    silent = set(case.reporters) - {*case.rated_by, act.person_id}
    return _rated_well(case, act) and not silent


def _rated_well_by_some(case: Case, act: Act) -> bool:
    return _rated_well(case, act) and not _rated_well_by_all(case, act)


def _rated_low_with_reason(case: Case, act: Act) -> bool:
    heard = act.person_id in case.disputed_by or case.final
    return not _rated_well(case, act) and bool(act.words) and not heard


def _rated_low(case: Case, act: Act) -> bool:
    return not _rated_well(case, act) and not _rated_low_with_reason(case, act)


# --- the table ---

_DOERS = (
    R.OFFICER,
    R.FOCAL,
    R.ENTERPRISE,
    R.INSPECTION,
    R.OPERATOR,
)  # the operators only where they hold the case themselves
_REPORTS = (R.CITIZEN, R.ADMIN)  # an administrator also for those who only telephone
_CORRECTORS = (R.OPERATOR, R.FOCAL, R.OFFICER, R.INSPECTION)
_UNFINISHED = (
    S.RECEIVED,
    S.NEED_INFO,
    S.ASSIGNED,
    S.IN_PROGRESS,
    S.TRANSFER_REQUESTED,
    S.SCHEDULED,
    S.RESULT_SUBMITTED,
    S.REVIEW_REQUESTED,
)
_BEFORE_RESULT = (S.RECEIVED, S.NEED_INFO, S.ASSIGNED, S.IN_PROGRESS, S.TRANSFER_REQUESTED, S.SCHEDULED)
_UNDER_WAY = tuple(state for state in _UNFINISHED if state is not S.ASSIGNED)  # there it is claimed first (T10)
_HELD = (S.ASSIGNED, S.IN_PROGRESS)
_AT_WORK = (S.IN_PROGRESS, S.SCHEDULED)
_HELPED = (S.NEED_INFO, S.ASSIGNED, S.IN_PROGRESS, S.TRANSFER_REQUESTED, S.SCHEDULED)  # help goes on meanwhile

MOVES: tuple[Move, ...] = (
    Move("T1", A.OPEN, (), S.RECEIVED, (R.CITIZEN, R.OPERATOR), needs=("report",), clocks=("forward",)),
    Move(
        "T3",
        A.ASK,
        (S.RECEIVED,),
        S.NEED_INFO,
        (R.OPERATOR,),
        needs=("words",),
        clocks=("answer",),
        button="card_button.ask",
    ),
    Move(
        "T4",
        A.ANSWER,
        (S.NEED_INFO,),
        RETURN_STATE,
        (R.CITIZEN, R.OPERATOR, R.INSPECTION),
        guards=(citizen_says_something,),
        clocks=("resumed",),
        button="card_button.answer",
    ),
    Move(
        "T5",
        A.GIVE_UP_ASKING,
        (S.NEED_INFO,),
        S.CANCELLED,
        (R.TIMER,),
        when=_asked_at_intake,
        guards=(answer_overdue,),
        clocks=("revive",),
    ),
    Move(
        "T5b",
        A.GIVE_UP_ASKING,
        (S.NEED_INFO,),
        S.IN_PROGRESS,
        (R.TIMER,),
        when=_asked_by_doer,
        guards=(answer_overdue,),
        clocks=("resumed",),
    ),
    Move(
        "T6",
        A.CANCEL,
        (S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS),
        S.CANCELLED,
        (R.OPERATOR, R.INSPECTION),
        needs=("reason", "words"),
        standing=(proposed_by_holder,),
        clocks=("revive",),
        reasons=reasons.CANCEL_BY_HAND,
        button="card_button.cancel",
    ),
    Move(
        "T7",
        A.MERGE,
        (S.RECEIVED, *_HELD),
        S.MERGED,
        (R.OPERATOR, R.CITIZEN),
        needs=("case",),
        standing=(as_it_was_sent,),
        guards=(master_fits, master_as_urgent),
        button="card_button.merge",
    ),
    Move(
        "T8",
        A.REFER_OUT,
        (S.RECEIVED, S.TRANSFER_REQUESTED),
        S.REFERRED_OUT,
        (R.OPERATOR,),
        needs=("body", "reason", "words"),
        reasons=reasons.REFER_REASONS,
        button="card_button.refer_out",
    ),
    Move(
        "T9",
        A.ASSIGN,
        (S.RECEIVED,),
        S.ASSIGNED,
        (R.OPERATOR, R.TIMER),
        guards=(timer_may_assign, unit_for_case, unit_stands),
        clocks=("resolve",),
        button="card_button.assign",
    ),
    Move("T10", A.CLAIM, (S.ASSIGNED,), S.IN_PROGRESS, _DOERS, button="card_button.claim"),
    Move(
        "T11",
        A.DELEGATE,
        _HELD,
        S.ASSIGNED,
        (R.FOCAL, R.HEAD, R.OPERATOR, R.INSPECTION),
        needs=("delegate",),
        guards=(another_unit, in_branch, line_fits, unit_stands),
        button="card_button.delegate",
    ),
    Move(
        "T12",
        A.REQUEST_TRANSFER,
        _HELD,
        S.TRANSFER_REQUESTED,
        (R.HEAD, R.FOCAL, R.ENTERPRISE, R.INSPECTION),
        needs=("agency", "why"),
        standing=(head_or_delegate,),
        guards=(another_unit, line_fits, unit_stands),
        reasons=reasons.TRANSFER_REASONS,
        button="card_button.request_transfer",
    ),
    Move(
        "T13",
        A.TRANSFER,
        (S.TRANSFER_REQUESTED,),
        S.ASSIGNED,
        (R.OPERATOR, R.LEADER),
        standing=(operators_may_still,),
        guards=(transfer_target, line_fits, unit_stands),
        clocks=("resumed",),
        button="card_button.transfer",
    ),
    Move(
        "T14",
        A.REFUSE_TRANSFER,
        (S.TRANSFER_REQUESTED,),
        S.IN_PROGRESS,
        (R.OPERATOR, R.LEADER),
        needs=("words",),
        clocks=("resumed",),
        button="card_button.refuse_transfer",
    ),
    Move(
        "T15",
        A.ASK,
        (S.IN_PROGRESS,),
        S.NEED_INFO,
        _DOERS,
        needs=("words",),
        standing=(questions_left,),
        clocks=("answer",),
        button="card_button.ask",
    ),
    Move(
        "T16",
        A.GRANT_EXTENSION,
        (S.IN_PROGRESS,),
        S.SCHEDULED,
        (R.OPERATOR, R.LEADER, R.HEAD),
        standing=(extension_asked,),
        clocks=("extension",),
        button="card_button.grant_extension",
    ),
    Move(
        "T17",
        A.RESUME,
        (S.SCHEDULED,),
        S.IN_PROGRESS,
        (*_DOERS, R.TIMER),
        guards=(resume_due,),
        button="card_button.resume",
    ),
    Move(
        "T18",
        A.SUBMIT_RESULT,
        (S.IN_PROGRESS, S.SCHEDULED),
        S.RESULT_SUBMITTED,
        _DOERS,
        needs=("outcome", "words"),
        standing=(support_is_in,),
        guards=(after_photo, obstacle_named, sanction_named, promise_dated),
        clocks=("check",),
        reasons=reasons.OBSTACLES,
        button="card_button.submit_result",
    ),
    Move(
        "T19",
        A.ACCEPT_RESULT,
        (S.RESULT_SUBMITTED,),
        S.RESOLVED,
        (R.HEAD, R.SUPERVISOR, R.OPERATOR, R.TIMER),
        when=_outcome_fixed,
        guards=(checker, answers_question),
        clocks=("rating",),
        button="card_button.accept_result",
    ),
    Move(
        "T20",
        A.ACCEPT_RESULT,
        (S.RESULT_SUBMITTED,),
        S.ANSWERED,
        (R.HEAD, R.SUPERVISOR, R.OPERATOR, R.TIMER),
        when=_outcome_other,
        guards=(checker, answers_question),
        clocks=("rating",),
        button="card_button.accept_result",
    ),
    Move(
        "T21",
        A.RETURN_RESULT,
        (S.RESULT_SUBMITTED,),
        S.IN_PROGRESS,
        (R.HEAD, R.SUPERVISOR, R.OPERATOR),
        needs=("words",),
        button="card_button.return_result",
    ),
    Move(
        "T22",
        A.RATE,
        FINISHED,
        S.CLOSED,
        (R.CITIZEN,),
        needs=("rating",),
        when=_rated_well_by_all,
        clocks=("revive",),
    ),
    Move("T22", A.RATE, FINISHED, None, (R.CITIZEN,), needs=("rating",), when=_rated_well_by_some),
    Move("T22", A.CLOSE_UNRATED, FINISHED, S.CLOSED, (R.TIMER,), guards=(window_over,), clocks=("revive",)),
    Move(
        "T23",
        A.DISPUTE,
        FINISHED,
        S.REVIEW_REQUESTED,
        _REPORTS,
        needs=("words_or_media",),
        standing=(once_per_cycle,),
        clocks=("interaction",),
        button="card_button.dispute",
    ),
    Move(
        "T23",
        A.RATE,
        FINISHED,
        S.REVIEW_REQUESTED,
        (R.CITIZEN,),
        needs=("rating",),
        when=_rated_low_with_reason,
        clocks=("interaction",),
    ),
    Move("T23b", A.RATE, FINISHED, None, (R.CITIZEN,), needs=("rating",), when=_rated_low),
    Move(
        "T24",
        A.REWORK,
        (S.REVIEW_REQUESTED,),
        S.IN_PROGRESS,
        (R.OPERATOR, R.HEAD, R.LEADER, R.INSPECTION),
        standing=(by_whom_it_is,),
        clocks=("new_resolve", "urgent_anew"),
        button="card_button.rework",
    ),
    Move(
        "T25",
        A.UPHOLD,
        (S.REVIEW_REQUESTED,),
        STATE_OF_RESULT,
        (R.OPERATOR, R.HEAD, R.INSPECTION),
        needs=("words",),
        standing=(not_appealed,),
        clocks=("rating",),
        button="card_button.uphold",
    ),
    Move(
        "T25b",
        A.APPEAL,
        FINISHED,
        S.REVIEW_REQUESTED,
        _REPORTS,
        needs=("words_or_media",),
        standing=(upheld_once,),
        clocks=("interaction",),
        button="card_button.appeal",
    ),
    Move(
        "T26",
        A.CLOSE_FINALLY,
        (S.REVIEW_REQUESTED,),
        S.CLOSED,
        (R.LEADER,),
        needs=("words",),
        standing=(appealed,),
        button="card_button.close_finally",
    ),
    Move(
        "T27",
        A.DISPUTE,
        (S.CLOSED,),
        S.REVIEW_REQUESTED,
        _REPORTS,
        needs=("words_or_media",),
        standing=(once_per_cycle,),
        guards=(within_revival,),
        clocks=("interaction",),
        button="card_button.dispute",
    ),
    Move(
        "T28",
        A.REVIVE,
        (S.CANCELLED,),
        S.RECEIVED,
        (R.OPERATOR,),
        standing=(revival_asked,),
        clocks=("forward", "urgent_anew"),
        button="card_button.revive",
    ),
    Move(
        "T29",
        A.UNMERGE,
        (S.MERGED,),
        S.RECEIVED,
        (R.OPERATOR,),
        needs=("words",),
        standing=(still_follows,),
        clocks=("forward", "urgent_anew"),
        button="card_button.unmerge",
    ),
    Move(
        "T30",
        A.TAKE_BACK,
        (S.REFERRED_OUT,),
        S.RECEIVED,
        (R.OPERATOR,),
        needs=("words",),
        clocks=("forward", "urgent_anew"),
        button="card_button.take_back",
    ),
    Move(
        "T31",
        A.WITHDRAW,
        (S.RECEIVED, S.NEED_INFO, S.ASSIGNED, S.IN_PROGRESS),
        S.CANCELLED,
        _REPORTS,
        standing=(not_sensitive, nobody_joined),
        clocks=("revive",),
        button="card_button.withdraw",
    ),
    Move("T33", A.CORRECT, tuple(S), RESTORED, (R.ADMIN,), needs=("words", "fields")),
    # Remarks and corrections: an event each, the state stays.
    Move(
        "T32",
        A.SET_URGENT,
        _UNFINISHED,
        None,
        (R.OPERATOR, R.INSPECTION),
        standing=(not_yet_urgent,),
        clocks=("urgent",),
        reasons=(PROPOSED,),
        button="card_button.set_urgent",
    ),
    Move(
        "T32",
        A.CLEAR_URGENT,
        _UNFINISHED,
        None,
        (R.OPERATOR, R.HEAD, R.INSPECTION),
        needs=("why",),
        standing=(is_urgent,),
        button="card_button.clear_urgent",
    ),
    Move(
        "",
        A.TAKE_CALL,
        _UNDER_WAY,
        None,
        (*_DOERS, R.HEAD),
        standing=(call_waits,),
        button="card_button.take_call",
    ),
    Move(
        "",
        A.INTERIM,
        _UNDER_WAY,
        None,
        (*_DOERS, R.HEAD),
        needs=("words",),
        standing=(word_is_owed,),
        clocks=("urgent_again",),
        button="card_button.interim",
    ),
    Move(
        "",
        A.MAKE_SAFE,
        _UNDER_WAY,
        None,
        (*_DOERS, R.HEAD),
        needs=("words",),
        standing=(word_is_owed,),
        button="card_button.make_safe",
    ),
    Move(
        "",
        A.CORRECT_CATEGORY,
        _BEFORE_RESULT,
        None,
        _CORRECTORS,
        needs=("category",),
        guards=(another_category, sensitive_by_operator),
        button="card_button.correct_category",
    ),
    Move(
        "",
        A.SET_SENSITIVE,
        tuple(S),
        None,
        (R.OPERATOR,),
        standing=(not_yet_sensitive,),
    ),
    Move(
        "",
        A.CLEAR_SENSITIVE,
        _BEFORE_RESULT,
        None,
        (R.INSPECTION, R.OPERATOR),
        needs=("words",),
        standing=(is_sensitive,),
        button="card_button.clear_sensitive",
    ),
    Move(
        "",
        A.NAME_UNIT,
        tuple(S),
        None,
        (R.INSPECTION, R.OPERATOR),
        needs=("agency",),
        standing=(is_sensitive,),
        guards=(another_concerned,),
        button="card_button.name_unit",
    ),
    Move(
        "",
        A.CORRECT_PLACE,
        _BEFORE_RESULT,
        None,
        _CORRECTORS,
        needs=("place",),
        button="card_button.correct_place",
    ),
    Move(
        "",
        A.NOTE,
        tuple(S),
        None,
        (R.OPERATOR, R.FOCAL, R.OFFICER, R.HEAD, R.ENTERPRISE, R.SUPERVISOR, R.HELPER, R.INSPECTION),
        needs=("words_or_media",),
    ),
    Move(
        "",
        A.ADD,
        (*_UNFINISHED, *WITH_RESULT),
        None,
        (R.CITIZEN,),
        needs=("words_or_media",),
        clocks=("thread",),
        button="card_button.add",
    ),
    Move(
        "",
        A.REPLY,
        tuple(S),
        None,
        (R.OFFICER, R.FOCAL, R.HEAD, R.ENTERPRISE, R.OPERATOR, R.INSPECTION),
        needs=("words",),
        standing=(message_waits,),
        button="card_button.reply",
    ),
    Move(
        "",
        A.KEEP_PROMISE,
        PLEDGED,
        None,
        (R.OFFICER, R.FOCAL, R.HEAD, R.ENTERPRISE, R.OPERATOR, R.INSPECTION),
        needs=("words",),
        standing=(promise_open,),
        button="card_button.keep_promise",
    ),
    Move(
        "",
        A.REQUEST_EXTENSION,
        (S.IN_PROGRESS,),
        None,
        (R.HEAD, R.FOCAL, R.ENTERPRISE, R.INSPECTION),
        needs=("date", "document", "words"),
        standing=(head_or_delegate, no_extension_asked),
        guards=(in_time, later_date),
        reasons=reasons.EXTENSION_REASONS,
        button="card_button.request_extension",
    ),
    Move(
        "",
        A.REFUSE_EXTENSION,
        (S.IN_PROGRESS,),
        None,
        (R.OPERATOR, R.LEADER, R.HEAD),
        needs=("words",),
        standing=(extension_asked,),
        button="card_button.refuse_extension",
    ),
    Move(
        "",
        A.ASK_REVIVAL,
        (S.CANCELLED,),
        None,
        _REPORTS,
        needs=("words_or_media",),
        standing=(revival_not_asked,),
        guards=(within_revival,),
        button="card_button.ask_revival",
    ),
    Move(
        "",
        A.PROPOSE_CANCEL,
        _HELD,
        None,
        (R.HEAD, R.FOCAL, R.ENTERPRISE),
        needs=("reason", "words"),
        standing=(not_sensitive, head_or_delegate, no_proposal),
        reasons=reasons.CANCEL_BY_HAND,
        button="card_button.propose_cancel",
    ),
    Move(
        "",
        A.PROPOSE_MERGE,
        _HELD,
        None,
        (R.FOCAL, R.HEAD),
        needs=("case",),
        standing=(not_sensitive, no_proposal),
        guards=(master_fits,),
        button="card_button.propose_merge",
    ),
    Move(
        "",
        A.REFUSE_PROPOSAL,
        _BEFORE_RESULT,
        None,
        (R.OPERATOR,),
        needs=("words",),
        standing=(proposal_waits,),
        button="card_button.refuse_proposal",
    ),
    # Joint cases: each half of T7 and T29 is an event of its own case.
    Move("", A.JOIN, MASTERS, None, (R.OPERATOR, R.CITIZEN), needs=("case",), guards=(one_oneself,)),
    Move("", A.PART, tuple(S), None, (R.OPERATOR, R.CITIZEN), needs=("case",), guards=(one_oneself,)),
    Move("", A.LEAVE, (S.MERGED,), None, (R.CITIZEN,), standing=(still_follows,)),
    # Chronic spots (R52).
    Move(
        "",
        A.CHAIN,
        (*_UNFINISHED, *WITH_RESULT),
        None,
        (R.OPERATOR, R.OFFICER, R.FOCAL, R.HEAD),
        standing=(not_sensitive, trouble_again),
        guards=(earlier_fits,),
        button="card_button.chain",
    ),
    Move(
        "",
        A.UNCHAIN,
        (*_UNFINISHED, *WITH_RESULT),
        None,
        (R.OPERATOR, R.OFFICER, R.FOCAL, R.HEAD),
        standing=(is_chained,),
        button="card_button.unchain",
    ),
    Move("", A.REMIND_ANSWER, (S.NEED_INFO,), None, (R.TIMER,), guards=(reminder_due,)),
    # Support tasks: others help, the unit with the case answers for all.
    Move(
        "",
        A.ASK_SUPPORT,
        _AT_WORK,
        None,
        (*_DOERS, R.ADMIN),
        needs=("agency", "words"),
        standing=(not_sensitive,),
        guards=(helper_fits, support_ahead, unit_stands),
        clocks=("support",),
        button="card_button.ask_support",
    ),
    Move(
        "",
        A.ANSWER_SUPPORT,
        _HELPED,
        None,
        (R.HELPER, R.ADMIN),
        needs=("words",),
        standing=(support_asked,),
        guards=(support_known,),
        button="card_button.answer_support",
    ),
    Move(
        "",
        A.DECLINE_SUPPORT,
        _HELPED,
        None,
        (R.HELPER, R.ADMIN),
        needs=("reason", "words"),
        standing=(support_asked,),
        guards=(support_known,),
        reasons=support.DECLINE_REASONS,
        button="card_button.decline_support",
    ),
    Move(
        "",
        A.WAIVE_SUPPORT,
        _HELPED,
        None,
        (*_DOERS, R.ADMIN),
        needs=("words",),
        standing=(support_asked,),
        guards=(support_known,),
        button="card_button.waive_support",
    ),
    Move("", A.REMIND_SUPPORT, _HELPED, None, (R.TIMER,), standing=(support_asked,), guards=(support_overdue,)),
)

ROWS: dict[tuple[State | None, Action], tuple[Move, ...]] = {}
for _move in MOVES:
    for _state in _move.froms or (None,):
        ROWS[_state, _move.action] = (*ROWS.get((_state, _move.action), ()), _move)

# The move was made already, by somebody else or by the same person a moment ago: say so, with who and when.
ALREADY: dict[Action, tuple[str, tuple[State, ...]]] = {
    A.ASK: ("refused.already_asked", (S.NEED_INFO,)),
    A.CANCEL: ("refused.already_cancelled", (S.CANCELLED,)),
    A.WITHDRAW: ("refused.already_cancelled", (S.CANCELLED,)),
    A.ASSIGN: ("refused.already_assigned", (S.ASSIGNED, S.IN_PROGRESS)),
    A.CLAIM: ("refused.already_claimed", (S.IN_PROGRESS,)),
    A.REQUEST_TRANSFER: ("refused.already_requested", (S.TRANSFER_REQUESTED,)),
    A.TRANSFER: ("refused.already_decided", (S.ASSIGNED, S.IN_PROGRESS)),
    A.REFUSE_TRANSFER: ("refused.already_decided", (S.ASSIGNED, S.IN_PROGRESS)),
    A.SUBMIT_RESULT: ("refused.already_answered", (S.RESULT_SUBMITTED, S.RESOLVED, S.ANSWERED)),
    A.ACCEPT_RESULT: ("refused.already_decided", (S.RESOLVED, S.ANSWERED, S.IN_PROGRESS)),
    A.RETURN_RESULT: ("refused.already_decided", (S.RESOLVED, S.ANSWERED, S.IN_PROGRESS)),
    A.RATE: ("refused.already_rated", (S.CLOSED,)),
    A.DISPUTE: ("refused.already_disputed", (S.REVIEW_REQUESTED,)),
    A.REWORK: ("refused.already_decided", (S.IN_PROGRESS, S.RESOLVED, S.ANSWERED)),
    A.UPHOLD: ("refused.already_decided", (S.IN_PROGRESS, S.RESOLVED, S.ANSWERED)),
    A.APPEAL: ("refused.already_disputed", (S.REVIEW_REQUESTED,)),
    A.CLOSE_FINALLY: ("refused.already_decided", (S.IN_PROGRESS, S.CLOSED)),
    A.MERGE: ("refused.already_merged", (S.MERGED,)),
    A.REFER_OUT: ("refused.already_decided", (S.REFERRED_OUT, S.ASSIGNED, S.IN_PROGRESS)),
    A.GRANT_EXTENSION: ("refused.already_decided", (S.SCHEDULED,)),
    A.REFUSE_EXTENSION: ("refused.already_decided", (S.SCHEDULED,)),
    A.REVIVE: ("refused.already_decided", (S.RECEIVED,)),
    A.UNMERGE: ("refused.already_decided", (S.RECEIVED,)),
    A.TAKE_BACK: ("refused.already_decided", (S.RECEIVED,)),
}


def button_of(action: Action) -> str:
    """Catalogue key of the action's button; "" when it has none."""
    return next((row.button for row in MOVES if row.action is action), "")
