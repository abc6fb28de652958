"""Cases about officials: who may hold them, what the operators may still do, and how they are taken away (R61)."""

from __future__ import annotations

from typing import Any

from workflows.actions import Action
from workflows.case.law import Law
from workflows.case.model import Act, Case, CaseEvent, Refusal, Role, State

A = Action
R = Role

# Where a sealed case goes and how long it may take is decided by the operators, who do not read it; where no line may
# have it, that is a body outside.
OPERATORS_MAY = frozenset(
    {
        A.ASSIGN,
        A.DELEGATE,
        A.TRANSFER,
        A.REFUSE_TRANSFER,
        A.GRANT_EXTENSION,
        A.REFUSE_EXTENSION,
        A.REWORK,
        A.REVIVE,
        A.REFER_OUT,
    }
)
_UNFINISHED = frozenset(State) - {
    State.RESOLVED,
    State.ANSWERED,
    State.CLOSED,
    State.CANCELLED,
    State.MERGED,
    State.REFERRED_OUT,
}


# --- who ---


def of_line(case: Case, act: Act) -> bool:
    """Whether the actor is of the inspection line and their unit holds this sensitive case (invariant 6)."""
    mine = case.agency_id is not None and act.agency_id == case.agency_id
    return case.sensitive and mine and R.INSPECTION in act.roles


def may(role: Role, case: Case, act: Act) -> bool:
    """Whether somebody of a unit may act on a sensitive case in this role: as the line, or as its head."""
    return role in {R.INSPECTION, R.HEAD} and of_line(case, act)


def concerned(case: Case, act: Act) -> bool:
    """Whether the actor works for the unit that the case is about: then it is nothing to them in any group. Their own
    report stays theirs."""
    return case.sensitive and act.concerned and R.CITIZEN not in act.roles


def kept_from(role: Role, action: Action, case: Case) -> bool:
    """Whether a sealed case keeps the operators and the leader from this."""
    return case.sealed and role in {R.OPERATOR, R.LEADER} and action not in OPERATORS_MAY


def awaits_operators(case: Case) -> bool:
    """Whether the operators' group has to know that a sealed case is there: it waits for their decision."""
    undecided = case.state is State.TRANSFER_REQUESTED or case.extension_until is not None or case.revival_asked
    appealed = case.appealed and case.state is State.REVIEW_REQUESTED
    return undecided or appealed or (case.agency_id is None and case.state in _UNFINISHED)


# --- guards ---


def line_fits(case: Case, act: Act, law: Law) -> Refusal | None:
    """T9, T11–T13: a case about officials goes to the inspection line, and never to the unit that it is about nor
    to one below that; a colleague of the same line may always have it."""
    if not case.sensitive or (act.target_agency_id is None and act.target_person_id is not None):
        return None
    if not act.target_line:
        return Refusal("refused.line_only")
    return Refusal("refused.line_concerned") if act.target_concerned else None


def is_sensitive(case: Case, act: Act, law: Law) -> Refusal | None:
    """Only of a case about officials can it be said which unit it is about, or that it is none."""
    return None if case.sensitive else Refusal("refused.not_sensitive")


def not_yet_sensitive(case: Case, act: Act, law: Law) -> Refusal | None:
    """Saying it again would change nothing."""
    return Refusal("refused.already_sensitive") if case.sensitive else None


def another_concerned(case: Case, act: Act, law: Law) -> Refusal | None:
    """Naming the same unit again would only be noise in the history."""
    return Refusal("refused.same_agency") if act.target_agency_id == case.concerned_id else None


# --- what happens to the case ---


def became(case: Case, event: CaseEvent) -> dict[str, Any]:
    """Found to be about officials, a case leaves its unit at once; found not to be, it goes back to the operators."""
    sensitive = bool(event.data.get("sensitive", False))
    if sensitive == case.sensitive:
        return {}
    line = event.data.get("target_agency_id") if sensitive else None
    sealed = bool(event.data.get("sealed", False)) or line is not None  # what the line has, it alone reads
    return {"sensitive": sensitive, "sealed": sealed} | left(line)


def left(to: int | None = None) -> dict[str, Any]:
    """Whoever held the case has it no longer; what they asked for or proposed is not asked any more."""
    return {
        "agency_id": to,
        "holder_id": None,
        "claimed_at": None,
        "taken_at": None,
        "transfer_reason": "",
        "transfer_words": "",
        "extension_until": None,
        "extension_words": "",
        "extension_document": "",
        "extension_media": (),
        "proposal": "",
        "proposal_reason": "",
        "proposal_words": "",
        "proposal_case_id": None,
        "proposed_agency_id": None,
        "enterprise": False,
        "supervisor_id": None,
    }


def handed(case: Case, event: CaseEvent) -> dict[str, Any]:
    """What the inspection line has once been given, nobody else reads any more."""
    return {"sealed": True} if case.sensitive and event.data.get("target_agency_id") is not None else {}


def named(case: Case, event: CaseEvent) -> dict[str, Any]:
    """Which unit a case is about; where that is the one that holds it, it is taken from there."""
    changes = {"concerned_id": event.data.get("target_agency_id")}
    return changes | (left() if event.data.get("target_holds") else {})
