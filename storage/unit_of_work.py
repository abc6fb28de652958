"""One transaction and the stores inside it; what a batch gathers is written together at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from storage.agencies import AgencyStore
from storage.areas import AreaStore
from storage.attachments import AttachmentStore
from storage.cases import CaseStore
from storage.categories import CategoryStore
from storage.chats import ChatStore
from storage.db import reading, writing
from storage.dialogs import DialogStore
from storage.inbox import InboxStore
from storage.outbox import OutboxRow, OutboxStore
from storage.people import PeopleStore
from storage.posts import PostStore
from storage.registers import Registers

Mark = tuple[int, int, int]


class UnitOfWork:
    """Every store on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.inbox = InboxStore(connection)
        self.outbox = OutboxStore(connection)
        self.chats = ChatStore(connection)
        self.people = PeopleStore(connection)
        self.dialogs = DialogStore(connection)
        self.cases = CaseStore(connection)
        self.attachments = AttachmentStore(connection)
        self.agencies = AgencyStore(connection)
        self.categories = CategoryStore(connection)
        self.areas = AreaStore(connection)
        self.posts = PostStore(connection)
        self.registers = Registers(connection)

    def mark(self) -> Mark:
        """What is gathered so far, to come back to when a step fails."""
        return len(self.outbox.gathered), len(self.inbox.timers), len(self.dialogs.gathered)

    def back_to(self, mark: Mark) -> None:
        """Forget what a failed step gathered, and what was looked up while it wrote."""
        self.chats.forget_known()
        self.cases.forget_known()
        self.attachments.forget_known()
        del self.outbox.gathered[mark[0] :]
        del self.inbox.timers[mark[1] :]
        del self.dialogs.gathered[mark[2] :]

    def flush(self, now: datetime, lease: timedelta | None = None) -> list[OutboxRow]:
        """Write what was gathered; with a lease, the outbox rows that are born as ours to send."""
        self.dialogs.flush()
        self.inbox.flush()
        return self.outbox.flush(now, lease)


class Store:
    """The door to the database: ``write()`` and ``read()`` each give one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A transaction that is kept at the end; the caller flushes."""
        with writing(self.engine) as connection:
            yield UnitOfWork(connection)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that only looks."""
        with reading(self.engine) as connection:
            yield UnitOfWork(connection)
