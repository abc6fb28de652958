"""Joining a case of others, and leaving it again: two cases change, both locked, neither without the other."""

from __future__ import annotations

from handlers import cases, opening
from handlers.cases import Mover, Outcome
from handlers.opening import Entry
from handlers.turn import Turn
from storage.cases import CaseRow
from workflows.actions import Action
from workflows.case.model import Refusal, State
from workflows.effects import Here, MoveCase, Say, ShowCard
from workflows.messages import say
from workflows.nearby import may_be_offered

LONGEST_WAY = 5  # cases that were merged one into another


def join(turn: Turn, entry: Entry, to: int, mover: Mover) -> Outcome:
    """Report something together with others: a case of one's own that is merged into theirs at once.

    So every report stays counted, with its own limits, words and photos. What is the person's own case already only
    gets the words and photos. If the other case has ended in this moment, or may not be joined any more, the report
    goes on alone, and that is said: nothing is lost. Raises CaseBusy before anything is written.
    """
    master = _going_on(turn, to)
    if master is not None:
        turn.lock_case(master.id)
        master = turn.uow.cases.get(master.id, lock=True)
    joined = _joined(turn, entry, master, mover) if master is not None else None
    return joined or _alone(turn, entry)


def _going_on(turn: Turn, case_id: int) -> CaseRow | None:
    """The case itself, or the one that it was merged into meanwhile."""
    row = turn.uow.cases.get(case_id)
    for _ in range(LONGEST_WAY):
        if row is None or row.case.master_id is None or row.case.state is not State.MERGED:
            break
        row = turn.uow.cases.get(row.case.master_id)
    return row


def _joined(turn: Turn, entry: Entry, master: CaseRow, mover: Mover) -> Outcome | None:
    tools, uow, report = turn.tools, turn.uow, entry.report
    if entry.person_id in master.case.reporters:
        media = tuple(item.attachment for item in report.media)
        added = cases.move(tools, uow, MoveCase(master.id, Action.ADD, text=report.text, media=media), mover, turn.now)
        return None if added.refusal else added
    if not may_be_offered(master.case, tools.knowledge.law(uow).policy.near):
        return None
    entered = opening.enter(tools, uow, entry, turn.now)
    if isinstance(entered, Refusal):
        return Outcome(0, refusal=entered)
    row, events = entered
    merge = MoveCase(row.id, Action.MERGE, other_id=master.id)
    merged = cases.move(tools, uow, merge, mover, turn.now)
    if merged.refusal:
        told = opening.announce(tools, uow, row, events, turn.now)
        return Outcome(row.id, (_said_alone(), *told), code=row.case.code, events=events)
    # Nobody works on the report itself: only the case that goes on is shown.
    effects = tuple(one for one in merged.effects if not (isinstance(one, ShowCard) and one.case_id == row.id))
    return Outcome(row.id, effects, code=row.case.code, events=events + merged.events)


def _alone(turn: Turn, entry: Entry) -> Outcome:
    opened = opening.open_case(turn.tools, turn.uow, entry, turn.now)
    if opened.refusal:
        return opened
    return Outcome(opened.case_id, (_said_alone(), *opened.effects), code=opened.code, events=opened.events)


def _said_alone() -> Say:
    return Say(Here(), say("near.went_alone"))


def leave(turn: Turn, case_id: int, mover: Mover) -> Outcome:
    """Follow a case of others no longer: it goes on, and so does what was brought along, without this person."""
    turn.lock_case(case_id)
    master = turn.uow.cases.get(case_id, lock=True)
    if master is None or mover.person_id is None:
        return Outcome(case_id, refusal=Refusal("refused.unknown_case"))
    mine = [one for one in master.case.merged_in if _is_of(turn, one, mover.person_id)]
    done = Outcome(case_id, refusal=Refusal("refused.not_joined"))
    for one in mine:
        turn.lock_case(one)
        left = cases.move(turn.tools, turn.uow, MoveCase(one, Action.LEAVE), mover, turn.now)
        if left.refusal:
            return left
        done = left
    return done


def _is_of(turn: Turn, case_id: int, person_id: int) -> bool:
    row = turn.uow.cases.get(case_id)
    return row is not None and row.case.reporter_id == person_id
