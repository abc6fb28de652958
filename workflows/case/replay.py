"""A case out of its events: the only place where the facts of a case change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from workflows.actions import Action
from workflows.case import officials, support
from workflows.case.model import OVER, Case, CaseEvent, Joint, Role, State
from workflows.case.reasons import NOT_POSSIBLE, SANCTION
from workflows.frozen import field_names

Changes = dict[str, Any]

_INSTANTS = (
    "forward_due",
    "promised_due",
    "resolve_due",
    "answer_due",
    "interaction_due",
    "rating_until",
    "thread_due",
    "extension_until",
    "area_at",
    "resume_at",
    "revive_until",
    "check_due",
    "urgent_due",
)
_HOLDERS = (Role.OFFICER, Role.FOCAL, Role.HEAD, Role.ENTERPRISE)


# What a correction may put right (T33): everything but what the case is known by. The state stands in the event.
CORRECTABLE = frozenset(field_names(Case)) - {
    *("state", "code", "version", "opened_at", "reporter_id", "tasks", "brought")
}
_MOMENTS = frozenset(field.name for field in fields(Case) if str(field.type).startswith("datetime"))


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
    changes = _instants(event) | support.ended(case, event) | CHANGES.get(event.action, _nothing)(case, event)
    if event.after in OVER:
        changes |= {"urgent_due": None}  # nobody waits for word about what has an answer
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
        reporter_id=event.person_id if event.role is Role.CITIZEN else data.get("target_person_id"),
        reporter_type=data["reporter_type"],
        channel=data.get("channel", ""),
        category=data["category"],
        area=data.get("area", ""),
        sensitive=data.get("sensitive", False),
        sealed=data.get("sealed", False),
        concerned_id=data.get("concerned_id"),
        concerned_words=data.get("concerned_words", ""),
        flags=tuple(data.get("flags", ())),
        words=data.get("words", ""),
        position=data.get("position", ""),
        media=tuple(data.get("media", ())),
        policy=data.get("policy", ""),
        alike=tuple(data.get("alike", ())),
        earlier=tuple(data.get("earlier", ())),
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


def _instant(event: CaseEvent, name: str) -> datetime | None:
    return datetime.fromisoformat(event.data[name]) if name in event.data else None


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
    ended = {"cancel_reason": event.data["reason"], "closed_at": event.at}
    return ended | _not_waiting() | _nothing_asked() | _no_proposal()


def _received_again(case: Case, event: CaseEvent) -> Changes:
    """T28–T30: back to where it began, with new dates; the old ones stay in the history."""
    return {
        "received_at": event.at,
        **_no_unit(),
        "assigned_at": None,
        "resolve_due": None,
        "first_due": None,
        "cancel_reason": "",
        "closed_at": None,
        "master_id": None,
        "outside": "",
        "revival_asked": False,
    } | _nobody_yet()


def _merged(case: Case, event: CaseEvent) -> Changes:
    """The other case goes on; whoever holds this one has nothing more to do."""
    return {"master_id": event.data["target_case_id"], "closed_at": event.at} | _nothing_asked() | _no_proposal()


def _joined(case: Case, event: CaseEvent) -> Changes:
    person = event.data.get("target_person_id")
    more = () if person is None or person in case.reporters else (person,)
    words, media = event.data.get("words", ""), tuple(event.data.get("media", ()))
    brought = (Joint(event.data["target_case_id"], words, media),) if words or media else ()
    return {
        "joined": case.joined + more,
        "merged_in": (*case.merged_in, event.data["target_case_id"]),
        "brought": case.brought + brought,
    }


def _parted(case: Case, event: CaseEvent) -> Changes:
    person, gone = event.data.get("target_person_id"), event.data["target_case_id"]
    return {
        "joined": tuple(one for one in case.joined if one != person),
        "merged_in": tuple(one for one in case.merged_in if one != gone),
        "brought": tuple(one for one in case.brought if one.case_id != gone),
    }


def _left(case: Case, event: CaseEvent) -> Changes:
    return {"left": True}


def _chained(case: Case, event: CaseEvent) -> Changes:
    return {"spot": event.data["spot"], "again_of": event.data["target_case_id"]}


def _unchained(case: Case, event: CaseEvent) -> Changes:
    return {"spot": None, "again_of": None}


def _referred_out(case: Case, event: CaseEvent) -> Changes:
    return {"outside": event.data["reference"], "closed_at": event.at} | _nobody_yet() | _no_transfer()


def _extension_requested(case: Case, event: CaseEvent) -> Changes:
    return {
        "extension_words": event.data["words"],
        "extension_document": event.data.get("reference", ""),
        "extension_media": tuple(event.data.get("media", ())),
    }


def _extended(case: Case, event: CaseEvent) -> Changes:
    """The words and the document stay readable; the first promise is kept beside the new one."""
    return {
        "first_due": case.first_due or case.resolve_due,
        "extensions": case.extensions + 1,
        "extension_until": None,
    }


def _nothing_asked() -> Changes:
    return {"extension_until": None, "extension_words": "", "extension_document": "", "extension_media": ()}


def _resumed(case: Case, event: CaseEvent) -> Changes:
    return {"resume_at": None}


def _extension_refused(case: Case, event: CaseEvent) -> Changes:
    return _nothing_asked()


def _revival_asked(case: Case, event: CaseEvent) -> Changes:
    return _added(case, event) | {"revival": event.data.get("words", ""), "revival_asked": True}


def _wrote(case: Case, event: CaseEvent) -> Changes:
    """A message that waits for an answer; of several, the last is shown and the first one's date holds."""
    return _added(case, event) | {"thread": event.data.get("words", "")}


def _replied(case: Case, event: CaseEvent) -> Changes:
    return {"thread": "", "thread_due": None}


def _appealed(case: Case, event: CaseEvent) -> Changes:
    return _disputed(case, event) | {"appealed": True}


def _closed_finally(case: Case, event: CaseEvent) -> Changes:
    return {"final": True, "interaction_due": None, "closed_at": event.at}


def _corrected(case: Case, event: CaseEvent) -> Changes:
    """What was recorded wrongly is put right by a further event; the wrong one stays in the history (T33)."""
    restored: dict[str, Any] = event.data["restored"]
    return {name: _restored(name, value) for name, value in restored.items() if name in CORRECTABLE}


def _restored(name: str, value: Any) -> Any:
    """A field of the case out of plain data."""
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name == "return_state":
        return State(value)
    if name == "reminders_at":
        return tuple(datetime.fromisoformat(at) for at in value)
    return tuple(value) if isinstance(value, list) else value


def _assigned(case: Case, event: CaseEvent) -> Changes:
    unit = {
        "agency_id": event.data.get("target_agency_id"),
        "enterprise": event.data.get("enterprise", False),
        "supervisor_id": event.data.get("supervisor_id"),
        "assigned_at": event.at,
    }
    return unit | _nobody_yet() | _no_proposal() | officials.handed(case, event)


def _no_unit() -> Changes:
    return {"agency_id": None, "enterprise": False, "supervisor_id": None} | _no_proposal()


def _proposed_cancel(case: Case, event: CaseEvent) -> Changes:
    words = event.data.get("words", "")
    return {"proposal": "cancel", "proposal_reason": event.data["reason"], "proposal_words": words}


def _proposed_merge(case: Case, event: CaseEvent) -> Changes:
    return {"proposal": "merge", "proposal_case_id": event.data["target_case_id"]}


def _proposal_refused(case: Case, event: CaseEvent) -> Changes:
    return _no_proposal()


def _no_proposal() -> Changes:
    return {"proposal": "", "proposal_reason": "", "proposal_words": "", "proposal_case_id": None}


def _nobody_yet() -> Changes:
    return {"holder_id": None, "claimed_at": None, "taken_at": None}


def _claimed(case: Case, event: CaseEvent) -> Changes:
    taken = {"taken_at": event.at} if case.urgent else {}
    return {"holder_id": event.person_id, "claimed_at": event.at} | taken | _no_transfer()


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
    } | _no_proposal()


def _transferred(case: Case, event: CaseEvent) -> Changes:
    return _assigned(case, event) | {"proposed_agency_id": None, "hops": case.hops + 1}


def _transfer_refused(case: Case, event: CaseEvent) -> Changes:
    return _no_transfer()


def _result_submitted(case: Case, event: CaseEvent) -> Changes:
    sanctioned = event.data["outcome"] == SANCTION and "reference" in event.data  # once it was not asked for
    return {
        "outcome": event.data["outcome"],
        "result": event.data.get("words", ""),
        "result_media": tuple(event.data.get("media", ())),
        "pair": event.data.get("pair", ""),
        "checker": event.data.get("checker", ""),
        "obstacle": event.data.get("reason", "") if event.data["outcome"] == NOT_POSSIBLE else "",
        "decision": event.data["reference"] if sanctioned else "",
        "fine": event.data.get("fine", 0) if sanctioned else None,
        "finished_at": event.at,
        "resume_at": None,
        "pledged_until": _instant(event, "pledged_until"),
        "pledge_kept_at": None,
    } | (_nothing_asked() | _no_proposal())


def _result_returned(case: Case, event: CaseEvent) -> Changes:
    return {"outcome": "", "fine": None, "finished_at": None, "pledged_until": None, "checker": "", "check_due": None}


def _promise_kept(case: Case, event: CaseEvent) -> Changes:
    return {"pledge_kept_at": event.at}


def _rated(case: Case, event: CaseEvent) -> Changes:
    changes: Changes = {"rating": event.data["rating"], "rated_by": _with(case.rated_by, event.person_id)}
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
        "disputed_by": _with(case.disputed_by, event.person_id if event.role is Role.CITIZEN else None),
        "closed_at": None,
        "complaint": event.data.get("words", ""),
        "rating_until": None,
    }


def _reworked(case: Case, event: CaseEvent) -> Changes:
    """A new cycle with its own clock; the first result stays readable until the next one replaces it."""
    return {
        "cycle": case.cycle + 1,
        "questions": 0,
        "outcome": "",
        "fine": None,
        "rating": None,
        "disputed": False,
        "disputed_by": (),
        "rated_by": (),
        "upheld": False,
        "appealed": False,
        "first_due": None,
        "extensions": 0,
        "finished_at": None,
        "interaction_due": None,
        "pledged_until": None,
        "pledge_kept_at": None,
    }


def _upheld(case: Case, event: CaseEvent) -> Changes:
    return {"interaction_due": None, "upheld": True}


def _with(people: tuple[int, ...], person: int | None) -> tuple[int, ...]:
    return people if person is None or person in people else (*people, person)


def _added(case: Case, event: CaseEvent) -> Changes:
    more = tuple(name for name in event.data.get("media", ()) if name not in case.media)
    return {"media": case.media + more} | _moved_place(event)


def _moved_place(event: CaseEvent) -> Changes:
    return {name: event.data[name] for name in ("position", "area") if name in event.data}


def _category(case: Case, event: CaseEvent) -> Changes:
    """A case that turns out to be about officials leaves its unit at once (R61, invariant 6)."""
    return {"category": event.data["category"]} | officials.became(case, event)


def _place(case: Case, event: CaseEvent) -> Changes:
    return _moved_place(event)


def _reminded(case: Case, event: CaseEvent) -> Changes:
    return {"reminders": case.reminders + 1}


def _urgent(case: Case, event: CaseEvent) -> Changes:
    """Whoever has the case is called anew: they may be at home by now."""
    return {"urgent": True, "urgent_at": event.at, "taken_at": None, "interim_at": None, "safe_at": None}


def _not_urgent(case: Case, event: CaseEvent) -> Changes:
    return {"urgent": False, "urgent_due": None}


def _call_taken(case: Case, event: CaseEvent) -> Changes:
    """Who answers the call has the case in hand from now on."""
    return {"taken_at": event.at, "holder_id": event.person_id}


def _told_meanwhile(case: Case, event: CaseEvent) -> Changes:
    """Who writes to the citizen about it is at work on it."""
    taken = {"taken_at": event.at} if case.taken_at is None and event.role in _HOLDERS else {}
    return {"interim_at": event.at} | taken


def _made_safe(case: Case, event: CaseEvent) -> Changes:
    return {"safe_at": event.at, "urgent_due": None}


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
    Action.KEEP_PROMISE: _promise_kept,
    Action.RATE: _rated,
    Action.CLOSE_UNRATED: _closed,
    Action.DISPUTE: _disputed,
    Action.REWORK: _reworked,
    Action.UPHOLD: _upheld,
    Action.ADD: _wrote,
    Action.REPLY: _replied,
    Action.MERGE: _merged,
    Action.JOIN: _joined,
    Action.PART: _parted,
    Action.LEAVE: _left,
    Action.CHAIN: _chained,
    Action.UNCHAIN: _unchained,
    Action.UNMERGE: _received_again,
    Action.TAKE_BACK: _received_again,
    Action.REVIVE: _received_again,
    Action.ASK_REVIVAL: _revival_asked,
    Action.PROPOSE_CANCEL: _proposed_cancel,
    Action.PROPOSE_MERGE: _proposed_merge,
    Action.REFUSE_PROPOSAL: _proposal_refused,
    Action.REFER_OUT: _referred_out,
    Action.REQUEST_EXTENSION: _extension_requested,
    Action.GRANT_EXTENSION: _extended,
    Action.REFUSE_EXTENSION: _extension_refused,
    Action.RESUME: _resumed,
    Action.APPEAL: _appealed,
    Action.CLOSE_FINALLY: _closed_finally,
    Action.CORRECT: _corrected,
    Action.CORRECT_CATEGORY: _category,
    Action.CORRECT_PLACE: _place,
    Action.REMIND_ANSWER: _reminded,
    Action.SET_SENSITIVE: officials.became,
    Action.CLEAR_SENSITIVE: officials.became,
    Action.NAME_UNIT: officials.named,
    Action.SET_URGENT: _urgent,
    Action.CLEAR_URGENT: _not_urgent,
    Action.ASK_SUPPORT: support.asked,
    Action.ANSWER_SUPPORT: support.answered,
    Action.DECLINE_SUPPORT: support.answered,
    Action.WAIVE_SUPPORT: support.waived,
    Action.REMIND_SUPPORT: support.reminded,
    Action.TAKE_CALL: _call_taken,
    Action.INTERIM: _told_meanwhile,
    Action.MAKE_SAFE: _made_safe,
}
