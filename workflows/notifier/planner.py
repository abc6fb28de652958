"""The planner: for one notice and the channels of its reader, what is to be done now. It decides, and does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from workflows.frozen import frozen
from workflows.notifier.channels import Channel, Terms, closes_at, price, terms
from workflows.notifier.table import Importance, Rule, ends_at

Why = Literal["window", "quota", "channel", "bundle", "call"]
Reason = Literal["expired", "window_closed", "quota_spent", "channel_down", "chat_lost", "not_called"]

BUNDLE_FOR = timedelta(minutes=30)  # how long news waits for other news where each message costs
LOOK_AGAIN = timedelta(hours=1)  # what waits for something that nobody may tell us of is planned anew after this
ASK_BEFORE = timedelta(hours=12)  # before a window closes the person is asked to write
IN_TIME = timedelta(minutes=10)  # nothing is left for the last moments of a window
MOST_TOGETHER = 10  # notices in one message
CALL_WITHIN = timedelta(days=30)  # where nothing else says how long something is worth telling

_REASONS: dict[Terms, Reason] = {
    Terms.CLOSED: "window_closed",
    Terms.QUOTA: "quota_spent",
    Terms.DOWN: "channel_down",
    Terms.LOST: "chat_lost",
    Terms.CALL: "not_called",
}


@frozen
class Notice:
    """Something to be told: its rule, since when, and until when it is worth it at most."""

    id: int
    rule: Rule
    created_at: datetime
    expires_at: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        """When it is no longer worth telling; None: never."""
        return ends_at(self.rule, self.created_at, self.expires_at)


@frozen
class Send:
    """Now, through its own channel, for this price (VND)."""

    price: int = 0


@frozen
class Hold:
    """Not now: ``why`` says what it waits for; at ``until`` it is planned anew even if nothing has happened."""

    why: Why
    until: datetime


@frozen
class FallBack:
    """Through another channel of the same person."""

    chat: int


@frozen
class NotReached:
    """Not at all, and this is written down."""

    reason: Reason


Answer = Send | Hold | FallBack | NotReached


def plan(notice: Notice, home: Channel, others: Sequence[Channel], now: datetime) -> Answer:
    """What is to be done with a notice now.

    ``home`` is the channel that it was meant for, ``others`` the same person's other ones.
    """
    stands, rule = terms(home, now), notice.rule
    if notice.ends_at and now >= notice.ends_at:
        return NotReached(_REASONS.get(stands, "expired"))
    if stands is Terms.FREE:
        return Send()
    elsewhere = _elsewhere(rule, others, now, paid=stands is not Terms.PAID)
    if elsewhere is not None:
        return FallBack(elsewhere.chat)
    match stands:
        case Terms.PAID if rule.pays:
            return _paid(notice, home, now)
        case Terms.LOST:
            return NotReached("chat_lost")
        case Terms.CLOSED if rule.importance is Importance.REPLY:
            return NotReached("window_closed")  # the next answer follows what they say next
        case Terms.QUOTA:
            return _hold(notice, "quota", now, home.quota_until)
        case Terms.DOWN:
            return _hold(notice, "channel", now)
        case Terms.CALL:
            return _hold(notice, "call", now, notice.ends_at or now + CALL_WITHIN)
        case _:
            return _hold(notice, "window", now)


def together(first: Notice, waiting: Sequence[Notice]) -> tuple[Notice, ...]:
    """Those of the notices waiting for the same chat that can be told in one message with ``first``."""
    if not first.rule.bundle:
        return ()
    alike = (one for one in waiting if one.id != first.id and one.rule.bundle == first.rule.bundle)
    return tuple(sorted(alike, key=lambda one: one.id))[: MOST_TOGETHER - 1]


def asks_at(home: Channel, others: Sequence[Channel], now: datetime) -> datetime | None:
    """When the person should be asked to write so that the channel stays open; None: there is no need, or no way.

    Once for each word of theirs, and not where another channel reaches them for nothing.
    """
    closes = closes_at(home)
    if closes is None or home.heard_at is None or terms(home, now) not in {Terms.FREE, Terms.PAID}:
        return None
    if home.asked_at and home.asked_at >= home.heard_at:
        return None
    if any(other.window is None and terms(other, now) is Terms.FREE for other in others):
        return None
    return max(closes - ASK_BEFORE, home.heard_at)


def _paid(notice: Notice, home: Channel, now: datetime) -> Answer:
    gathered = min(notice.created_at + BUNDLE_FOR, (closes_at(home) or now) - IN_TIME)
    if notice.rule.bundle and now < gathered:
        return _hold(notice, "bundle", now, gathered)
    return Send(price(home, now))


def _hold(notice: Notice, why: Why, now: datetime, until: datetime | None = None) -> Hold:
    until = until or now + LOOK_AGAIN
    return Hold(why, max(now, min(until, notice.ends_at or until)))


def _elsewhere(rule: Rule, others: Sequence[Channel], now: datetime, *, paid: bool) -> Channel | None:
    """The best other channel for such a notice; one that costs only where that is better than waiting."""
    if not rule.elsewhere:
        return None
    free = [one for one in others if terms(one, now) is Terms.FREE]
    costs = [one for one in others if terms(one, now) is Terms.PAID] if paid and rule.pays else []
    by_price = sorted(costs, key=lambda one: price(one, now))
    return next(iter((*free, *by_price)), None)
