"""What a case needs by itself: reminders, a fresh card, a word to the citizen; and when to look at it next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from workflows.case.ladder import Rung, rungs, to_be_said
from workflows.case.law import Law
from workflows.case.model import OVER, Case
from workflows.case.overdue import thresholds
from workflows.case.progress import Telling, tellings, to_be_told
from workflows.case.quiet import office_from, quiet_until
from workflows.case.running import Running, measured, open_pledge, running
from workflows.frozen import frozen

# Days off become known late (a decree, a storm): every case that runs is looked at again after this at the latest.
LOOK_AGAIN = timedelta(days=1)


@frozen
class Remind:
    """Somebody is to be reminded of a clock."""

    key: str
    run: Running
    rung: Rung


@frozen
class Refresh:
    """The cards are to show how far the case is overdue now."""

    key: str


@frozen
class Tell:
    """The citizen is to be told."""

    key: str
    telling: Telling


Todo = Remind | Refresh | Tell


def keys(case_id: int, case: Case, law: Law, now: datetime) -> tuple[str, ...]:
    """The keys of everything that may have been done about the case: ``todo`` asks when each was."""
    return tuple(key for key, at in _instants(case_id, case, law) if at <= now)


def todo(case_id: int, case: Case, law: Law, now: datetime, done: Mapping[str, datetime]) -> tuple[Todo, ...]:
    """What is to be done now; ``done``: when each key was. Offices and citizens are left alone in quiet hours.

    Of each clock at most one rung, of the degrees at most the one reached: what nobody looked after is not made up for.
    """
    found: list[Todo] = []
    if case.urgent or office_from(now, law) is None:
        found += _reminders(case_id, case, law, now, done)
    if case.urgent or quiet_until(now, law) is None:
        found += _degree(case_id, case, law, now, done)
        found += _told(case_id, case, law, now, done)
    return tuple(found)


def next_look(case: Case, law: Law, now: datetime) -> datetime | None:
    """When there may be something to do next; None: nothing runs that anybody could be late with."""
    instants = [at for _, at in _instants(0, case, law)]
    if not instants:
        return None
    waits = (office_from(now, law), quiet_until(now, law), now + LOOK_AGAIN)
    return min(at for at in (*instants, *waits) if at is not None and at > now)


def first_look(case: Case, law: Law, now: datetime) -> datetime | None:
    """The same for a case that has just changed, for little: not later than ``next_look``, and hardly ever earlier
    than needed.

    Reminders begin with a day's office hours, and nobody says that nothing moves on the day of a move: until the next
    midnight only a date that the case itself holds can pass.
    """
    day = law.calendar.local_day(now)
    if not _may_run(case):
        return None
    if case.moved_at is None or law.calendar.local_day(case.moved_at) != day:
        return next_look(case, law, now)
    instants = [law.calendar.end_of(day), *(_after(due) for due in _dates(case) if due is not None)]
    if law.calendar.is_working(day):
        instants.append(law.calendar.opens(day))
    return min(at for at in instants if at > now)


def _dates(case: Case) -> tuple[datetime | None, ...]:
    return (case.forward_due, case.resolve_due, case.interaction_due, case.pledged_until, case.first_due)


def _may_run(case: Case) -> bool:
    """Whether a clock may run that is watched; what has ended with nothing owed is not."""
    return case.state not in OVER or case.thread_due is not None or open_pledge(case) is not None


def _instants(case_id: int, case: Case, law: Law) -> Iterable[tuple[str, datetime]]:
    """Every key, and from when on it can be."""
    for run in running(case, law):
        for rung in rungs(run, law):
            yield _rung_key(case_id, run, rung.days), rung.at
    main = measured(case, law)
    if main is not None:
        for number, at in enumerate(thresholds(main, law), start=1):
            yield _degree_key(case_id, main, number), _after(at)
    for one in tellings(case, law):
        yield _tell_key(case_id, one), _after(one.at)


def _reminders(case_id: int, case: Case, law: Law, now: datetime, done: Mapping[str, datetime]) -> list[Remind]:
    found = []
    for run in running(case, law):
        ladder = rungs(run, law)
        said = [rung.days for rung in ladder if _rung_key(case_id, run, rung.days) in done]
        rung = to_be_said(ladder, now, said)
        if rung is not None:
            found.append(Remind(_rung_key(case_id, run, rung.days), run, rung))
    return found


def _degree(case_id: int, case: Case, law: Law, now: datetime, done: Mapping[str, datetime]) -> list[Refresh]:
    run = measured(case, law)
    if run is None:
        return []
    reached = sum(now > at for at in thresholds(run, law))
    key = _degree_key(case_id, run, reached)
    return [Refresh(key)] if reached and key not in done else []


def _told(case_id: int, case: Case, law: Law, now: datetime, done: Mapping[str, datetime]) -> list[Tell]:
    ready = tellings(case, law)
    told = {one: done[key] for one in ready if (key := _tell_key(case_id, one)) in done}
    one = to_be_told(ready, now, law, told)
    return [Tell(_tell_key(case_id, one), one)] if one is not None else []


def _after(at: datetime) -> datetime:
    """A date is passed only after its last moment."""
    return at + timedelta(microseconds=1)


def _rung_key(case_id: int, run: Running, days: int) -> str:
    return f"{_of(case_id, run.clock, run.due)}:{days:+d}"


def _degree_key(case_id: int, run: Running, number: int) -> str:
    return f"{_of(case_id, run.clock, run.due)}:x{number}"


def _tell_key(case_id: int, one: Telling) -> str:
    return f"{_of(case_id, one.clock, one.due)}:{one.what}"


def _of(case_id: int, clock: str, due: datetime) -> str:
    """A clock that is given another due date is another run, and has a ladder of its own."""
    return f"watch:{case_id}:{clock}:{due.astimezone(UTC):%Y%m%dT%H%M%S}"
