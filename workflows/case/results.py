"""A result as people see it: its pictures, and of a sanction the decision and the amount."""

from __future__ import annotations

from workflows.case.view import CaseView
from workflows.messages import Line, number, text


def pictures(view: CaseView) -> tuple[str, ...]:
    """Of the result: before and after in one first, for whoever sends them leaves out what that one shows."""
    return (*((view.pair,) if view.pair else ()), *view.result_media)


def sanction(view: CaseView, prefix: str) -> tuple[Line, ...]:
    """The decision and its amount, where a sanction is the result; ``prefix`` of the catalogue: card or notice."""
    fine = view.case.fine
    if fine is None or not view.decision_text:
        return ()
    return (sanction_line(prefix, view.decision_text, fine),)


def sanction_line(prefix: str, decision: str, fine: int) -> Line:
    """The decision and its amount; an amount of 0 is a warning."""
    if not fine:
        return Line(f"{prefix}.sanction_warning", {"decision": text(decision)})
    return Line(f"{prefix}.sanction", {"decision": text(decision), "amount": number(fine)})
