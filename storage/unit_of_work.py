"""One transaction and the stores inside it; what a batch gathers is written together at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from storage.agencies import AgencyStore
from storage.areas import AreaStore
from storage.attachments import AttachmentStore
from storage.cases import CaseStore
from storage.categories import CategoryStore
from storage.chats import ChatStore
from storage.day_overrides import DayStore
from storage.db import reading, writing
from storage.dialogs import DialogStore
from storage.ids import Ids, Pool
from storage.inbox import Arrival, InboxStore
from storage.instruments import InstrumentStore
from storage.keeping import Keeper
from storage.outbox import OutboxRow, OutboxStore
from storage.people import PeopleStore
from storage.policies import PolicyStore
from storage.posts import PostStore
from storage.registers import Registers
from storage.replies import ReplyStore
from storage.spots import SpotStore
from storage.tokens import TokenStore
from storage.writer import Writer

Mark = tuple[int, int, int]


class UnitOfWork:
    """Every store on one connection."""

    def __init__(self, connection: Connection, numbers: Pool | None = None) -> None:
        writer = Writer(connection)
        ids = Ids(connection, numbers or Pool())
        self.connection = writer
        self.inbox = InboxStore(writer)
        self.outbox = OutboxStore(writer)
        self.chats = ChatStore(writer)
        self.people = PeopleStore(writer, ids)
        self.dialogs = DialogStore(writer)
        self.cases = CaseStore(writer, ids)
        self.attachments = AttachmentStore(writer)
        self.agencies = AgencyStore(writer)
        self.instruments = InstrumentStore(writer)
        self.replies = ReplyStore(writer)
        self.categories = CategoryStore(writer)
        self.areas = AreaStore(writer)
        self.spots = SpotStore(writer)
        self.posts = PostStore(writer)
        self.registers = Registers(writer)
        self.policies = PolicyStore(writer)
        self.days = DayStore(writer)
        self.tokens = TokenStore(writer)

    def mark(self) -> Mark:
        """A step begins: what is gathered so far, to come back to when it gives up."""
        self.connection.begin_step()
        return len(self.outbox.gathered), len(self.inbox.timers), len(self.dialogs.gathered)

    def keep(self) -> None:
        """The step is done: what it wrote and gathered stays."""
        self.connection.end_step(kept=True)

    def back_to(self, mark: Mark) -> None:
        """Undo a step that gives up: what it wrote, gathered and looked up."""
        self.connection.end_step(kept=False)
        self.connection.settle()  # of earlier steps: looked up anew from now on
        self.chats.forget_known()
        self.people.forget_known()
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
        self._numbers = Pool()
        self._keeper = Keeper(engine)

    def keep(self, arrivals: Sequence[Arrival], ring: Callable[[], None]) -> bool:
        """Keep what came in one delivery, in a transaction of its own, and ring for it. False: we had it already."""
        return self._keeper.keep(arrivals, ring)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A transaction that is kept at the end; the caller flushes what it has gathered to be sent or remembered."""
        with writing(self.engine) as connection:
            unit = UnitOfWork(connection, self._numbers)
            yield unit
            unit.connection.settle()

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that only looks."""
        with reading(self.engine) as connection:
            yield UnitOfWork(connection)
