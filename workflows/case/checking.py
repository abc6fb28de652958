"""Who checks a result, and what whoever checks it is shown (T19 to T21, R62)."""

from __future__ import annotations

from workflows.case import reasons
from workflows.case.model import Case, State
from workflows.case.policy import Policy
from workflows.case.results import beside
from workflows.case.view import CaseView
from workflows.messages import Line, text, word


def checker_of(case: Case, policy: Policy) -> str:
    """``head`` of the holder, ``supervisor`` or ``operators``; of an enterprise the ``supervising_agency``.

    Only of a result that is checked at all.
    """
    if case.agency_id is None:
        return "operators"
    if case.sensitive:
        return "head"  # of the inspection line
    if case.enterprise:
        return "operators" if case.supervisor_id is None else "supervising_agency"
    return policy.result_check


def with_operators(case: Case) -> bool:
    """Whether the operators may check it: where they are named, and in the stead of a unit above that is not there."""
    return case.checker in ("operators", "supervisor")


def waits_for_operators(case: Case) -> bool:
    """Whether it lies with them now."""
    return case.state is State.RESULT_SUBMITTED and not case.sealed and with_operators(case)


def shown(view: CaseView) -> tuple[Line, ...]:
    """Three checks on a reply: in time, with its parts, and the question it must answer (R62)."""
    case = view.case
    asked = view.text or view.complaint_text
    return (
        Line("desk.check.asked", {"text": text(asked)}) if asked else Line("desk.check.asked_by_photo"),
        Line(
            "desk.check.answered",
            {"outcome": word(reasons.label("outcome", case.outcome)), "text": text(view.result_text)},
        ),
        *beside(view, "card"),
        Line("desk.check.late" if _late(case) else "desk.check.in_time"),
        Line("desk.check.photo" if view.result_media else "desk.check.no_photo"),
    )


def media(view: CaseView) -> tuple[str, ...]:
    """Before and after beside each other; one by one where that picture could not be made."""
    return (*((view.pair,) if view.pair else ()), *view.media, *view.result_media) if view.result_media else view.media


def _late(case: Case) -> bool:
    return case.finished_at is not None and case.resolve_due is not None and case.finished_at > case.resolve_due
