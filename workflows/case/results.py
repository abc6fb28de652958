"""A result as people see it: its pictures, why it is not possible, the decision and the amount of a sanction."""

from __future__ import annotations

from workflows.case import reasons
from workflows.case.view import CaseView
from workflows.messages import Line, number, text, word


def pictures(view: CaseView) -> tuple[str, ...]:
    """Of the result: before and after in one first, for whoever sends them leaves out what that one shows."""
    return (*((view.pair,) if view.pair else ()), *view.result_media)


def beside(view: CaseView, prefix: str) -> tuple[Line, ...]:
    """What belongs to the outcome besides the words: why it is not possible, or the decision and amount of a sanction.

    ``prefix`` of the catalogue: card or notice.
    """
    fine, obstacle = view.case.fine, view.case.obstacle
    if obstacle and view.case.outcome:
        return (obstacle_line(prefix, obstacle),)
    if fine is None or not view.decision_text:
        return ()
    return (sanction_line(prefix, view.decision_text, fine),)


def obstacle_line(prefix: str, obstacle: str) -> Line:
    """Why it is not possible."""
    return Line(f"{prefix}.obstacle", {"reason": word(reasons.label("obstacle", obstacle))})


def sanction_line(prefix: str, decision: str, fine: int) -> Line:
    """The decision and its amount; an amount of 0 is a warning."""
    if not fine:
        return Line(f"{prefix}.sanction_warning", {"decision": text(decision)})
    return Line(f"{prefix}.sanction", {"decision": text(decision), "amount": number(fine)})
