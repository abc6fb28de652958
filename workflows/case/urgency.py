"""The urgent track: when it runs, when somebody must be called to a case, and when the rules propose it (R44)."""

from __future__ import annotations

from datetime import datetime

from workflows.case.law import Law
from workflows.case.model import Act, Case, Refusal, State

PROPOSED = "proposed"  # the reason code of a mark that the rules proposed and an operator accepted
OF_DANGER = frozenset({"danger", "urgent"})  # what the rules may have noticed at intake
DECIDED = frozenset(
    {State.RESOLVED, State.ANSWERED, State.CLOSED, State.CANCELLED, State.MERGED, State.REFERRED_OUT}
)  # nothing is urgent any more


def runs(case: Case) -> bool:
    """Whether the citizen is owed word about an urgent case that nobody has made safe yet."""
    return case.urgent and case.urgent_due is not None


def is_called(case: Case) -> bool:
    """Whether the unit that holds the case must be called until somebody answers; a sensitive one is no unit's."""
    return runs(case) and case.agency_id is not None and not case.sensitive and case.taken_at is None


def called_since(case: Case) -> datetime | None:
    """Since when this unit is called: the mark, or the unit's taking over if that came later."""
    moments = [at for at in (case.urgent_at, case.assigned_at) if at is not None]
    return max(moments) if moments and is_called(case) else None


def is_late(case: Case, now: datetime) -> bool:
    """Whether the citizen has not heard in time."""
    return case.urgent_due is not None and case.urgent_due < now


def is_proposed(case: Case) -> bool:
    """Whether words of danger were noticed and no operator has decided on them yet."""
    noticed = bool(OF_DANGER & set(case.flags))
    return noticed and case.urgent_at is None and case.state not in DECIDED


# --- guards of the moves ---


def word_is_owed(case: Case, act: Act, law: Law) -> Refusal | None:
    """An interim message and "made safe" belong to an urgent case whose clock runs."""
    if runs(case):
        return None
    return Refusal("refused.made_safe" if case.urgent else "refused.not_urgent")


def call_waits(case: Case, act: Act, law: Law) -> Refusal | None:
    """A call is answered once; who comes later is told who was quicker."""
    if is_called(case):
        return None
    if case.taken_at is None:
        return Refusal("refused.not_called")
    return Refusal("refused.call_taken", {"at": case.taken_at.isoformat()})


def master_as_urgent(case: Case, act: Act, law: Law) -> Refusal | None:
    """An urgent case would lose its clock in one that is not."""
    loses = case.urgent and act.target_case is not None and not act.target_case.urgent
    return Refusal("refused.urgent_apart") if loses else None
