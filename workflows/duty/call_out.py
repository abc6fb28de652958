"""The call-out to an urgent case, round by round, until somebody answers; after some rounds those above are told."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.frozen import frozen


@frozen
class Call:
    """How far a call has come. ``since``: what began it; another beginning is another call."""

    since: datetime
    rounds: int
    next_at: datetime


@frozen
class Round:
    """One round that is due now, and how the call stands after it. ``above``: those above are to be told."""

    call: Call
    above: bool


def due(call: Call | None, since: datetime, now: datetime, every: timedelta, limit: int) -> Round | None:
    """The round that is due, if one is; rounds that nobody was there to make are not made up for.

    ``limit`` rounds without an answer are enough for those above to hear of it, and again after as many more.
    """
    if call is None or call.since != since:
        call = Call(since, 0, now)
    if now < call.next_at:
        return None
    unanswered = call.rounds
    above = unanswered > 0 and unanswered % limit == 0
    return Round(Call(since, unanswered + 1, now + every), above)
