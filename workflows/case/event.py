"""What a move that is made becomes: an event with codes, ids and instants, never words (domain.md 5.6)."""

from __future__ import annotations

from typing import Any

from workflows.actions import Action
from workflows.case import support
from workflows.case.law import Law
from workflows.case.model import PROMISED, Act, Case, CaseEvent, Role, State
from workflows.case.moves import Computed, Move

S = State
A = Action


def event_of(row: Move, case: Case | None, act: Act, law: Law, role: Role) -> CaseEvent:
    """The event of a move that is made: who, in which capacity, when, with what, and the due dates that it fixes."""
    before = case.state if case else None
    return CaseEvent(
        seq=case.version + 1 if case else 1,
        at=act.at,
        action=act.action,
        move=row.code,
        before=before,
        after=_target(row, case, act),
        role=role,
        person_id=act.person_id,
        agency_id=act.agency_id,
        data=_data(row, case, act) | _due_dates(row, case, act, law),
    )


def _target(row: Move, case: Case | None, act: Act) -> State:
    if isinstance(row.to, State):
        return row.to
    if case is None:
        raise ValueError("only T1 begins a case")
    return row.to.of(case, act) if isinstance(row.to, Computed) else case.state


def _data(row: Move, case: Case | None, act: Act) -> dict[str, Any]:
    """Codes, ids and pointers of this act that the event keeps; what was not given is left out."""
    given: dict[str, Any] = {
        "words": act.words,
        "media": list(act.media),
        "reason": _REASON_OF.get(act.action, act.reason) if row.to is S.CANCELLED else act.reason,
    }
    given |= {name: _given(name, case, act) for name in _FIELDS.get(act.action, ())}
    return {name: value for name, value in given.items() if value not in ("", None, [], False)}


def _given(name: str, case: Case | None, act: Act) -> Any:
    if name == "target_agency_id" and act.action is A.TRANSFER and case is not None:
        return act.target_agency_id or case.proposed_agency_id
    if name == "target_agency_id" and act.action in _OF_A_TASK and case is not None:
        return support.whose(case, act)
    if name == "area_at":
        return act.at.isoformat() if act.area else None
    if name in ("enterprise", "supervisor_id"):
        return getattr(act, f"target_{name}")
    if name == "sensitive" and act.action is A.SET_SENSITIVE:
        return True
    if name == "late":
        return case is not None and case.resolve_due is not None and act.at > case.resolve_due
    if name in ("extension_until", "support_until"):
        return act.until.isoformat() if act.until else None
    if name == "pledged_until":
        return act.until.isoformat() if act.until and act.outcome == PROMISED else None
    if name == "restored":
        return dict(act.restored)
    value = getattr(act, name)
    return list(value) if isinstance(value, tuple) else value


_OF_A_TASK = (A.ANSWER_SUPPORT, A.DECLINE_SUPPORT, A.WAIVE_SUPPORT)
_REASON_OF = {A.GIVE_UP_ASKING: "no_answer", A.WITHDRAW: "withdrawn"}
_TAKEN = ("channel", "target_person_id")  # by an operator, for this reporter
_FIELDS: dict[Action, tuple[str, ...]] = {
    A.OPEN: (
        *_TAKEN,
        "code",
        "reporter_type",
        "category",
        "area",
        "position",
        "sensitive",
        "sealed",
        "concerned_id",
        "concerned_words",
        "flags",
        "alike",
        "earlier",
    ),
    A.ANSWER: ("position", "area", "area_at"),
    A.ADD: ("position", "area", "area_at"),
    A.ASSIGN: ("target_agency_id", "enterprise", "supervisor_id"),
    A.DELEGATE: ("target_agency_id", "enterprise", "supervisor_id", "target_person_id"),
    A.REQUEST_TRANSFER: ("target_agency_id", "late"),
    A.TRANSFER: ("target_agency_id", "enterprise", "supervisor_id"),
    A.SUBMIT_RESULT: ("outcome", "reference", "fine", "pair", "pledged_until"),
    A.ACCEPT_RESULT: ("ticked",),
    A.RATE: ("rating",),
    A.CORRECT_CATEGORY: ("category", "sensitive", "sealed", "target_agency_id"),
    A.SET_SENSITIVE: ("sensitive", "sealed", "target_agency_id"),
    A.CLEAR_SENSITIVE: (),
    A.NAME_UNIT: ("target_agency_id", "target_holds"),
    A.CORRECT_PLACE: ("position", "area", "area_at"),
    A.MERGE: ("target_case_id",),
    A.PROPOSE_MERGE: ("target_case_id",),
    A.JOIN: ("target_case_id", "target_person_id"),
    A.PART: ("target_case_id", "target_person_id"),
    A.CHAIN: ("target_case_id", "spot"),
    A.REFER_OUT: ("reference",),
    A.REQUEST_EXTENSION: ("reference", "extension_until"),
    A.ASK_REVIVAL: ("position", "area", "area_at"),
    A.CORRECT: ("restored", "undoes"),
    A.ASK_SUPPORT: ("target_agency_id", "instrument", "support_until"),
    **dict.fromkeys(_OF_A_TASK, ("target_agency_id",)),
}


def _due_dates(row: Move, case: Case | None, act: Act, law: Law) -> dict[str, Any]:
    due: dict[str, Any] = {"policy": law.version} if case is None and law.version else {}
    for clock in row.clocks:
        due |= law.due_dates(clock, case, act.at, act.category)
    return due
