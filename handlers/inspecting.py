"""Inspecting: where a case is, who holds it, why it is due then, and who was told what and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from handlers.administration import ACTOR, Refused, case_by_code
from handlers.identity import KINDS, PURPOSE
from handlers.ports import Words
from storage.cases import CaseRow, due_of
from storage.law import Laws
from storage.sources import SourceStore
from storage.unit_of_work import UnitOfWork
from workflows.case import explain, ledger
from workflows.case.law import Law
from workflows.case.model import Case, CaseEvent
from workflows.case.overdue import degree
from workflows.succession import standing

# In a list or an export, of what is about officials (R61): little enough to count, too little to tell one by.
HIDDEN: dict[str, Any] = {"category": "*"} | dict.fromkeys(("area", "outcome", "channel", "rating", "cancel_reason"))

Names = Callable[[int | None], str | None]


def summary(uow: UnitOfWork, rows: list[CaseRow]) -> list[dict[str, Any]]:
    """A line for each case. Nothing says who reported it; of a case about officials, nothing by which to tell it."""
    codes = {row.id: row.code for row in uow.agencies.all()}
    return [_line(row.case, codes) | (HIDDEN if row.case.sensitive else {}) for row in rows]


def history(uow: UnitOfWork, code: str, laws: Laws, now: datetime, reason: str = "") -> dict[str, Any]:
    """Everything an administrator may know about a case; of one about officials for a written reason, which is logged.

    Raises Refused for an unknown code, or without a reason where one is wanted.
    """
    row = case_by_code(uow, code)
    if row.case.sensitive:
        _for_a_reason(uow, row.case, reason, now)
    codes = {agency.id: agency.code for agency in uow.agencies.all()}
    events = uow.cases.events(row.id)
    people = _names(uow, [row.case.holder_id, *(event.person_id for event in events)], row.case.reporter_id)
    area = uow.areas.names(row.case.area, row.case.area_day) if row.case.area else None
    position = uow.cases.position(row.case.position)
    law = laws.of_case(uow, row.case, now)
    return _line(row.case, codes) | {
        "source": _source(uow, row),
        "place": {"area": area[0] if area else None, "lat": position.lat, "lon": position.lon,
                  "address": position.address, "area_now": _area_now(uow, row.case.area, now)},
        "holder": people(row.case.holder_id),
        "concerned": codes.get(row.case.concerned_id) if row.case.concerned_id else None,
        "policy": law.version or None,
        "regulation": law.regulation,
        "overdue": degree(row.case, law, now),
        "promised_until": row.case.pledged_until,
        "promise_kept_at": row.case.pledge_kept_at,
        "why_due": why_due(row.case, law),
        "clocks": [_reading(one) for one in ledger.readings(events, law, now)],
        "held": [_held(one, codes, people) for one in ledger.holders(events, law, now)],
        "events": [_event(event, codes, people) for event in events],
        "words": [one for one in uow.cases.words_of_case(row.id) if one["kind"] not in KINDS],
        "media": [_media(one) for one in uow.attachments.of_case(row.id)],
        "told": [_told(uow, line, codes) for line in uow.outbox.of_case(row.id)],
    }  # fmt: skip


def _area_now(uow: UnitOfWork, code: str, now: datetime) -> list[str]:
    """The names of what there is now in place of an area that is no more."""
    area = uow.areas.get(code) if code else None
    if area is None or area.stands(now):
        return []
    became: dict[str, tuple[str, ...]] = {}
    for one in uow.areas.past():
        became.setdefault(one.code, one.successors)
    there = {row.code: row.vi for row in uow.areas.all(now)}
    return [there[one] for one in standing(code, became, there.__contains__)]


def _for_a_reason(uow: UnitOfWork, case: Case, reason: str, now: datetime) -> None:
    """R61: who looks into a case about officials from outside its line says why, and that is written down."""
    if not reason.strip():
        raise Refused(
            f"{case.code} là phản ánh về cán bộ; cần --reason: vì sao xem (được ghi lại)",
            f"{case.code} is about officials; --reason is wanted: why it is looked at (it is logged)",
        )
    uow.registers.record(ACTOR, "case.sensitive_seen", case.code, now, reason=reason.strip())


def _source(uow: UnitOfWork, row: CaseRow) -> dict[str, str] | None:
    """How it came, where an operator took it down, and its number there; None: the reporter sent it in a chat."""
    found = SourceStore(uow).of_case(row.id) if row.case.channel else None
    return {"channel": row.case.channel, "number": found.number if found else ""} if row.case.channel else None


def why_due(case: Case, law: Law) -> list[dict[str, Any]]:
    """The steps by which the due date was counted: clock, rule and day. Of a finished case: of what still runs."""
    found = explain.running(case, law)
    if found is None:
        return []
    return [
        {"clock": found.clock, "rule": line.rule, "day": line.day, "title": line.title[0]}
        for line in explain.told(found.lines)
    ]


def why_in_words(uow: UnitOfWork, code: str, laws: Laws, now: datetime, words: Words) -> list[str]:
    """The same, line by line in Vietnamese and English. Raises Refused for an unknown code."""
    case = case_by_code(uow, code).case
    message = explain.explained(case, laws.of_case(uow, case, now))
    return [
        " / ".join(words.text(language, line.key, line.values) for language in ("vi", "en")) for line in message.lines
    ]


def listing(uow: UnitOfWork, at_once: int, limit: int | None, **chosen: Any) -> Iterator[list[CaseRow]]:
    """Cases that fit, page by page, oldest first."""
    last, left = 0, limit
    while left is None or left > 0:
        size = at_once if left is None else min(at_once, left)
        rows = uow.cases.listing(after_id=last, how_many=size, **chosen)
        if not rows:
            return
        yield rows
        last = rows[-1].id
        left = None if left is None else left - len(rows)


def _line(case: Case, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "code": case.code,
        "state": case.state.value,
        "category": case.category,
        "area": case.area or None,
        "agency": codes.get(case.agency_id) if case.agency_id else None,
        "urgent": case.urgent,
        "sensitive": case.sensitive,
        "opened_at": case.opened_at,
        "due_at": due_of(case),
        "closed_at": case.closed_at,
        "cycle": case.cycle,
        "hops": case.hops,
        "outcome": case.outcome or None,
        "channel": case.channel or None,
        "rating": case.rating,
        "cancel_reason": case.cancel_reason or None,
    }


def _event(event: CaseEvent, codes: dict[int, str], people: Names) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "at": event.at,
        "action": event.action.value,
        "move": event.move or None,
        "before": event.before.value if event.before else None,
        "after": event.after.value,
        "role": event.role.value,
        "by": people(event.person_id),
        "agency": codes.get(event.agency_id) if event.agency_id else None,
        "data": event.data,
    }


def _reading(one: ledger.Reading) -> dict[str, Any]:
    return {
        "clock": one.clock,
        "cycle": one.cycle,
        "started": one.started,
        "stopped": one.stopped,
        "due": one.due,
        "late": one.late,
        "net_due": one.net_due,
        "net_late": one.net_late,
        "waited_hours": _hours(one.waited),
    }


def _held(one: ledger.Held, codes: dict[int, str], people: Names) -> dict[str, Any]:
    return {
        "agency": codes.get(one.agency_id, "operators") if one.agency_id else "operators",
        "by": people(one.person_id),
        "charged": one.charged,
        "since": one.since,
        "until": one.until,
        "working_hours": _hours(one.working),
    }


def _hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 2)


def _told(uow: UnitOfWork, line: dict[str, Any], codes: dict[int, str]) -> dict[str, Any]:
    to = "operators" if line["operators"] else codes.get(line["agency_id"], "reporter")
    return {
        "to": to,
        "platform": line["platform"],
        "kind": line["kind"],
        "purpose": line["purpose"],
        "status": line["status"],
        "created_at": line["created_at"],
        "sent_at": line["sent_at"],
        "attempts": [
            {"at": one["at"], "outcome": one["outcome"], "detail": one["detail"]}
            for one in uow.outbox.ledger(line["id"])
        ],
        "text": line["rendered"] if line["purpose"] != PURPOSE else None,
    }


def _media(row: Any) -> dict[str, Any]:
    return {"id": row.id, "kind": row.kind, "status": row.status, "original": row.original}


def _names(uow: UnitOfWork, ids: list[int | None], reporter_id: int | None) -> Names:
    """Officers by name; the reporter is only ever "reporter"."""
    found = uow.people.get(sorted({person for person in ids if person is not None}))

    def name(person_id: int | None) -> str | None:
        if person_id is None:
            return None
        if person_id == reporter_id:
            return "reporter"
        person = found.get(person_id)
        return (person.name if person else None) or f"#{person_id}"

    return name
