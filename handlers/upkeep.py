"""The sweep: ring for whatever is due, free what is stuck, forget what is old. Safe to run anywhere, any number."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from handlers.tools import Tools
from storage.pages import PageStore
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FORGET_AT_ONCE = 5000  # rows


def sweep(tools: Tools) -> bool:
    """One round. True when there was something to ring for."""
    now = tools.clock.now()
    with tools.store.write() as uow:
        freed = uow.outbox.free_expired(now)
        uow.outbox.release_due(now)
        due = uow.inbox.oldest_due(now) is not None or uow.outbox.anything_due(now)
        if uow.registers.take_turn("forget_payloads", now, now + HOUR):
            _forget(tools, uow, now)
    if freed:
        log.warning("outbox.freed", count=freed)
    if due or freed:
        tools.bell.ring()
    return due or bool(freed)


def _forget(tools: Tools, uow: UnitOfWork, now: datetime) -> None:
    before = now - timedelta(days=tools.road.payload_days)
    count = uow.inbox.forget_payloads(before, FORGET_AT_ONCE)
    PageStore(uow).forget_old(now - DAY)
    if count:
        log.info("inbox.forgotten", count=count)
