"""The register of measuring instruments: which unit owns which, and whether it can be used (R47)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select, update

from storage.models import Agency, Instrument, table_of
from storage.writer import Writer
from workflows.frozen import frozen

INSTRUMENTS = table_of(Instrument)
AGENCIES = table_of(Agency)


@frozen
class InstrumentRow:
    """One instrument and its owner's code."""

    id: int
    agency_id: int
    agency: str
    kind: str
    vi: str
    en: str
    serial: str
    usable: bool
    note: str


class InstrumentStore:
    """Instruments inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def add(self, agency_id: int, kind: str, vi: str, en: str, serial: str, note: str) -> int:
        """One more; its id. Raises IntegrityError when the unit has it on record already."""
        row = {"agency_id": agency_id, "kind": kind, "vi": vi, "en": en, "serial": serial, "note": note, "usable": True}
        made: int = self.connection.execute(insert(INSTRUMENTS).returning(INSTRUMENTS.c.id), row).scalar_one()
        return made

    def change(self, instrument_id: int, **values: Any) -> None:
        """What is known of it now."""
        self.connection.execute(update(INSTRUMENTS).where(INSTRUMENTS.c.id == instrument_id).values(**values))

    def remove(self, instrument_id: int) -> None:
        """It is no longer on the register; cases that asked for it keep saying so."""
        self.connection.execute(delete(INSTRUMENTS).where(INSTRUMENTS.c.id == instrument_id))

    def all(self, *, usable: bool = False) -> list[InstrumentRow]:
        """All of them, or those that can be used now and whose owner is in use, by kind."""
        found = (
            select(INSTRUMENTS.c.id, INSTRUMENTS.c.agency_id, AGENCIES.c.code.label("agency"), INSTRUMENTS.c.kind,
                   INSTRUMENTS.c.vi, INSTRUMENTS.c.en, INSTRUMENTS.c.serial, INSTRUMENTS.c.usable, INSTRUMENTS.c.note)
            .join(AGENCIES, AGENCIES.c.id == INSTRUMENTS.c.agency_id)
            .order_by(INSTRUMENTS.c.kind, AGENCIES.c.code, INSTRUMENTS.c.id)
        )  # fmt: skip
        if usable:
            found = found.where(INSTRUMENTS.c.usable, AGENCIES.c.active)
        return [InstrumentRow(**row._mapping) for row in self.connection.execute(found)]
