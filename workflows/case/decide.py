"""The one function that tries a move: who may, what is missing, what stands in the way; and what is open to whom."""

from __future__ import annotations

from collections.abc import Callable

from workflows.actions import Action
from workflows.case import officials, reasons, support
from workflows.case.checking import with_operators
from workflows.case.event import event_of
from workflows.case.guards import nothing_personal
from workflows.case.law import Law
from workflows.case.model import RATINGS, Act, Case, CaseEvent, Refusal, Role, State
from workflows.case.moves import ALREADY, MOVES, ROWS, Move, Need
from workflows.case.replay import apply
from workflows.case.standing import CHECKS, OF_UNITS, beside, may

S = State
A = Action
R = Role

_FOR_ADMIN = (R.OPERATOR, R.HEAD, R.LEADER)  # what an administrator may do by command


def decide(case: Case | None, act: Act, law: Law) -> tuple[CaseEvent, ...] | Refusal:
    """Try one move. Either the events that happened (one, or two when a result is accepted by itself) or a refusal.

    Never raises on what people send, and changes nothing itself: the case after it is ``apply`` of the events.
    """
    if case is None and act.action is not A.OPEN:
        return Refusal("refused.no_case")
    stranger = _may_try(case, act)
    if stranger is not None:
        return stranger
    rows = ROWS.get((case.state if case else None, act.action), ())
    return _made(case, act, law, rows) if rows or case is None else _not_now(case, act)


def open_actions(
    case: Case,
    roles: frozenset[Role],
    law: Law,
    agency_id: int | None = None,
    *,
    above: bool = False,
    in_stead: bool = False,
) -> tuple[Action, ...]:
    """What somebody in ``roles`` who stands beside the case (its agency, the operators, its reporter) may try now.

    ``agency_id``: the unit that they act for, where it is not the one that holds the case or supervises its holder;
    ``above`` and ``in_stead`` as in ``Act``. In table order, each once; what the case or the policy rules out whatever
    is said is left out.
    """
    agency_id = agency_id or (case.supervisor_id if R.SUPERVISOR in roles else case.agency_id)
    act = Act(
        A.NOTE,
        roles,
        case.opened_at,
        person_id=case.reporter_id,
        agency_id=agency_id,
        above=above,
        in_stead=in_stead,
    )
    found: dict[Action, None] = {}
    for (state, action), rows in ROWS.items():
        if state is case.state and any(_open(row, case, act, law) for row in rows):
            found[action] = None
    return tuple(action for action in dict.fromkeys(row.action for row in MOVES) if action in found)


def _open(row: Move, case: Case, act: Act, law: Law) -> bool:
    return _role(row, case, act) is not None and not any(guard(case, act, law) for guard in row.standing)


def _made(case: Case | None, act: Act, law: Law, rows: tuple[Move, ...]) -> tuple[CaseEvent, ...] | Refusal:
    allowed = [row for row in rows if _role(row, case, act) is not None]
    if not allowed:
        return Refusal("refused.not_allowed")
    if case is not None and act.expected_version not in (None, case.version):
        return Refusal("refused.changed", _where(case))
    row = next(row for row in allowed if case is None or row.when is None or row.when(case, act))
    refusal = _missing(row, act) or _guarded(row, case, act, law)
    if refusal is not None:
        return refusal
    event = event_of(row, case, act, law, _role(row, case, act) or R.TIMER)
    return (event, *_accepted_by_itself(apply(case, event), event, law))


def _accepted_by_itself(case: Case, event: CaseEvent, law: Law) -> tuple[CaseEvent, ...]:
    """Where the policy has nobody check a result, it is accepted in the same breath."""
    if event.action is not A.SUBMIT_RESULT or case.checker:
        return ()
    accepted = decide(case, Act(A.ACCEPT_RESULT, frozenset({R.TIMER}), event.at), law)
    return () if isinstance(accepted, Refusal) else accepted


# --- who ---


def _may_try(case: Case | None, act: Act) -> Refusal | None:
    """Whether the person stands beside the case at all; said before anything about the case is."""
    roles = {role for row in MOVES if row.action is act.action for role in row.roles}
    mine = act.roles & (roles | ({R.ADMIN} if roles & set(_FOR_ADMIN) else set()))
    if not mine:
        return Refusal("refused.not_allowed")
    if case is not None and officials.concerned(case, act):
        return Refusal("refused.unknown_case")
    if case is None or mine & {R.OPERATOR, R.LEADER, R.ADMIN, R.TIMER}:
        return None
    if R.CITIZEN in mine and _reported(case, act, act.action):
        return None
    if R.HELPER in mine and support.helps(case, act):
        return None
    if mine & OF_UNITS:
        return None if beside(case, act) else Refusal("refused.not_holding")
    return Refusal("refused.not_yours")


def _role(row: Move, case: Case | None, act: Act) -> Role | None:
    """In which capacity this row may be made: the first that fits; an administrator stands in for some of them."""
    for role in row.roles:
        kept = case is not None and officials.kept_from(role, row.action, case)
        if role in act.roles and not kept and _fits(role, row, case, act):
            return role
    commands = bool({R.HEAD, R.LEADER} & set(row.roles))
    stands_in = commands or (R.OPERATOR in row.roles and _fits(R.OPERATOR, row, case, act))
    return R.ADMIN if R.ADMIN in act.roles and stands_in else None


def _fits(role: Role, row: Move, case: Case | None, act: Act) -> bool:
    if case is None:
        return True
    if role is R.CITIZEN:
        return _reported(case, act, row.action)
    if role in OF_UNITS:
        return may(role, row.action, case, act)
    if role is R.OPERATOR and row.action in CHECKS:
        return with_operators(case)
    if role is R.HELPER:
        return support.helps(case, act)
    if role is R.OPERATOR and row.action in _DONE_BY_HOLDER and case.state is not S.RECEIVED:
        return case.agency_id is None  # the doer's moves only where the operators are the doer
    return True


def _reported(case: Case, act: Act, action: Action) -> bool:
    if action is A.JOIN:  # nobody who joins is among its reporters yet; one joins oneself
        return act.person_id is not None and act.person_id == act.target_person_id
    others = action is A.PART and act.person_id != act.target_person_id
    return act.person_id is not None and act.person_id in case.reporters and not others


_DONE_BY_HOLDER = frozenset({A.CLAIM, A.ASK, A.SUBMIT_RESULT, A.DELEGATE, A.RESUME, A.REPLY, A.TAKE_CALL,
                               A.ASK_SUPPORT, A.WAIVE_SUPPORT, A.KEEP_PROMISE})  # fmt: skip


# --- what is missing, what stands in the way ---

_MISSING: dict[Need, tuple[Callable[[Move, Act], bool], str]] = {
    "words": (lambda row, act: not act.words, "refused.need_words"),
    "words_or_media": (lambda row, act: not (act.words or act.media), "refused.need_words_or_media"),
    "why": (lambda row, act: not (act.words or act.reason in row.reasons), "refused.need_reason"),
    "reason": (lambda row, act: act.reason not in row.reasons, "refused.need_reason"),
    "agency": (lambda row, act: act.target_agency_id is None, "refused.need_agency"),
    "delegate": (
        lambda row, act: act.target_agency_id is None and act.target_person_id is None,
        "refused.need_delegate",
    ),
    "category": (lambda row, act: not act.category, "refused.need_category"),
    "place": (lambda row, act: not (act.position or act.area), "refused.need_place"),
    "outcome": (lambda row, act: not reasons.is_outcome(act.outcome), "refused.need_outcome"),
    "rating": (lambda row, act: act.rating not in RATINGS, "refused.need_rating"),
    "report": (lambda row, act: not _complete(act), "refused.incomplete"),
    "date": (lambda row, act: act.until is None, "refused.need_date"),
    "document": (lambda row, act: not (act.reference or act.media), "refused.need_document"),
    "body": (lambda row, act: not act.reference, "refused.need_body"),
    "case": (lambda row, act: act.target_case_id is None, "refused.need_case"),
    "fields": (lambda row, act: not act.restored, "refused.need_fields"),
}


def _complete(act: Act) -> bool:
    """Subject, place, and a picture or words (T1)."""
    return bool(act.code and act.category and (act.position or act.area) and (act.media or act.words))


def _missing(row: Move, act: Act) -> Refusal | None:
    for need in row.needs:
        absent, key = _MISSING[need]
        if absent(row, act):
            return Refusal(key)
    if act.reason and row.reasons and act.reason not in row.reasons:
        return Refusal("refused.need_reason")
    return None


def _guarded(row: Move, case: Case | None, act: Act, law: Law) -> Refusal | None:
    if case is None:
        return None
    refusals = (guard(case, act, law) for guard in (*row.standing, *row.guards, nothing_personal))
    return next((refusal for refusal in refusals if refusal is not None), None)


def _not_now(case: Case, act: Act) -> Refusal:
    key, states = ALREADY.get(act.action, ("refused.not_now", ()))
    return Refusal(key if case.state in states else "refused.not_now", _where(case))


def _where(case: Case) -> dict[str, str]:
    """What a refusal tells: the state's words, when it was reached, and whose doing it was (an id for the handler)."""
    claimed = case.state is S.IN_PROGRESS and case.holder_id is not None and case.claimed_at is not None
    at = case.claimed_at if claimed else case.moved_at
    person = case.holder_id if claimed else case.moved_by
    return {
        "state": reasons.label("state", case.state.value),
        "at": (at or case.opened_at).isoformat(),
        "person_id": "" if person is None else str(person),
    }
