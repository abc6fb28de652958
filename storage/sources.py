"""How reports came that somebody else took down: by which channel, under which number there, and the slip's secret."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, or_, select, update

from storage.agencies import hashed
from storage.models import CaseSource, table_of
from storage.unit_of_work import UnitOfWork
from workflows.frozen import frozen

SOURCES = table_of(CaseSource)
COLUMNS = [SOURCES.c.case_id, SOURCES.c.channel, SOURCES.c.number, SOURCES.c.slip_hash, SOURCES.c.slip_until]


@frozen
class SourceRow:
    """Where one case came from; ``number`` is "" where it had none there. ``slip_hash`` None: no slip with a secret."""

    case_id: int
    channel: str
    number: str
    slip_hash: str | None
    slip_until: datetime | None


class SourceStore:
    """Sources inside one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._connection = uow.connection

    def add(self, case_id: int, channel: str, number: str, key: str) -> None:
        """A case's source. IntegrityError where this channel has a case with this number (``key``) already."""
        row = {"case_id": case_id, "channel": channel, "number": number or None, "number_key": key or None}
        self._connection.execute(insert(SOURCES), row)

    def of_case(self, case_id: int) -> SourceRow | None:
        """Where a case came from; None where its reporter sent it in a chat."""
        row = self._connection.execute(select(*COLUMNS).where(SOURCES.c.case_id == case_id)).first()
        return _source(row) if row else None

    def of_cases(self, case_ids: Iterable[int]) -> dict[int, SourceRow]:
        """The same for several cases."""
        found = select(*COLUMNS).where(SOURCES.c.case_id.in_(list(case_ids)))
        return {row.case_id: _source(row) for row in self._connection.execute(found)}

    def with_number(self, key: str, channel: str = "") -> list[int]:
        """The cases that have this number in that channel, or in any; newest first."""
        found = select(SOURCES.c.case_id).where(SOURCES.c.number_key == key).order_by(SOURCES.c.case_id.desc())
        return list(self._connection.scalars(found.where(SOURCES.c.channel == channel) if channel else found))

    # --- the slip's secret -----------------------------------------------------------------------------------------

    def set_secret(self, case_id: int, secret: str, until: datetime) -> None:
        """The one secret of a case's slip, as a hash; that of an earlier slip is no longer good."""
        change = update(SOURCES).where(SOURCES.c.case_id == case_id)
        self._connection.execute(change.values(slip_hash=hashed(secret), slip_until=until))

    def spend_secret(self, case_id: int, secret: str, now: datetime) -> bool:
        """Use a slip's secret up. False: it is another, over, or used."""
        good = (SOURCES.c.case_id == case_id, SOURCES.c.slip_hash == hashed(secret), SOURCES.c.slip_until > now)
        spent = update(SOURCES).where(*good).values(slip_hash=None, slip_until=None)
        return bool(self._connection.execute(spent).rowcount)

    # --- erasure ---------------------------------------------------------------------------------------------------

    def forget(self, case_ids: Iterable[int]) -> None:
        """Numbers elsewhere lead to the person there: they are emptied. By which channel it came stays."""
        gone = update(SOURCES).where(
            SOURCES.c.case_id.in_(list(case_ids)),
            or_(SOURCES.c.number.is_not(None), SOURCES.c.slip_hash.is_not(None)),
        )
        self._connection.execute(gone.values(number=None, number_key=None, slip_hash=None, slip_until=None))


def _source(row: object) -> SourceRow:
    case_id, channel, number, slip_hash, slip_until = tuple(row)  # type: ignore[arg-type, var-annotated]
    return SourceRow(case_id, channel, number or "", slip_hash, slip_until)
