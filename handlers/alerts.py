"""Alerts: administrators hear of trouble in every operators' group and in the log, once an hour for each key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from storage.codec import dump
from storage.unit_of_work import UnitOfWork
from workflows.effects import Lane
from workflows.messages import say, text

log = structlog.get_logger()

PURPOSE = "alert"
QUIET = timedelta(hours=1)  # between two alerts of one key
LASTS = timedelta(days=1)  # an alert that could not be sent for so long is no news


def alert(uow: UnitOfWork, key: str, values: Mapping[str, str], now: datetime) -> None:
    """Tell administrators, when the transaction is kept and only if this key was quiet for an hour.

    The words are ``alert.<key>`` of the catalogue, filled with ``values``: codes and names, nothing secret and
    nothing personal. What follows a colon in ``key`` sets subjects apart (``channel_down:zalo``).
    """
    if not uow.registers.take_turn(f"alert:{key}", now, now + QUIET):
        return
    log.error("alert", alert=key, **{f"alert_{name}": value for name, value in values.items()})
    name = key.partition(":")[0]
    message = say(f"alert.{name}", **{slot: text(value) for slot, value in values.items()})
    for chat in uow.chats.of_operators():
        uow.outbox.put(chat.id, Lane.NOTICE, "send", dump(message), now, purpose=PURPOSE, expires_at=now + LASTS)
