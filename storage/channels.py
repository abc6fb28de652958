"""Channels: how each platform does, and since when; written only when that changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from storage.models import Channel, table_of
from storage.sql import spoken, upsert
from storage.unit_of_work import UnitOfWork
from workflows.frozen import field_names, frozen

CHANNELS = table_of(Channel)

_SET = upsert(CHANNELS, ["name"], ["status", "code", "since"])


@frozen
class ChannelRow:
    """A platform: ``up``, ``down`` (an outage) or ``off`` (by settings), why, and since when."""

    name: str
    status: str
    code: str
    since: datetime


class ChannelStore:
    """The channels inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    def all(self) -> dict[str, ChannelRow]:
        """Every platform that was ever in use."""
        columns = [CHANNELS.c[name] for name in field_names(ChannelRow)]
        rows = (ChannelRow(*row) for row in self._connection.execute(select(*columns).order_by(CHANNELS.c.name)))
        return {row.name: row for row in rows}

    def set(self, name: str, status: str, code: str, now: datetime) -> None:
        """It has been so from now on."""
        row = {"name": name, "status": status, "code": code, "since": now}
        self._connection.execute(spoken(self._connection, _SET), row)
