"""A forecast for an administrator: what waits, when and how it will be sent, and who will be asked to write."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from storage.channels import ChannelStore
from storage.chats import ChatRow
from storage.unit_of_work import UnitOfWork
from workflows.case.model import OVER
from workflows.frozen import frozen
from workflows.notifier.channels import Channel, Window, price
from workflows.notifier.forecast import Foreseen, Line, foresee, summed
from workflows.notifier.planner import Notice, asks_at
from workflows.notifier.table import rule_of

PLANNED = frozenset({"send", "card"})
MOST_ASKED = 10_000


@frozen
class Asking:
    """How many people will be asked to write before their window closes, on one day, and for how much (VND)."""

    platform: str
    at: datetime
    people: int
    cost: int


def forecast(uow: UnitOfWork, windows: Mapping[str, Window | None], now: datetime) -> list[Line]:
    """What becomes of everything that waits, as things stand. ``windows``: of the platforms in use."""
    dead = down(uow)
    rows = [(row, due) for row, due in uow.outbox.waiting() if row.kind in PLANNED]
    chats = uow.chats.get(list({row.chat_id for row, _ in rows}))
    people = sorted({chat.person_id for chat in chats.values() if chat.person_id is not None})
    theirs = uow.chats.of_people(people) if people else {}
    found: list[Foreseen] = []
    for row, due in rows:
        chat = chats[row.chat_id]
        rule = rule_of(row.lane, row.purpose, group=chat.kind == "group")
        notice = Notice(row.id, rule, row.created_at, row.expires_at)
        others = [channel_of(one, windows, dead) for one in theirs.get(chat.person_id or 0, []) if one.id != chat.id]
        found.append(foresee(notice, channel_of(chat, windows, dead), others, due or now, now))
    return summed(found)


def asking(uow: UnitOfWork, windows: Mapping[str, Window | None], now: datetime) -> list[Asking]:
    """Who will be asked to write, day by day, unless they write before."""
    dead = down(uow)
    days: dict[tuple[str, datetime], list[int]] = {}
    for platform, window in windows.items():
        if window is None:
            continue
        for chat in uow.chats.heard_between(platform, now - window.last, now, MOST_ASKED):
            home = channel_of(chat, windows, dead)
            at = _asked_at(uow, chat, home, windows, dead, now)
            if at is not None:
                day = max(at, now).replace(hour=0, minute=0, second=0, microsecond=0)
                days.setdefault((platform, day), []).append(price(home, max(at, now)))
    return [Asking(platform, day, len(costs), sum(costs)) for (platform, day), costs in sorted(days.items())]


def down(uow: UnitOfWork) -> frozenset[str]:
    """Platforms with an outage."""
    return frozenset(name for name, row in ChannelStore(uow).all().items() if row.status == "down")


def channel_of(chat: ChatRow, windows: Mapping[str, Window | None], dead: Collection[str]) -> Channel:
    """What is known of a chat as a way to tell something."""
    return Channel(
        chat.id,
        chat.platform,
        window=windows.get(chat.platform) if chat.kind != "group" else None,
        heard_at=chat.heard_at,
        said=chat.said or 0,
        refused_at=chat.refused_at,
        quota_until=chat.quota_until,
        asked_at=chat.asked_at,
        working=chat.platform in windows and chat.platform not in dead,
        lost=chat.status == "lost",
    )


def _asked_at(
    uow: UnitOfWork,
    chat: ChatRow,
    home: Channel,
    windows: Mapping[str, Window | None],
    dead: Collection[str],
    now: datetime,
) -> datetime | None:
    if chat.person_id is None:
        return None
    others = [one for one in uow.chats.of_people([chat.person_id])[chat.person_id] if one.id != chat.id]
    at = asks_at(home, [channel_of(one, windows, dead) for one in others], now)
    open_cases = (row for row in uow.cases.of_reporter(chat.person_id) if row.case.state not in OVER)
    return at if at is not None and next(open_cases, None) else None
