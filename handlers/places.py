"""The areas as they stand: where a position falls, and which of them a name means, old names included."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from storage.areas import AreaRow, PastArea
from storage.unit_of_work import UnitOfWork
from workflows.case.view import Names
from workflows.conversation.facts import Area, Located
from workflows.gazetteer import Entry, Gazetteer, Meant
from workflows.succession import standing

BORDER_M = 50.0  # so close to a border a telephone's position may lie on either side, and outlines are simplified


class Places:
    """Ready to be asked; made anew when areas change."""

    def __init__(
        self,
        rows: list[AreaRow],
        past: Collection[PastArea] = (),
        aliases: Collection[tuple[str, str]] = (),
        border_m: float = BORDER_M,
    ) -> None:
        from storage.geo import AreaIndex  # numpy and shapely: only for a process that is asked for a place

        self._index = AreaIndex(rows, border_m / 1000)
        self._others = {row.code: Names(row.vi, row.en) for row in rows if not row.served}
        self._ours = {row.code: Area(row.code, Names(row.vi, row.en)) for row in rows if row.served}
        self._became: dict[str, tuple[str, ...]] = {}
        for version in past:  # the last version of each comes first
            self._became.setdefault(version.code, version.successors)
        self._names = Gazetteer((*self._present_names(), *self._past_names(past), *self._other_names(aliases)))

    @classmethod
    def of(cls, uow: UnitOfWork, now: datetime, border_m: float) -> Places:
        """Of what is in the store and stands now."""
        past = [one for one in uow.areas.past() if one.valid_until <= now]
        return cls(uow.areas.all(now), past, uow.areas.aliases(), border_m)

    def locate(self, lat: float, lon: float) -> Located:
        """Where a position falls."""
        hit = self._index.locate(lat, lon)
        if hit.kind == "outside":
            return Located("outside", served_by=self._others.get(hit.codes[0]) if hit.codes else None)
        return Located(hit.kind, tuple(self._ours[code] for code in hit.codes))

    def named(self, address: str) -> tuple[Area, ...]:
        """Areas whose names, present or old, stand in a typed address."""
        return self._areas(self._names.named(address))

    def search(self, query: str) -> tuple[Area, ...]:
        """Areas whose names, present or old, contain these words."""
        return self._areas(self._names.search(query))

    def present(self, code: str) -> tuple[str, ...]:
        """What there is now in place of an area: itself, or what it became."""
        return standing(code, self._became, self._ours.__contains__)

    def _areas(self, found: tuple[Meant, ...]) -> tuple[Area, ...]:
        return tuple(replace(self._ours[one.code], formerly=one.formerly) for one in found)

    def _present_names(self) -> Iterator[Entry]:
        for area in self._ours.values():
            yield Entry(area.names, (area.code,))

    def _past_names(self, past: Collection[PastArea]) -> Iterator[Entry]:
        """Old names; a version without successors was only renamed."""
        for version in past:
            codes = version.successors or (version.code,)
            yield Entry(Names(version.vi, version.en), self._standing(codes), former=True)

    def _other_names(self, aliases: Collection[tuple[str, str]]) -> Iterator[Entry]:
        meant: dict[str, list[str]] = {}
        for name, code in aliases:
            meant.setdefault(name, []).append(code)
        for name, codes in meant.items():
            yield Entry(Names(name, name), self._standing(codes), former=True)

    def _standing(self, codes: Collection[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for code in codes for one in self.present(code)))
