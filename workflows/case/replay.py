"""A case out of its events: the only place where the facts of a case change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from workflows.actions import Action
from workflows.case.model import Case, CaseEvent, Role, State

Changes = dict[str, Any]

_INSTANTS = (
    "forward_due",
    "promised_due",
    "resolve_due",
    "answer_due",
    "interaction_due",
    "rating_until",
)


def replay(events: Iterable[CaseEvent]) -> Case:
    """The case that ``events``, oldest first, add up to. Raises ValueError when they do not begin with T1."""
    case: Case | None = None
    for event in events:
        case = apply(case, event)
    if case is None:
        raise ValueError("a case has at least the event that opened it")
    return case


def apply(case: Case | None, event: CaseEvent) -> Case:
    """The case after ``event``. Raises ValueError when the event does not follow the case's last one."""
    if case is None:
        return _opened(event)
    if event.seq != case.version + 1:
        raise ValueError(f"event {event.seq} does not follow version {case.version}")
    changes = _instants(event) | CHANGES.get(event.action, _nothing)(case, event)
    if _leaves_trace(event):
        changes |= {"moved_by": _colleague(event), "moved_at": event.at}
    return replace(case, state=event.after, version=event.seq, **changes)


def _leaves_trace(event: CaseEvent) -> bool:
    """Whether colleagues would say that somebody moved the case; a result accepted by itself is its author's."""
    by_itself = event.action is Action.ACCEPT_RESULT and event.role is Role.TIMER
    return not by_itself and (event.after != event.before or event.action is Action.DELEGATE)


def _colleague(event: CaseEvent) -> int | None:
    """Who it was, unless it was the citizen: officers are told who was quicker, never who reports (invariant 7)."""
    return None if event.role is Role.CITIZEN else event.person_id


def _opened(event: CaseEvent) -> Case:
    if event.action is not Action.OPEN:
        raise ValueError("the first event of a case opens it")
    data = event.data
    return Case(
        code=data["code"],
        state=event.after,
        version=event.seq,
        opened_at=event.at,
        reporter_id=event.person_id if event.role is Role.CITIZEN else None,
        reporter_type=data["reporter_type"],
        category=data["category"],
        area=data.get("area", ""),
        sensitive=data.get("sensitive", False),
        flags=tuple(data.get("flags", ())),
        words=data.get("words", ""),
        position=data.get("position", ""),
        media=tuple(data.get("media", ())),
        moved_by=_colleague(event),
        moved_at=event.at,
        **_instants(event),
    )


def _instants(event: CaseEvent) -> Changes:
    """The due dates that were fixed when the event happened; never computed anew (invariant 11)."""
    changes: Changes = {name: datetime.fromisoformat(event.data[name]) for name in _INSTANTS if name in event.data}
    if "reminders_at" in event.data:
        changes["reminders_at"] = tuple(datetime.fromisoformat(at) for at in event.data["reminders_at"])
    return changes


def _nothing(case: Case, event: CaseEvent) -> Changes:
    return {}


def _asked(case: Case, event: CaseEvent) -> Changes:
    by_doer = case.state is State.IN_PROGRESS
    return {
        "return_state": case.state,
        "question": event.data.get("words", ""),
        "answer": "",
        "reminders": 0,
        "questions": case.questions + 1 if by_doer else case.questions,
    }


def _answered(case: Case, event: CaseEvent) -> Changes:
    return _added(case, event) | _not_waiting() | {"answer": event.data.get("words", "")}


def _gave_up(case: Case, event: CaseEvent) -> Changes:
    changes = _not_waiting()
    if event.after is State.CANCELLED:
        changes |= _cancelled(case, event)
    return changes


def _not_waiting() -> Changes:
    return {"return_state": None, "answer_due": None, "reminders": 0, "reminders_at": ()}


def _cancelled(case: Case, event: CaseEvent) -> Changes:
    return {"cancel_reason": event.data["reason"], "closed_at": event.at} | _not_waiting()


def _assigned(case: Case, event: CaseEvent) -> Changes:
    return {"agency_id": event.data.get("target_agency_id"), "assigned_at": event.at} | _nobody_yet()


def _nobody_yet() -> Changes:
    return {"holder_id": None, "claimed_at": None}


def _claimed(case: Case, event: CaseEvent) -> Changes:
    return {"holder_id": event.person_id, "claimed_at": event.at} | _no_transfer()


def _no_transfer() -> Changes:
    return {"transfer_reason": "", "transfer_words": "", "proposed_agency_id": None}


def _delegated(case: Case, event: CaseEvent) -> Changes:
    person = event.data.get("target_person_id")
    if person is not None:
        return {"holder_id": person, "claimed_at": None}
    return _assigned(case, event)


def _transfer_requested(case: Case, event: CaseEvent) -> Changes:
    return {
        "proposed_agency_id": event.data.get("target_agency_id"),
        "transfer_reason": event.data.get("reason", ""),
        "transfer_words": event.data.get("words", ""),
    }


def _transferred(case: Case, event: CaseEvent) -> Changes:
    return _assigned(case, event) | {"proposed_agency_id": None, "hops": case.hops + 1}


def _transfer_refused(case: Case, event: CaseEvent) -> Changes:
    return _no_transfer()


def _result_submitted(case: Case, event: CaseEvent) -> Changes:
    return {
        "outcome": event.data["outcome"],
        "result": event.data.get("words", ""),
        "result_media": tuple(event.data.get("media", ())),
        "finished_at": event.at,
    }


def _result_returned(case: Case, event: CaseEvent) -> Changes:
    return {"outcome": "", "finished_at": None}


def _rated(case: Case, event: CaseEvent) -> Changes:
    changes: Changes = {"rating": event.data["rating"]}
    if event.after is State.CLOSED:
        changes |= _closed(case, event)
    if event.after is State.REVIEW_REQUESTED:
        changes |= _disputed(case, event)
    return changes


def _closed(case: Case, event: CaseEvent) -> Changes:
    return {"closed_at": event.at, "rating_until": None}


def _disputed(case: Case, event: CaseEvent) -> Changes:
    return _added(case, event) | {
        "disputed": True,
        "complaint": event.data.get("words", ""),
        "rating_until": None,
    }


def _reworked(case: Case, event: CaseEvent) -> Changes:
    """A new cycle with its own clock; the first result stays readable until the next one replaces it."""
    return {
        "cycle": case.cycle + 1,
        "questions": 0,
        "outcome": "",
        "rating": None,
        "disputed": False,
        "finished_at": None,
        "interaction_due": None,
    }


def _upheld(case: Case, event: CaseEvent) -> Changes:
    return {"interaction_due": None}


def _added(case: Case, event: CaseEvent) -> Changes:
    more = tuple(name for name in event.data.get("media", ()) if name not in case.media)
    return {"media": case.media + more} | _moved_place(event)


def _moved_place(event: CaseEvent) -> Changes:
    return {name: event.data[name] for name in ("position", "area") if name in event.data}


def _category(case: Case, event: CaseEvent) -> Changes:
    """A case that turns out to be about officials goes back to the operators at once (R61, invariant 6)."""
    sensitive = event.data.get("sensitive", False)
    changes: Changes = {"category": event.data["category"], "sensitive": sensitive}
    if sensitive:
        changes |= {"agency_id": None} | _nobody_yet()
    return changes


def _place(case: Case, event: CaseEvent) -> Changes:
    return _moved_place(event)


def _reminded(case: Case, event: CaseEvent) -> Changes:
    return {"reminders": case.reminders + 1}


def _urgent(case: Case, event: CaseEvent) -> Changes:
    return {"urgent": True}


def _not_urgent(case: Case, event: CaseEvent) -> Changes:
    return {"urgent": False}


CHANGES: dict[Action, Callable[[Case, CaseEvent], Changes]] = {
    Action.ASK: _asked,
    Action.ANSWER: _answered,
    Action.GIVE_UP_ASKING: _gave_up,
    Action.CANCEL: _cancelled,
    Action.WITHDRAW: _cancelled,
    Action.ASSIGN: _assigned,
    Action.CLAIM: _claimed,
    Action.DELEGATE: _delegated,
    Action.REQUEST_TRANSFER: _transfer_requested,
    Action.TRANSFER: _transferred,
    Action.REFUSE_TRANSFER: _transfer_refused,
    Action.SUBMIT_RESULT: _result_submitted,
    Action.RETURN_RESULT: _result_returned,
    Action.RATE: _rated,
    Action.CLOSE_UNRATED: _closed,
    Action.DISPUTE: _disputed,
    Action.REWORK: _reworked,
    Action.UPHOLD: _upheld,
    Action.ADD: _added,
    Action.CORRECT_CATEGORY: _category,
    Action.CORRECT_PLACE: _place,
    Action.REMIND_ANSWER: _reminded,
    Action.SET_URGENT: _urgent,
    Action.CLEAR_URGENT: _not_urgent,
}
