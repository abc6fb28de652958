"""What a group may look at, what it has to act on, and in which roles its people act."""

from __future__ import annotations

from handlers.officials import is_line, knows
from storage.cases import WITH_OPERATORS
from storage.chats import ChatRow
from storage.unit_of_work import UnitOfWork
from workflows.case import support
from workflows.case.model import Case, Role

_OFFICER = frozenset({Role.FOCAL, Role.OFFICER, Role.HELPER})  # the last where their unit was asked to help


def roles_of(*, operators: bool, head: bool, line: bool = False) -> frozenset[Role]:
    """A confirmed member acts as operator, or as focal officer and officer; the head also as such.

    ``line``: in a unit of the inspection line, which alone handles cases about officials (R61).
    Whoever is named head of the operations team is the leader, who stands above all agencies.
    """
    if operators:
        return frozenset({Role.OPERATOR, Role.LEADER} if head else {Role.OPERATOR})
    own = {*_OFFICER, Role.INSPECTION} if line else _OFFICER
    return frozenset({*own, Role.HEAD} if head else own)


def beside(chat: ChatRow, case: Case, roles: frozenset[Role]) -> frozenset[Role]:
    """In which of these roles people of a group stand beside a case: those of a unit that helps only help."""
    if chat.operators or chat.agency_id == case.agency_id:
        return roles
    return frozenset({Role.HELPER}) if support.open_task_of(case, chat.agency_id) else frozenset()


def group_roles(uow: UnitOfWork, chat: ChatRow, case: Case) -> frozenset[Role]:
    """In whose capacity a group's buttons are shown; what a person may really do is decided at the press."""
    if chat.operators and case.state not in WITH_OPERATORS:
        return roles_of(operators=True, head=False)  # nothing of the leader's to decide
    heads = any(duty["role"] == "head" for duty in uow.people.staff(chat.agency_id))
    return beside(chat, case, roles_of(operators=chat.operators, head=heads, line=is_line(uow, chat.agency_id)))


def sees(chat: ChatRow, case: Case) -> bool:
    """Whether the group may look at the case: the operators at all, an agency at what it holds or helps with.

    A sealed case is for the unit of the inspection line that holds it, and for nobody else (R61).
    """
    if chat.operators or chat.agency_id is None:
        return chat.operators and not case.sealed
    if case.sensitive:
        return case.sealed and chat.agency_id == case.agency_id
    return chat.agency_id in (case.agency_id, *support.helpers(case))


def must_act(chat: ChatRow, case: Case) -> bool:
    """Whether this group has to act on the case: the agency that holds it, or the operators in its stead."""
    if chat.operators:
        if case.sealed:
            return knows(chat, case)
        asked = case.extension_until is not None or case.revival_asked
        return asked or case.agency_id is None or case.sensitive or case.state in WITH_OPERATORS
    helping = support.open_task_of(case, chat.agency_id) is not None
    return sees(chat, case) and (helping or case.agency_id == chat.agency_id)
