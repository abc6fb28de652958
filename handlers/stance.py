"""How somebody of a unit stands to one case: in which roles, and whether their unit is above the one that holds it."""

from __future__ import annotations

from datetime import datetime

from storage.duties import DutyStore
from storage.unit_of_work import UnitOfWork
from workflows.case.law import Law
from workflows.case.model import Case, Role
from workflows.frozen import frozen

_IN_CHARGE = frozenset({Role.FOCAL, Role.HEAD})  # whose mark counts as their agency's


@frozen
class Stance:
    """The roles that count for one case, and what the table must know about the unit; as in ``Act``."""

    roles: frozenset[Role]
    agency_id: int | None = None
    above: bool = False
    in_stead: bool = False


def stance(
    uow: UnitOfWork, law: Law, roles: frozenset[Role], agency_id: int | None, case: Case, now: datetime
) -> Stance:
    """How somebody with these roles in this agency stands to the case. Costs nothing where their unit holds it.

    A head's acts fall to the next head above who can act, while nobody in the units between can (``in_stead``).
    """
    if Role.OFFICER in roles and law.policy.focal_officers == "everyone":
        roles |= {Role.FOCAL}
    if agency_id is None or case.agency_id in (None, agency_id) or case.sensitive:
        return Stance(roles, agency_id)
    if agency_id == case.supervisor_id and roles & _IN_CHARGE:
        roles |= {Role.SUPERVISOR}
    above = uow.agencies.above(case.agency_id or 0)
    if agency_id not in above:
        return Stance(roles, agency_id)
    between = (case.agency_id, *above[: above.index(agency_id)])
    duties = DutyStore(uow)
    in_stead = Role.HEAD in roles and not any(duties.acting_heads(one, now) for one in between)
    return Stance(roles, agency_id, above=True, in_stead=in_stead)
