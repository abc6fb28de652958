"""The sanctions of a period: how many, and what was fined, in đồng (R52)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflows.actions import Action
from workflows.case.model import CaseEvent
from workflows.case.reasons import SANCTION
from workflows.case.replay import apply
from workflows.figures import Cells, Figures, Identity, Period, Scope
from workflows.frozen import frozen

CELLS = ("sanctions", "warnings", "fined", "unrecorded", "amount")
IDENTITIES = (Identity("sanctions", ("warnings", "fined", "unrecorded")),)


@frozen
class Sanction:
    """One that was accepted as a result. ``amount`` 0: a warning; None: from before amounts were asked for."""

    line: str
    amount: int | None


def sanctions_of(events: Iterable[CaseEvent], period: Period, scope: Scope, *, hidden: bool) -> Iterator[Sanction]:
    """Every sanction of a history that was accepted in the period, each as it was then."""
    case = None
    for event in events:
        case = apply(case, event)
        secret = hidden or case.sensitive
        accepted = event.action is Action.ACCEPT_RESULT and period.holds(event.at)
        if accepted and case.outcome == SANCTION and scope.holds(case, hidden=secret):
            yield Sanction(scope.line(case, hidden=secret), case.fine)


def sum_up(found: Iterable[Sanction]) -> Figures:
    """Each cell counted for itself, in total and line by line."""
    total, lines = dict.fromkeys(CELLS, 0), dict[str, Cells]()
    for one in found:
        for cells in (total, lines.setdefault(one.line, dict.fromkeys(CELLS, 0))):
            cells["sanctions"] += 1
            cells["unrecorded" if one.amount is None else "fined" if one.amount else "warnings"] += 1
            cells["amount"] += one.amount or 0
    return Figures(total, dict(sorted(lines.items())))
