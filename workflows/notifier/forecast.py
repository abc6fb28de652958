"""The forecast: for what waits now, when it will go out, through which channel, and for how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil
from typing import Literal

from workflows.frozen import frozen
from workflows.notifier.channels import Channel, Terms, price, terms
from workflows.notifier.planner import MOST_TOGETHER, FallBack, Hold, Notice, NotReached, Send, plan

Waits = Literal["", "bundle", "quota", "window", "channel", "call", "never"]


@frozen
class Foreseen:
    """What will become of one notice.

    ``at``: when it goes out; None where that depends on the person (``window``) or on the platform (``channel``).
    ``chat`` and ``platform``: through which it goes. ``until``: then it is given up. ``price``: of its message (VND).
    """

    notice: Notice
    chat: int
    platform: str
    waits: Waits
    at: datetime | None = None
    until: datetime | None = None
    price: int = 0
    reason: str = ""


@frozen
class Line:
    """Notices with the same prospects: how many, in how many messages, for how much (VND)."""

    platform: str
    waits: Waits
    at: datetime | None
    until: datetime | None
    notices: int
    messages: int
    cost: int


def foresee(notice: Notice, home: Channel, others: Sequence[Channel], due_at: datetime, now: datetime) -> Foreseen:
    """As things stand now. ``due_at``: it is not tried before."""
    at = max(due_at, now)
    match plan(notice, home, others, now):
        case Send(price=cost):
            return Foreseen(notice, home.chat, home.platform, "", at, notice.ends_at, cost)
        case FallBack(chat=chat):
            other = next(one for one in others if one.chat == chat)
            return Foreseen(notice, chat, other.platform, "", now, notice.ends_at, price(other, now))
        case NotReached(reason=reason):
            return Foreseen(notice, home.chat, home.platform, "never", now, notice.ends_at, reason=reason)
        case Hold(why="bundle", until=until):
            return Foreseen(notice, home.chat, home.platform, "bundle", until, notice.ends_at, price(home, until))
        case Hold(why="quota", until=until):
            cost = price(home, until) if terms(home, until) in {Terms.FREE, Terms.PAID} else 0
            return Foreseen(notice, home.chat, home.platform, "quota", until, notice.ends_at, cost)
        case held:
            return Foreseen(notice, home.chat, home.platform, held.why, None, notice.ends_at)


def summed(foreseen: Iterable[Foreseen]) -> list[Line]:
    """By channel, what they wait for, and the hour; soonest first, what nobody can date last."""
    groups: dict[tuple[str, Waits, datetime | None], list[Foreseen]] = {}
    for one in foreseen:
        hour = one.at.replace(minute=0, second=0, microsecond=0) if one.at else None
        groups.setdefault((one.platform, one.waits, hour), []).append(one)
    lines = [_line(platform, waits, alike) for (platform, waits, _), alike in groups.items()]
    return sorted(lines, key=lambda line: (line.at is None, line.at or line.until, line.platform, line.waits))


def _line(platform: str, waits: Waits, alike: list[Foreseen]) -> Line:
    sets: dict[tuple[int, str], list[Foreseen]] = {}
    for one in alike:
        key = one.notice.rule.bundle if waits in {"bundle", "quota", "window", "channel"} else ""
        sets.setdefault((one.chat, key or f"#{one.notice.id}"), []).append(one)
    messages = {key: ceil(len(told) / MOST_TOGETHER) for key, told in sets.items()}
    cost = sum(messages[key] * told[0].price for key, told in sets.items())
    dated = [one.at for one in alike if one.at]
    ends = [one.until for one in alike if one.until]
    sent = 0 if waits == "never" else sum(messages.values())
    return Line(platform, waits, min(dated, default=None), min(ends, default=None), len(alike), sent, cost)
