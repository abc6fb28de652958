"""Duty in a unit's own group: who is on duty now and next, taking a shift over, handing it on, a note for the next."""

from __future__ import annotations

from handlers import duty
from handlers.cases import Mover
from handlers.shift_watch import values_of
from handlers.turn import Turn
from storage.codec import dump
from storage.roster import RosterStore
from workflows.case.model import Role
from workflows.duty.shifts import Shift, is_empty, may_take
from workflows.duty.shown import Shown
from workflows.effects import ChangeDuty, Lane
from workflows.messages import Value, say, text
from workflows.notifier.table import CALL

MAX_NOTE = 1000  # characters
LEADS = frozenset({Role.HEAD, Role.LEADER})


def shown(turn: Turn) -> tuple[Shown | None, Shown | None]:
    """The shift that runs in this group's unit, and the next one."""
    unit = turn.chat.agency_id
    now, after = duty.current(turn.uow, unit, turn.now), duty.following(turn.uow, unit, turn.now)
    return _shown(turn, now), _shown(turn, after)


def _shown(turn: Turn, shift: Shift | None) -> Shown | None:
    if shift is None:
        return None
    uow = turn.uow
    empty = is_empty(shift, duty.serving(uow, shift.agency_id))
    stand_in = duty.names_of(uow, [shift.stand_in_id]) if shift.stand_in_id != shift.has_it else ""
    return Shown(shift.id, shift.starts_at, shift.ends_at, duty.names_of(uow, [shift.has_it]), stand_in, empty)


def change(turn: Turn, effect: ChangeDuty, mover: Mover) -> None:
    """Take a shift over, hand it on or leave a note; whoever may not is told who may."""
    if mover.person_id is None or not mover.roles:
        return
    shift = _meant(turn, effect)
    if shift is None:
        turn.answer(say("duty.no_shift"))
        return
    _DO[effect.verb](turn, shift, effect, mover.person_id, bool(LEADS & mover.roles))


def _meant(turn: Turn, effect: ChangeDuty) -> Shift | None:
    """A shift of this group's own unit that is not over; without a number, the one that runs."""
    if not effect.shift_id:
        return duty.current(turn.uow, turn.chat.agency_id, turn.now)
    shift = RosterStore(turn.uow).get(effect.shift_id)
    ours = shift is not None and turn.chat.linked and shift.agency_id == turn.chat.agency_id
    return shift if ours and shift is not None and shift.ends_at > turn.now else None


def _take(turn: Turn, shift: Shift, effect: ChangeDuty, person: int, leads: bool) -> None:
    if person == shift.has_it:
        turn.answer(say("duty.yours_already"))
    elif not may_take(shift, person, head=leads, serving=duty.serving(turn.uow, shift.agency_id)):
        turn.answer(say("duty.may_not_take", people=text(duty.names_of(turn.uow, [shift.stand_in_id]) or "–")))
    elif _passed(turn, shift, person, "shift.taken", person):
        turn.answer(say("duty.taken", **values_of(turn.uow, shift) | {"people": _name(turn, person)}))


def _give(turn: Turn, shift: Shift, effect: ChangeDuty, person: int, leads: bool) -> None:
    """The duty goes to the stand-in, who hears of it in private too."""
    stand_in = shift.stand_in_id
    if person != shift.has_it and not leads:
        turn.answer(say("duty.may_not_give", people=_name(turn, shift.has_it)))
    elif stand_in is None or stand_in == shift.has_it or stand_in not in duty.serving(turn.uow, shift.agency_id):
        turn.answer(say("duty.no_stand_in"))
    elif _passed(turn, shift, stand_in, "shift.given", person):
        values = values_of(turn.uow, shift) | {"people": _name(turn, stand_in)}
        turn.answer(say("duty.given", **values))
        for chat in duty.private_chats(turn.uow, [stand_in]):
            told = dump(say("duty.given_to_you", **values))
            turn.uow.outbox.put(chat.id, Lane.NOTICE, "send", told, turn.now, purpose=CALL)


def _note(turn: Turn, shift: Shift, effect: ChangeDuty, person: int, leads: bool) -> None:
    if person not in (shift.has_it, shift.stand_in_id) and not leads:
        turn.answer(say("duty.may_not_give", people=_name(turn, shift.has_it)))
        return
    RosterStore(turn.uow).change(shift.id, note=effect.text[:MAX_NOTE])
    turn.answer(say("duty.noted"))


def _passed(turn: Turn, shift: Shift, to: int, what: str, by: int) -> bool:
    """Whether the shift changed hands; False when somebody was quicker, which is said."""
    if not RosterStore(turn.uow).pass_on(shift, to):
        turn.answer(say("duty.changed"))
        return False
    turn.uow.registers.record(f"person:{by}", what, str(shift.id), turn.now, to=to)
    return True


def _name(turn: Turn, person: int | None) -> Value:
    return text(duty.names_of(turn.uow, [person]) or (f"#{person}" if person is not None else "–"))


_DO = {"take": _take, "give": _give, "note": _note}
