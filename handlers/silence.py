"""Silence: a platform that stops delivering says nothing about it, so we notice that it took messages and sent none.

Zalo switches a webhook off after some failed deliveries, and a person must switch it on again (zalo.md, 3.3).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.alerts import alert
from handlers.tools import Tools
from storage.silence import SilenceStore

KEY = "channel_silent"
EVERY = timedelta(minutes=15)
SETTLE = timedelta(minutes=15)  # that an answer of ours, or the receipt of a message, may take
HOUR = timedelta(hours=1)


def watch(tools: Tools) -> list[str]:
    """The platforms that have been silent for too long although they take messages; administrators are told.

    Cheap to call often: it looks every quarter of an hour, and tells once for each length of silence.
    """
    if not tools.road.silence:
        return []
    now = tools.clock.now()
    with tools.store.write() as uow:
        if not uow.registers.take_turn("silence", now, now + EVERY):
            return []
    silent = [name for name, after in tools.road.silence.items() if _is_silent(tools, name, after, now)]
    for name in silent:
        after = tools.road.silence[name]
        with tools.store.write() as uow:
            if uow.registers.take_turn(f"silence:{name}", now, now + after):
                alert(uow, f"{KEY}:{name}", {"channel": name, "hours": str(int(after / HOUR) or 1)}, now)
                uow.flush(now)
    return silent


def _is_silent(tools: Tools, platform: str, after: timedelta, now: datetime) -> bool:
    with tools.store.read() as uow:
        events = SilenceStore(uow)
        last = events.last_delivery(platform)
        if last is not None and last > now - after:
            return False
        # What went out right after the last delivery was the answer to it, and proves nothing.
        since = last + SETTLE if last else datetime.min.replace(tzinfo=now.tzinfo)
        return events.sent_between(platform, since, now - SETTLE)
