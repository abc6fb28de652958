"""Support tasks of a case: who was asked for what, what became of it, and what waits for it (domain.md 5.6, R47)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from workflows.actions import Action
from workflows.case.model import ENDED, Act, Case, CaseEvent, Role, Task

INSTRUMENTS = ("noise", "air", "waste_water", "other")  # what communes lack and others may own (R47)
DECLINE_REASONS = ("lacks_equipment", "lacks_people", "not_ours", "other")
_OWN = (Action.ANSWER_SUPPORT, Action.DECLINE_SUPPORT)


def open_tasks(case: Case) -> tuple[Task, ...]:
    """What somebody still works on."""
    return tuple(task for task in case.tasks if task.state == "open")


def open_task_of(case: Case, agency_id: int | None) -> Task | None:
    """What this unit was asked for and has not answered; a unit has one task of a case at a time."""
    return next((task for task in open_tasks(case) if task.agency_id == agency_id), None)


def helpers(case: Case) -> tuple[int, ...]:
    """The units that may look at the case because they help with it; none when it is about officials (R61)."""
    if case.sensitive:
        return ()
    return tuple(dict.fromkeys(task.agency_id for task in case.tasks if task.state in {"open", "done"}))


def helps(case: Case, act: Act) -> bool:
    """Whether the actor's unit was asked for something that it has not answered."""
    return not case.sensitive and open_task_of(case, act.agency_id) is not None


def whose(case: Case, act: Act) -> int | None:
    """The unit whose task is meant: one's own to answer it; else the one that was named, or the only one asked."""
    if act.action in _OWN and Role.ADMIN not in act.roles:
        return act.agency_id
    waiting = open_tasks(case)
    return act.target_agency_id or (waiting[0].agency_id if len(waiting) == 1 else None)


# --- what events change ---


def asked(case: Case, event: CaseEvent) -> dict[str, Any]:
    """One task more."""
    data = event.data
    due = datetime.fromisoformat(data.get("support_until") or data["support_due"])
    task = Task(data["target_agency_id"], event.at, due, data["words"], data.get("instrument", ""))
    return {"tasks": (*case.tasks, task)}


def answered(case: Case, event: CaseEvent) -> dict[str, Any]:
    """The helper has done it, or cannot."""
    changes = {
        "state": "declined" if event.data.get("reason") else "done",
        "answer": event.data.get("words", ""),
        "media": tuple(event.data.get("media", ())),
        "reason": event.data.get("reason", ""),
        "ended_at": event.at,
    }
    return {"tasks": _changed(case, event.data["target_agency_id"], changes)}


def waived(case: Case, event: CaseEvent) -> dict[str, Any]:
    """The unit with the case goes on without it."""
    return {"tasks": _changed(case, event.data["target_agency_id"], {"state": "dropped", "ended_at": event.at})}


def reminded(case: Case, event: CaseEvent) -> dict[str, Any]:
    """Those whose term is over have been told so."""
    over = tuple(replace(task, reminded=True) if is_over(task, event.at) else task for task in case.tasks)
    return {"tasks": over}


def ended(case: Case, event: CaseEvent) -> dict[str, Any]:
    """Nobody works on for a case that has ended, or that has turned out to be about officials."""
    if not open_tasks(case) or not (event.after in ENDED or event.data.get("sensitive")):
        return {}
    return {
        "tasks": tuple(
            replace(task, state="dropped", ended_at=event.at) if task.state == "open" else task for task in case.tasks
        )
    }


def is_over(task: Task, at: datetime) -> bool:
    """Whether an open task is past its term and nobody has been told."""
    return task.state == "open" and not task.reminded and at >= task.due


def _changed(case: Case, agency_id: int | None, changes: dict[str, Any]) -> tuple[Task, ...]:
    return tuple(
        replace(task, **changes) if task.state == "open" and task.agency_id == agency_id else task
        for task in case.tasks
    )
