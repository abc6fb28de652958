"""A call answered in somebody's own chat: the same move as in the group, by whoever may make it there."""

from __future__ import annotations

from handlers.carry_out import carry_out
from handlers.cases import Mover
from handlers.rights import duty_roles, sees
from handlers.turn import AskMembership, Turn
from storage.cases import CaseRow
from storage.chats import ChatRow
from storage.people import StaffRow
from workflows.actions import Action
from workflows.case.model import State
from workflows.effects import AnswerCall, MoveCase
from workflows.messages import say, text


def answer(turn: Turn, effect: AnswerCall, user: str) -> None:
    """Take the case for the unit that is called. Authority is that of the group: confirmed, and a member of it now.

    ``user``: the person's id on this platform. Raises AskMembership when the platform must be asked first.
    """
    row = turn.uow.cases.get(effect.case_id)
    person = turn.person
    found = _group(turn, row, user) if row is not None and person is not None else None
    if row is None or person is None or found is None:
        turn.answer(say("urgent.in_group"))
        return
    group, duty = found
    verb = Action.CLAIM if row.case.state is State.ASSIGNED else Action.TAKE_CALL
    roles = duty_roles(turn.uow, group, duty, turn.now)
    before = row.case.version
    carry_out(turn, (MoveCase(row.id, verb),), Mover(person.id, roles, row.case.agency_id))
    after = turn.uow.cases.get(row.id)
    if after is not None and after.case.version != before:
        turn.answer(say("urgent.taken_alone", code=text(row.case.code)))


def _group(turn: Turn, row: CaseRow | None, user: str) -> tuple[ChatRow, StaffRow] | None:
    """The called unit's group on this platform of which the person is a member, and their duty there."""
    if row is None or row.case.agency_id is None or turn.person is None:
        return None
    duties = {one.agency_id: one for one in turn.uow.people.duties(turn.person.id) if one.status == "confirmed"}
    duty = duties.get(row.case.agency_id)
    if duty is None:
        return None
    for group in turn.uow.chats.of_agency(row.case.agency_id):
        if group.platform == turn.chat.platform and sees(group, row.case) and _is_member(turn, group, user):
            return group, duty
    return None


def _is_member(turn: Turn, group: ChatRow, user: str) -> bool:
    """As in the group itself: a short cache, else the platform is asked; what it cannot say counts as no."""
    lasts = turn.tools.road.membership
    known = turn.uow.chats.member(group.id, user, turn.now - lasts)
    if known is not None:
        return known
    asked = turn.batch.unanswered.get((group.id, user))
    if asked is not None and asked + lasts > turn.now:
        return False
    raise AskMembership(group.id, group.platform, group.external_id, user)
