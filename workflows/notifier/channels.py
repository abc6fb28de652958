"""Channels: a chat through which somebody can be told something, and on which terms at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from workflows.frozen import frozen

CALL = "call"  # what a notice waits for whose reader has no chat
BY_PHONE = "phone"  # in a chat's place: the person called, came or wrote a letter, and somebody else took it down


@frozen
class Window:
    """How long after a person's last word they can be written to in private: free, then paid, then not at all."""

    free: timedelta
    last: timedelta
    free_replies: int | None = None  # to one word of theirs, while it is free; None: any number
    late_price: int = 0  # VND for a message between ``free`` and ``last``


class Terms(StrEnum):
    """What sending through a channel now would mean."""

    FREE = "free"
    PAID = "paid"
    QUOTA = "quota"  # the platform takes no more for a while
    CLOSED = "closed"  # nothing is taken until the person writes
    DOWN = "down"  # switched off, or an outage
    CALL = "call"  # there is no chat: somebody has to call, or tell them when they come
    LOST = "lost"  # the person left, or blocked us


@frozen
class Channel:
    """One chat and what is known of it.

    ``window`` None: a chat once begun can be written to for ever. ``heard_at``: the person's last word; None where
    nobody kept it. ``said``: messages of ours since then. ``refused_at``: when the platform itself said that the
    window is closed. ``asked_at``: when we last asked the person to write.
    """

    chat: int
    platform: str = ""
    window: Window | None = None
    heard_at: datetime | None = None
    said: int = 0
    refused_at: datetime | None = None
    quota_until: datetime | None = None
    asked_at: datetime | None = None
    working: bool = True
    lost: bool = False


def terms(channel: Channel, now: datetime) -> Terms:
    """On which terms this channel takes a message now."""
    if channel.lost:
        return Terms.LOST
    if channel.platform == BY_PHONE:
        return Terms.CALL
    if not channel.working:
        return Terms.DOWN
    if _is_closed(channel, now):
        return Terms.CLOSED
    if channel.quota_until and channel.quota_until > now:
        return Terms.QUOTA
    return Terms.PAID if price(channel, now) else Terms.FREE


def price(channel: Channel, now: datetime) -> int:
    """What a message costs now (VND), if it is taken at all."""
    window = channel.window
    if window is None or channel.heard_at is None:
        return 0
    spent = window.free_replies is not None and channel.said >= window.free_replies
    return window.late_price if spent or now > channel.heard_at + window.free else 0


def closes_at(channel: Channel) -> datetime | None:
    """When nothing will be taken any more unless the person writes; None: never, or nobody knows."""
    if channel.window is None or channel.heard_at is None:
        return None
    return channel.heard_at + channel.window.last


def _is_closed(channel: Channel, now: datetime) -> bool:
    if channel.window is None:
        return False
    heard, refused = channel.heard_at, channel.refused_at
    if refused and (heard is None or refused >= heard):
        return True  # the platform knows better than our own count
    return heard is not None and now > heard + channel.window.last
