"""Law: the policy and the calendar in force, and the due dates that a move fixes by them (domain.md 5.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Literal

from workflows.case import clocks
from workflows.case.calendar import WorkingCalendar
from workflows.case.checking import checker_of
from workflows.case.model import Case, State
from workflows.case.policy import Policy, Wait
from workflows.frozen import frozen

Clock = Literal[
    "forward",
    "resolve",
    "new_resolve",
    "answer",
    "interaction",
    "rating",
    "urgent",
    "urgent_again",
    "urgent_anew",
    "thread",
    "extension",
    "revive",
    "resumed",
    "support",
    "check",
]
Dates = dict[str, datetime]

WAITS: dict[State, Wait] = {State.NEED_INFO: "citizen", State.TRANSFER_REQUESTED: "arbiter"}


@frozen
class Law:
    """What holds for a case; old promises stand in the events, never computed anew (invariant 11).

    ``version``: the policy's name and version in the store (``hue/2``), which the case keeps to its end.
    ``regulation``: its number, as people are told. ``groups``: category to its group, for terms of a whole group.
    """

    policy: Policy
    calendar: WorkingCalendar
    version: str = ""
    regulation: str = ""
    groups: Mapping[str, str] = field(default_factory=dict, compare=False)

    def of(self, category: str, *, urgent: bool = False) -> Law:
        """The same with the terms of this category and urgency."""
        return replace(self, policy=self.policy.of(category, urgent=urgent, groups=self.groups))

    def due_dates(self, clock: Clock, case: Case | None, at: datetime, category: str = "") -> dict[str, Any]:
        """What ``clock`` fixes for something that happens at ``at``: names of the case's due dates to ISO 8601.

        ``category``: of a case that is only being opened.
        """
        urgent = clock == "urgent" or bool(case and case.urgent)
        return self.of(case.category if case else category, urgent=urgent)._due_dates(clock, case, at)

    def _due_dates(self, clock: Clock, case: Case | None, at: datetime) -> dict[str, Any]:
        if clock == "forward":
            return _iso(self._forward(at))
        if clock == "answer":
            return _iso(self._due("answer_due", at)) | {"reminders_at": self._reminders(at)}
        if clock == "interaction":
            return _iso(self._due("interaction_due", at))
        if clock == "revive":
            return _iso({"revive_until": clocks.due(at, self.policy.revive, self.policy, self.calendar)})
        if clock == "rating":
            return _iso(self._due("rating_until", at))
        if clock == "support":
            return _iso({"support_due": clocks.due(at, self.policy.support, self.policy, self.calendar)})
        if case is None:
            return {}
        if clock == "check":
            return self._check(case, at)
        if clock == "thread":
            return _iso(self._thread(case, at))
        if clock == "urgent_again":
            return _iso({"urgent_due": self._urgent_due(at, again=True)})
        if clock == "urgent_anew":
            return _iso({"urgent_due": self._urgent_due(at)} if case.urgent else {})
        if clock == "extension":
            return _iso(self._extension(case))
        if clock == "resumed":
            return _iso(self._resumed(case, at))
        if clock == "resolve":
            return _iso(self._resolve(case, at))
        return _iso(self._new_cycle(at) if clock == "new_resolve" else self._urgent(case, at))

    def _forward(self, at: datetime) -> Dates:
        """Both dates of the receipt: passed on by, and answered by at the latest."""
        return {
            "forward_due": clocks.forward_due(at, self.policy, self.calendar),
            "promised_due": clocks.latest_resolve_due(at, self.policy, self.calendar),
        }

    def _resolve(self, case: Case, at: datetime) -> Dates:
        """An early assignment makes the promise earlier, a late one never later (invariant 3)."""
        due = clocks.resolve_due(case.received_at or case.opened_at, at, self.policy, self.calendar)
        return {"resolve_due": min(due, case.promised_due or due)}

    def _new_cycle(self, at: datetime) -> Dates:
        """Rework has a term of its own, counted from the decision whatever the first one was counted from."""
        return {"resolve_due": clocks.due(at, self.policy.resolve, self.policy, self.calendar)}

    def _urgent(self, case: Case, at: datetime) -> Dates:
        """What is urgent is passed on within the urgent term, and answered within what the policy gives urgent cases.

        Its own clock runs beside: by when the citizen hears what is being done. A promised date never gets later (T32).
        """
        urgent = self._urgent_due(at)
        if case.state is State.RECEIVED and case.forward_due is not None:
            return {"urgent_due": urgent, "forward_due": min(urgent, case.forward_due)}
        if case.resolve_due is None or not self._has_urgent_term(case, "resolve"):
            return {"urgent_due": urgent}
        due = clocks.due(at, self.policy.resolve, self.policy, self.calendar)
        return {"urgent_due": urgent, "resolve_due": min(due, case.resolve_due)}

    def _urgent_due(self, at: datetime, *, again: bool = False) -> datetime:
        """Hours round the clock, as the policy says (domain.md 5.7): to the first word, and from one to the next."""
        term = self.policy.urgent_again if again else self.policy.urgent
        return clocks.due(at, term, self.policy, self.calendar)

    def _resumed(self, case: Case, at: datetime) -> Dates:
        """What the policy has stopped while the case waited moves by that time; nothing where clocks run on."""
        wait, since = WAITS.get(case.state), case.moved_at
        if wait is None or since is None:
            return {}
        forward, resolve = (wait in self.policy.pausing(clock) for clock in ("forward", "resolve"))
        if case.resolve_due is not None:
            terms = {"resolve_due": self.policy.resolve, "promised_due": self.policy.resolve} if resolve else {}
        else:
            terms = {"forward_due": self.policy.forward} if forward else {}
            terms |= {"promised_due": self.policy.resolve} if forward or resolve else {}
        dates = {name: (getattr(case, name), term) for name, term in terms.items()}
        return {
            name: clocks.after_waiting(due, term, since, at, self.calendar)
            for name, (due, term) in dates.items()
            if due is not None
        }

    def _has_urgent_term(self, case: Case, name: str) -> bool:
        names = ("", case.category, self.groups.get(case.category, ""))
        rows = (one for one in self.policy.specials if one.urgent and one.category in names)
        return any(name in dict(row.terms) for row in rows)

    def _check(self, case: Case, at: datetime) -> dict[str, Any]:
        """Who checks the result that was just handed in, and until when; nobody where it is accepted by itself."""
        if not self.policy.checks(enterprise=case.enterprise):
            return {}
        due = clocks.due(at, self.policy.check, self.policy, self.calendar)
        return _iso({"check_due": due}) | {"checker": checker_of(case, self.policy)}

    def _thread(self, case: Case, at: datetime) -> Dates:
        """An answer is due for the oldest message that waits for one (R79)."""
        due = clocks.due(at, self.policy.interaction, self.policy, self.calendar)
        return {"thread_due": min(due, case.thread_due or due)}

    def _extension(self, case: Case) -> Dates:
        """The date that was asked for becomes the promise; the work begins again some days before it (T16, T17)."""
        if case.extension_until is None:
            return {}
        resume = clocks.resume_at(case.extension_until, self.policy, self.calendar)
        return {"resolve_due": case.extension_until, "resume_at": resume}

    def _due(self, name: Literal["answer_due", "interaction_due", "rating_until"], at: datetime) -> Dates:
        terms = {
            "answer_due": self.policy.answer,
            "interaction_due": self.policy.interaction,
            "rating_until": self.policy.rating,
        }
        return {name: clocks.due(at, terms[name], self.policy, self.calendar)}

    def _reminders(self, at: datetime) -> list[str]:
        return [when.isoformat() for when in clocks.answer_reminders(at, self.policy, self.calendar)]


def _iso(dates: Dates) -> dict[str, Any]:
    return {name: at.isoformat() for name, at in dates.items()}
