"""Correcting: what was recorded wrongly is taken back by a further event, seen first and, if public, by two (T33)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers import cases
from handlers.administration import ACTOR, Refused, case_by_code
from handlers.carry_out import carry_out, show_cards
from handlers.cases import ADMINISTRATOR
from handlers.staffing import staff
from handlers.tools import Tools
from handlers.turn import Batch, Turn
from handlers.web_access import matches
from storage.codec import dump, plain
from storage.pages import PageStore
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case.decide import decide
from workflows.case.model import Act, Case, CaseEvent, Refusal
from workflows.case.replay import CORRECTABLE, replay
from workflows.frozen import frozen

# Evidence, reporters and messages that wait are never taken back.
KEPT = frozenset({"media", "joined", "merged_in", "thread", "thread_due", "moved_by", "moved_at", "policy"})
# A case about officials is never given back by a correction (R61): not to a unit, and not to be read by others.
OF_OFFICIALS = frozenset({"sensitive", "sealed", "concerned_id", "concerned_words", "agency_id", "holder_id"})
OF_OFFICIALS |= {"proposed_agency_id", "enterprise", "supervisor_id"}
TWO_CASES = frozenset({Action.MERGE, Action.UNMERGE, Action.JOIN, Action.PART})


@frozen
class Second:
    """The other person who agrees: an officer's number and PIN."""

    number: int
    pin: str


@frozen
class Corrected:
    """What changes or changed: the case's fields with their new values; ``seen`` is what the correction is good for."""

    fields: dict[str, Any]
    seen: int
    refusal: Refusal | None = None


def correct(
    tools: Tools, code: str, seq: int, reason: str, *, seen: int | None, second: Second | None, dry_run: bool
) -> Corrected:
    """Bring a case back to how it stood before event ``seq``. Raises Refused, saying what to do instead."""
    now = tools.clock.now()
    with tools.store.write() as uow:
        row = uow.cases.get(case_by_code(uow, code).id, lock=True)
        assert row is not None, "it was found by its code"
        fields = _fields(row.case, uow.cases.events(row.id), seq)
        if not dry_run:
            _looked_first(row.case, seen)
            _by_two(uow, row.case, second)
        act = Act(
            Action.CORRECT,
            ADMINISTRATOR.roles,
            now,
            words=tools.fresh(),
            restored=tuple(fields.items()),
            undoes=seq,
        )
        events = decide(row.case, act, tools.knowledge.law(uow, row.case))
        if isinstance(events, Refusal):
            return Corrected({}, row.case.version, events)
        if not dry_run:
            uow.cases.add_words(act.words, row.id, None, act.action.value, reason, now)
            home = uow.chats.get([row.home_chat_id])[row.home_chat_id]
            turn = Turn(tools, uow, Batch(), now, home)
            turn.touched.add(row.id)
            carry_out(turn, cases.keep(tools, uow, row, events, now), ADMINISTRATOR)
            show_cards(turn)
            by = {"second": second.number} if second else {}
            uow.registers.record(ACTOR, "case.corrected", code, now, undoes=seq, **by)
            uow.flush(now)
    if not dry_run:
        tools.bell.ring()
    return Corrected(fields, row.case.version)


def _fields(case: Case, events: Sequence[CaseEvent], seq: int) -> dict[str, Any]:
    """What differs from the case before event ``seq``, as plain data."""
    if not 1 < seq <= len(events):
        raise Refused(
            f"phản ánh có bước 1 đến {len(events)}; không hủy được bước 1 (cases show)",
            f"the case has events 1 to {len(events)}; the first cannot be taken back (cases show)",
        )
    if any(event.action in TWO_CASES for event in events[seq - 1 :]):
        raise Refused(
            "bước gộp, tách liên quan hai phản ánh; hãy dùng cases move", "merging concerns two cases; use cases move"
        )
    before, now = (plain(dump(one)) for one in (replay(events[: seq - 1]), case))
    names = (CORRECTABLE | {"state"}) - KEPT - (OF_OFFICIALS if case.sensitive else set())
    return {name: value for name, value in before.items() if name in names and value != now.get(name)}


def _looked_first(case: Case, seen: int | None) -> None:
    if seen != case.version:
        raise Refused(
            f"hãy xem trước bằng --dry-run, rồi chạy lại với --seen {case.version}",
            f"look first with --dry-run, then run it again with --seen {case.version}",
        )


def _by_two(uow: UnitOfWork, case: Case, second: Second | None) -> None:
    """What the public can see is corrected by two: since it was passed on, that is all of it (domain.md 5.10)."""
    if case.assigned_at is None:
        return
    if second is None:
        raise Refused(
            "phản ánh đã công khai; cần người thứ hai: --second SỐ CÁN BỘ",
            "the case is public; a second person is needed: --second OFFICER NUMBER",
        )
    row = staff(uow, second.number)
    hashed = PageStore(uow).pin(row["person_id"])
    if row["status"] != "confirmed" or not hashed or not matches(second.pin, hashed):
        raise Refused("số cán bộ hoặc mã PIN không đúng (staff pin)", "wrong officer number or PIN (staff pin)")
