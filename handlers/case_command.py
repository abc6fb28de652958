"""An administrator moves a case by command: the same table, the same history, the same notices as in a group."""

from __future__ import annotations

from datetime import date

from handlers import cases
from handlers.administration import ACTOR, area, case_by_code, category
from handlers.carry_out import carry_out, show_cards
from handlers.cases import ADMINISTRATOR
from handlers.tools import Tools
from handlers.turn import Batch, Turn
from workflows.actions import Action
from workflows.case.model import Refusal
from workflows.effects import MoveCase
from workflows.frozen import frozen


@frozen
class Wanted:
    """A move and what goes with it; agency by its id, the rest as codes and words."""

    action: Action
    text: str = ""
    reason: str = ""
    agency_id: int | None = None
    category: str = ""
    area: str = ""
    outcome: str = ""
    fine: int | None = None  # of a sanction, in đồng
    ticked: bool = False  # the result answers the question asked
    until: date | None = None  # an extension's new date
    reference: str = ""  # a document's number, or the body outside
    other: str = ""  # code of the case to be merged into


@frozen
class Moved:
    """What became of it: the moves made, or why not (nothing has changed then)."""

    moves: tuple[str, ...] = ()
    refusal: Refusal | None = None


def move_by_code(tools: Tools, code: str, wanted: Wanted, *, dry_run: bool) -> Moved:
    """Move one case in a transaction of its own. Raises Refused for an unknown code."""
    now = tools.clock.now()
    with tools.store.write() as uow:
        row = case_by_code(uow, code)
        if wanted.category:
            category(uow, wanted.category)
        if wanted.area:
            area(uow, wanted.area)
        move = MoveCase(
            row.id,
            wanted.action,
            text=wanted.text,
            reason=wanted.reason,
            agency_id=wanted.agency_id,
            category=wanted.category,
            area=wanted.area,
            outcome=wanted.outcome,
            fine=wanted.fine,
            ticked=wanted.ticked,
            until=tools.knowledge.law(uow).calendar.end_of(wanted.until) if wanted.until else None,
            reference=wanted.reference,
            other_id=case_by_code(uow, wanted.other).id if wanted.other else None,
        )
        outcome = cases.move(tools, uow, move, ADMINISTRATOR, now)
        if outcome.refusal is None:
            home = uow.chats.get([row.home_chat_id])[row.home_chat_id]
            turn = Turn(tools, uow, Batch(), now, home)
            turn.touched.add(row.id)
            carry_out(turn, outcome.effects, ADMINISTRATOR)
            show_cards(turn)
            uow.registers.record(ACTOR, "case.moved", code, now, action=wanted.action.value)
            uow.flush(now)
        if dry_run:
            uow.connection.rollback()
    if outcome.refusal is None and not dry_run:
        tools.bell.ring()
    return Moved(tuple(event.move or event.action.value for event in outcome.events), outcome.refusal)
