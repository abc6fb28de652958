"""Which agencies take cases on a day, who took over from those that do not, and what the routes come to then."""

from __future__ import annotations

from datetime import datetime

from storage.agencies import AgencyRow
from storage.unit_of_work import UnitOfWork
from workflows.case.routing import Rule
from workflows.succession import standing


class Standing:
    """The agencies as they stand at one moment."""

    def __init__(self, uow: UnitOfWork, at: datetime) -> None:
        self.rows = {row.id: row for row in uow.agencies.all()}
        self._stand = frozenset(row.id for row in self.rows.values() if row.stands(at))
        self._successors = uow.agencies.successors()

    def stands(self, agency_id: int) -> bool:
        """Whether it may be given a case."""
        return agency_id in self._stand

    def heirs(self, agency_id: int) -> tuple[AgencyRow, ...]:
        """Itself while it stands, else whoever took over."""
        return tuple(self.rows[one] for one in standing(agency_id, self._successors, self._stand.__contains__))


def rules(uow: UnitOfWork, at: datetime) -> tuple[Rule, ...]:
    """The routes at a moment: those of an agency that has ended lead to its successor, if there is just one."""
    agencies = Standing(uow, at)
    found = ((route, agencies.heirs(route.agency_id)) for route in uow.agencies.routes())
    return tuple(Rule(route.category, route.area, heirs[0].id) for route, heirs in found if len(heirs) == 1)
