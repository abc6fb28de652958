"""Silence: when a platform delivered last, and whether anything went out to it since."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from storage.models import Chat, Inbox, Outbox, table_of
from storage.unit_of_work import UnitOfWork

CHATS, INBOX, OUTBOX = table_of(Chat), table_of(Inbox), table_of(Outbox)


class SilenceStore:
    """Deliveries and sends of a platform, inside one transaction. Read newest first: both tables are long."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    def last_delivery(self, platform: str) -> datetime | None:
        """When it last delivered anything at all, receipts included; None: never."""
        newest = (
            select(INBOX.c.received_at)
            .where(INBOX.c.platform == platform, INBOX.c.kind == "delivery")
            .order_by(INBOX.c.id.desc())
            .limit(1)
        )
        found: datetime | None = self._connection.scalar(newest)
        return found

    def sent_between(self, platform: str, after: datetime, until: datetime) -> bool:
        """Whether it took a message of ours in that time."""
        sent = select(OUTBOX.c.id).where(
            OUTBOX.c.chat_id == CHATS.c.id,
            CHATS.c.platform == platform,
            OUTBOX.c.status == "sent",
            OUTBOX.c.kind.in_(("send", "card")),
            OUTBOX.c.sent_at > after,
            OUTBOX.c.sent_at <= until,
        )
        return bool(self._connection.scalar(select(exists(sent))))
