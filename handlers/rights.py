"""What a group may look at, what it has to act on, and in which roles its people act."""

from __future__ import annotations

from storage.cases import WITH_OPERATORS
from storage.chats import ChatRow
from storage.unit_of_work import UnitOfWork
from workflows.case.model import Case, Role


def roles_of(*, operators: bool, head: bool) -> frozenset[Role]:
    """A confirmed member acts as operator, or as focal officer and officer; the head also as such.

    Whoever is named head of the operations team is the leader, who stands above all agencies.
    """
    if operators:
        return frozenset({Role.OPERATOR, Role.LEADER} if head else {Role.OPERATOR})
    return frozenset({Role.FOCAL, Role.OFFICER, Role.HEAD} if head else {Role.FOCAL, Role.OFFICER})


def group_roles(uow: UnitOfWork, chat: ChatRow, case: Case) -> frozenset[Role]:
    """In whose capacity a group's buttons are shown; what a person may really do is decided at the press."""
    if chat.operators and case.state not in WITH_OPERATORS:
        return roles_of(operators=True, head=False)  # nothing of the leader's to decide
    heads = any(duty["role"] == "head" for duty in uow.people.staff(chat.agency_id))
    return roles_of(operators=chat.operators, head=heads)


def sees(chat: ChatRow, case: Case) -> bool:
    """Whether the group may look at the case: the operators at all, an agency at what it holds and is not sensitive."""
    return chat.operators or (chat.agency_id is not None and case.agency_id == chat.agency_id and not case.sensitive)


def must_act(chat: ChatRow, case: Case) -> bool:
    """Whether this group has to act on the case: the agency that holds it, or the operators in its stead."""
    if chat.operators:
        asked = case.extension_until is not None or case.revival_asked
        return asked or case.agency_id is None or case.sensitive or case.state in WITH_OPERATORS
    return sees(chat, case)
