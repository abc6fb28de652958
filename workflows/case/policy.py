"""A province's policy as values: its terms, which of them differ by category or urgency, and what waiting does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from typing import Literal, get_args

from workflows.frozen import frozen

Unit = Literal["working_days", "working_hours", "days", "hours"]
Ends = Literal["day", "closing"]
DayZero = Literal["event_day", "working_day"]
ResolveFrom = Literal["assigned", "received"]
ResultCheck = Literal["auto", "head", "supervisor", "operators"]
EnterpriseCheck = Literal["as_others", "supervisor"]
FocalOfficers = Literal["everyone", "named"]
Wait = Literal["citizen", "arbiter"]
Part = Literal["photo", "place", "name", "phone"]
To = Literal["holder", "head", "parent"]

# The clocks of a case whose length is a term of the policy (domain.md 5.7).
TERMS = (
    "forward",
    "arbitration",
    "claim",
    "resolve",
    "interaction",
    "urgent",
    "urgent_again",
    "answer",
    "rating",
    "check",
)
PAUSABLE = ("forward", "resolve")  # clocks that a waiting case may stop, where the policy says so
ELAPSED: tuple[Unit, ...] = ("days", "hours")
FARTHEST = 200  # metres that may still be called the same spot; the store looks no farther


@frozen
class Term:
    """How long something may take. ``ends``: with the day, or (working days) at closing time."""

    amount: int
    unit: Unit = "working_days"
    ends: Ends = "day"

    def __post_init__(self) -> None:
        if type(self.amount) is not int or self.amount < 0:
            raise ValueError("the amount of a term is a whole number, not negative")
        if self.unit not in get_args(Unit):
            raise ValueError(f"unknown unit of a term: {self.unit}")
        if self.ends not in get_args(Ends):
            raise ValueError(f"unknown end of a term: {self.ends}")
        if self.ends == "closing" and self.unit != "working_days":
            raise ValueError("only a term in working days can end at the close of working hours")


@frozen
class Special:
    """Terms that differ: for a category (one field or a whole group; "" any), with ``urgent`` only of urgent cases.

    ``result_check``: who checks results there, "" for no difference.
    """

    category: str
    terms: tuple[tuple[str, Term], ...]
    urgent: bool = False
    result_check: ResultCheck | Literal[""] = ""


@frozen
class Required:
    """Parts that a report must have, for a category (one field or a whole group; "" any)."""

    category: str
    parts: tuple[Part, ...]


@frozen
class Reminder:
    """One step of the ladder: ``days`` working days from the due day (negative: before it), and who is reminded."""

    days: int
    to: To = "holder"


@frozen
class Near:
    """Open cases that a citizen is asked about before sending: how near (metres), how old (days), how many at most.

    ``photo``: whether they are shown with a photo. ``never``: categories that are not shown to others at all, because
    whoever is reported would know by whom.
    """

    metres: int = 50
    days: int = 30
    offers: int = 3
    photo: bool = True
    never: tuple[str, ...] = ("noise", "disturbance", "social-evils")


@frozen
class Chronic:
    """When cases of one subject at one spot are the same trouble again.

    Within ``metres`` and ``days``, when the last one ended at least ``after`` days ago. ``alarm``: from which time on
    the head and ``units`` hear of it: codes of agencies that enforce, by category ("" any).
    """

    metres: int = 50
    days: int = 365
    after: int = 30
    alarm: int = 3
    units: tuple[tuple[str, str], ...] = ()

    def unit(self, category: str, group: str) -> str:
        """The code of the agency that enforces in this field, else in its group, else anywhere; "" for none."""
        known = dict(self.units)
        return next((known[name] for name in (category, group, "") if name in known), "")


LADDER = (Reminder(-1), Reminder(0), Reminder(1), Reminder(3, "head"), Reminder(5, "parent"))


@frozen
class Policy:
    """One province's numbers; by default Quảng Ninh's (07/2020/QĐ-UBND) and, where that is silent, 5.7's.

    ``day_zero``: ``event_day`` counts from the day of the event, whatever day that is; ``working_day``
    moves an event on a day off to the next working day (5.4). By both, what happens on a working day after
    ``cut_off`` (None: the close of working hours) counts as the next day's. ``resolve_from``: whether the resolve
    term runs from the assignment or already from reception (R105 does not say). ``interaction`` is judged by
    ``interaction`` and warned about by ``interaction_warning`` (R79 does not say which day it means).
    ``result_check``: results are accepted by themselves (``auto``), by the head of the unit, by the ``supervisor``
    (the head of the unit above it, or the operators in its stead) or by the ``operators``; an enterprise's by its
    supervising agency where there is a check, and with ``enterprise_check`` ``supervisor`` always.
    ``focal_officers``: whether every officer of a unit is a focal officer or those who are named.
    ``specials``: terms that differ.
    ``pauses``: for a clock, the waiting that stops it; what is not named runs on.
    """

    name: str = "quang-ninh"
    day_zero: DayZero = "event_day"
    cut_off: time | None = None
    resolve_from: ResolveFrom = "assigned"
    forward: Term = Term(1, ends="closing")  # R104
    resolve: Term = Term(5)  # R105
    claim: Term = Term(1)
    arbitration: Term = Term(4, "working_hours")
    answer: Term = Term(3)  # the citizen's, to a question
    answer_reminder_days: tuple[int, ...] = (1, 2)  # working days after the question
    interaction: Term = Term(1)  # R79
    interaction_warning: Term = Term(1, "days")
    rating: Term = Term(14, "days")
    rating_levels: tuple[int, ...] = (5, 4, 3, 2, 1)  # R107; three levels are 5, 3 and 1 (R35)
    check: Term = Term(1)
    support: Term = Term(3)  # for a piece of work asked of another unit, unless a day is named
    urgent: Term = Term(2, "hours")
    urgent_again: Term = Term(4, "hours")  # from one interim message to the next, until made safe
    call_out_minutes: int = 10  # between two rounds of calling somebody to an urgent case
    call_out_rounds: int = 3  # without an answer, before those above are told
    empty_shift_hours: int = 12  # before an empty shift begins, its unit's head is told
    draft_reminder: Term = Term(1, "days")
    draft_dropped: Term = Term(7, "days")  # T2
    revive: Term = Term(30, "days")  # T5, T27, T28
    resume_days: int = 3  # T17: working days before the extended date
    questions_per_cycle: int = 2  # T15
    hops_before_leader: int = 2  # T13: from the third hop a leader decides
    transfer_by_focal: bool = True  # a focal officer acts as the head's recorded delegate (R16)
    result_check: ResultCheck = "auto"
    enterprise_check: EnterpriseCheck = "as_others"
    focal_officers: FocalOfficers = "everyone"
    specials: tuple[Special, ...] = ()
    pauses: tuple[tuple[str, tuple[Wait, ...]], ...] = ()
    reminders: tuple[Reminder, ...] = LADDER
    quiet: tuple[time, ...] = (time(21), time(7))  # from, until: nothing that can wait is said; empty: never quiet
    digest_at: time = time(7, 30)  # each group's list of the day, on working days
    near: Near = Near()
    chronic: Chronic = Chronic()
    required: tuple[Required, ...] = ()  # beside what every report needs: a subject, a place, and a photo or words

    def __post_init__(self) -> None:
        _one_of("day_zero", self.day_zero, get_args(DayZero))
        _one_of("resolve_from", self.resolve_from, get_args(ResolveFrom))
        _one_of("result_check", self.result_check, get_args(ResultCheck))
        _one_of("enterprise_check", self.enterprise_check, get_args(EnterpriseCheck))
        _one_of("focal_officers", self.focal_officers, get_args(FocalOfficers))
        if list(self.answer_reminder_days) != sorted(set(self.answer_reminder_days)):
            raise ValueError("answer_reminder_days are different days in order")

    def checks(self, *, enterprise: bool) -> bool:
        """Whether a result waits for somebody's check; an enterprise's may where others' do not (invariant 5)."""
        return self.result_check != "auto" or (enterprise and self.enterprise_check == "supervisor")

    def pausing(self, clock: str) -> tuple[Wait, ...]:
        """The kinds of waiting that stop this clock."""
        return dict(self.pauses).get(clock, ())

    def of(self, category: str, *, urgent: bool, groups: Mapping[str, str]) -> Policy:
        """The same with the terms that hold for one case: what says most about it wins.

        ``groups``: category to its group. A field's own term goes before its group's, a group's before everybody's;
        of an urgent case every term for urgent ones goes before every ordinary one.
        """
        found: dict[str, Term | str] = {}
        names = ("", groups.get(category, ""), category)
        for wanted in (False, True) if urgent else (False,):
            for name in dict.fromkeys(names):
                for special in self.specials:
                    if special.category == name and special.urgent is wanted:
                        found |= dict(special.terms)
                        found |= {"result_check": special.result_check} if special.result_check else {}
        return replace(self, **found) if found else self  # type: ignore[arg-type]


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def elapsed(term: Term) -> timedelta:
    """A term that runs round the clock, as a length of time. Raises ValueError for one in working time."""
    if term.unit not in ELAPSED:
        raise ValueError("only days and hours run round the clock")
    return timedelta(days=term.amount) if term.unit == "days" else timedelta(hours=term.amount)
