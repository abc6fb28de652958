"""What a group may look at, what it has to act on, and in which roles its people act."""

from __future__ import annotations

from datetime import datetime

from handlers.inspection_line import is_line, knows
from storage.agencies import ENTERPRISE
from storage.cases import WITH_OPERATORS
from storage.chats import ChatRow
from storage.duties import DutyStore
from storage.people import StaffRow
from storage.unit_of_work import UnitOfWork
from workflows.case import checking, support
from workflows.case.model import Case, Role, State

_OFFICER = frozenset({Role.OFFICER, Role.HELPER})  # the last where their unit was asked to help
_WORKER = frozenset({Role.ENTERPRISE, Role.HELPER})


def roles_of(
    *, operators: bool, head: bool, line: bool = False, focal: bool = True, enterprise: bool = False
) -> frozenset[Role]:
    """A confirmed member acts as operator, as officer, or for an enterprise; focal officers and heads also as such.

    ``line``: in a unit of the inspection line, which alone handles cases about officials (R61).
    Whoever is named head of the operations team is the leader, who stands above all agencies.
    """
    if operators:
        return frozenset({Role.OPERATOR, Role.LEADER} if head else {Role.OPERATOR})
    if enterprise:
        return _WORKER | {Role.HEAD} if head else _WORKER
    named = {Role.FOCAL: focal or head, Role.HEAD: head, Role.INSPECTION: line}
    return _OFFICER | {role for role, has in named.items() if has}


def duty_roles(uow: UnitOfWork, chat: ChatRow, duty: StaffRow, now: datetime) -> frozenset[Role]:
    """The roles in which a confirmed member acts in this group today: a head's delegate acts as head on the days named.

    Whether everybody is a focal officer is the policy's of each case (``handlers/stance.py``).
    """
    head = duty.role == "head" or DutyStore(uow).is_delegate(duty.id, now)
    return roles_of(
        operators=chat.operators,
        head=head,
        line=is_line(uow, chat.agency_id),
        focal=duty.role == "focal",
        enterprise=is_enterprise(uow, chat.agency_id),
    )


def is_enterprise(uow: UnitOfWork, agency_id: int | None) -> bool:
    """Whether an agency does its work under another's supervision."""
    agency = uow.agencies.get(agency_id) if agency_id is not None else None
    return agency is not None and agency.kind == ENTERPRISE


def group_roles(uow: UnitOfWork, chat: ChatRow, case: Case, now: datetime) -> frozenset[Role]:
    """In whose capacity a group's buttons are shown; what a person may really do is decided at the press."""
    if chat.operators and case.state not in WITH_OPERATORS:
        return roles_of(operators=True, head=False)  # nothing of the leader's to decide
    return roles_of(
        operators=chat.operators,
        head=DutyStore(uow).is_led(None if chat.operators else chat.agency_id, now),
        line=is_line(uow, chat.agency_id),
        enterprise=is_enterprise(uow, chat.agency_id),
    )


def sees(chat: ChatRow, case: Case) -> bool:
    """Whether the group may look at the case: the operators at all, an agency at what it holds, supervises or helps
    with. What the units below it hold, ``looks`` knows.

    A sealed case is for the unit of the inspection line that holds it, and for nobody else (R61).
    """
    if chat.operators or chat.agency_id is None:
        return chat.operators and not case.sealed
    if case.sensitive:
        return case.sealed and chat.agency_id == case.agency_id
    return chat.agency_id in (case.agency_id, case.supervisor_id, *support.helpers(case))


def looks(uow: UnitOfWork, chat: ChatRow, case: Case) -> bool:
    """Whether the group may look at the case, also as the group of an agency above the one that holds it.

    What is sensitive is never seen from above (R61).
    """
    if sees(chat, case) or case.sensitive or chat.agency_id is None or case.agency_id is None:
        return sees(chat, case)
    return not chat.operators and chat.agency_id in uow.agencies.above(case.agency_id)


def must_act(chat: ChatRow, case: Case) -> bool:
    """Whether this group has to act on the case: the agency that holds it, or the operators in its stead."""
    if chat.operators:
        if case.sealed:
            return knows(chat, case)
        theirs = case.state in WITH_OPERATORS or checking.waits_for_operators(case)
        return bool(case.asked) or case.agency_id is None or case.sensitive or theirs
    helping = support.open_task_of(case, chat.agency_id) is not None
    checks = case.state is State.RESULT_SUBMITTED and chat.agency_id == case.supervisor_id
    return sees(chat, case) and (helping or checks or case.agency_id == chat.agency_id)
