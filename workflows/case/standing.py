"""How somebody of a unit stands to a case: in the unit that holds it, above that unit, or supervising it."""

from __future__ import annotations

from workflows.actions import Action
from workflows.case import officials
from workflows.case.model import Act, Case, Role

A = Action
R = Role

OF_UNITS = frozenset({R.FOCAL, R.OFFICER, R.HEAD, R.ENTERPRISE, R.SUPERVISOR, R.INSPECTION})
CHECKS = frozenset({A.ACCEPT_RESULT, A.RETURN_RESULT})

# What a unit above the holder may do beside its own cases: give work to another of its units, and remark on it.
FROM_ABOVE: dict[Role, frozenset[Action]] = {
    R.HEAD: frozenset({A.DELEGATE, A.NOTE}),
    R.FOCAL: frozenset({A.DELEGATE, A.NOTE}),
    R.OFFICER: frozenset({A.NOTE}),
}
# What the level above decides and nobody in the holder itself (T16).
ONLY_FROM_ABOVE = frozenset({A.GRANT_EXTENSION, A.REFUSE_EXTENSION})


def holds(case: Case, act: Act) -> bool:
    """Whether the actor's unit holds the case; nobody's does while it is sensitive (invariant 6)."""
    return case.agency_id is not None and act.agency_id == case.agency_id and not case.sensitive


def supervises(case: Case, act: Act) -> bool:
    """Whether the actor's agency supervises the enterprise that holds the case."""
    return case.supervisor_id is not None and act.agency_id == case.supervisor_id and not case.sensitive


def above(case: Case, act: Act) -> bool:
    """Whether the actor's agency stands above the holder in the tree."""
    return act.above and case.agency_id is not None and not case.sensitive


def beside(case: Case, act: Act) -> bool:
    """Whether the case is any business of the actor's unit."""
    return holds(case, act) or supervises(case, act) or above(case, act) or officials.of_line(case, act)


def may(role: Role, action: Action, case: Case, act: Act) -> bool:
    """Whether somebody of a unit may do this in this role; what the case itself allows is another question.

    An enterprise's result is checked by who supervises it, never by its own head. The acts of a head who cannot act
    fall to the next one above (``in_stead``).
    """
    if case.sensitive or role is R.INSPECTION:
        return officials.may(role, case, act)
    if role is R.SUPERVISOR:
        return supervises(case, act)
    if action in ONLY_FROM_ABOVE:
        return role is R.HEAD and above(case, act)
    if action in CHECKS and (case.enterprise or case.checker == "operators"):
        return False
    if action in CHECKS and case.checker == "supervisor":
        return role is R.HEAD and above(case, act)
    if holds(case, act):
        return True
    in_stead = act.in_stead and role is R.HEAD
    return above(case, act) and (in_stead or action in FROM_ABOVE.get(role, ()))
