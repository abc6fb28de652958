"""Outages: a platform that fails again and again is left alone until it answers; administrators hear of both."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from handlers.alerts import alert
from handlers.courier import Result
from handlers.ports import SendLater, SendNever, SendUnknown
from handlers.tools import Tools
from storage.channels import ChannelRow, ChannelStore
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

TOO_FAST = frozenset({"too_many_requests", "not_at_night"})  # the platform is well: it is we who must wait
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Failures:
    """Failures of one kind in a row on one platform, and in how many chats."""

    code: str
    count: int = 0
    chats: set[int] = field(default_factory=set)


class Outages:
    """Which platforms cannot be used now. One per process; what one finds out, all know within a sweep."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._failures: dict[str, _Failures] = {}
        self._lock = threading.Lock()
        self._down: frozenset[str] = frozenset()
        self._look_at = NEVER
        self._reconciled = False

    def dead(self) -> frozenset[str]:
        """Platforms with an outage, as last looked; those that settings have switched off are not among ours."""
        return self._down

    def works(self, platform: str) -> bool:
        """Whether a platform is in use and has no outage."""
        return platform in self.tools.platforms and platform not in self._down

    def saw(self, platform: str, result: Result) -> None:
        """What became of one send: failures of one kind in a row are counted, anything that got through ends them."""
        with self._lock:
            if result.reached:
                self._failures.pop(platform, None)
            elif result.trouble and result.trouble not in TOO_FAST:
                failures = self._failures.get(platform)
                if failures is None or failures.code != result.trouble:
                    failures = self._failures[platform] = _Failures(result.trouble)
                failures.count += 1
                failures.chats.add(result.note.row.chat_id)

    def look(self, *, now: datetime | None = None) -> bool:
        """See to platforms that fail and to those that are said to be down. True when something has changed.

        Asks the platforms themselves: must not run inside a transaction.
        """
        at = now or self.tools.clock.now()
        changed = self._reconcile(at) if not self._reconciled else False
        for platform in self._suspects():
            code = self._answer(platform)
            with self._lock:
                self._failures.pop(platform, None)
            if code:
                self._went_down(platform, code, at)
                changed = True
        if changed or at >= self._look_at:
            changed = self._refresh(at) or changed
        return changed

    def _suspects(self) -> list[str]:
        after = self.tools.road.outage_after
        with self._lock:
            return [name for name, failures in self._failures.items()
                    if failures.count >= after and name not in self._down]  # fmt: skip

    def _refresh(self, now: datetime) -> bool:
        """What other processes have found out, and whether what is down has come back."""
        road = self.tools.road
        with self.tools.store.read() as uow:
            known = ChannelStore(uow).all()
        before, down = self._down, self._of_ours(known)
        self._down, self._look_at = down, now + min(road.sweep, road.probe)
        back = [name for name in sorted(down) if self._may_probe(name, now) and not self._answer(name)]
        for name in back:
            self._came_back(name, now)
        self._down = down - set(back)
        return self._down != before or bool(back)

    def _of_ours(self, known: dict[str, ChannelRow]) -> frozenset[str]:
        return frozenset(name for name, row in known.items() if row.status == "down" and name in self.tools.platforms)

    def _may_probe(self, name: str, now: datetime) -> bool:
        """One process asks for all, once in a while."""
        with self.tools.store.write() as uow:
            return uow.registers.take_turn(f"probe:{name}", now, now + self.tools.road.probe)

    def _answer(self, name: str) -> str:
        """Why a platform does not answer; "" when it does, or says no to us in a way that is not its trouble."""
        try:
            self.tools.platforms[name].me()
        except SendLater as later:
            return "" if later.code in TOO_FAST else later.code
        except SendUnknown as unknown:
            return unknown.code
        except SendNever:
            return ""
        except Exception as error:  # a mistake of ours must not hide an outage
            log.exception("channel.cannot_ask", channel=name)
            return type(error).__name__
        return ""

    # --- what follows ----------------------------------------------------------------------------------------------

    def _went_down(self, name: str, code: str, now: datetime) -> None:
        with self.tools.store.write() as uow:
            if ChannelStore(uow).all().get(name, _UP).status == "down":
                return
            self._down |= {name}
            ChannelStore(uow).set(name, "down", code, now)
            uow.registers.take_turn(f"probe:{name}", now, now + self.tools.road.probe)
            self._start_anew(uow, name, now)
            alert(uow, f"channel_down:{name}", {"channel": name, "code": code}, now)
            uow.flush(now)
        log.error("channel.down", channel=name, code=code)

    def _came_back(self, name: str, now: datetime) -> None:
        with self.tools.store.write() as uow:
            ChannelStore(uow).set(name, "up", "", now)
            self._start_anew(uow, name, now)
            alert(uow, f"channel_back:{name}", {"channel": name}, now)
            uow.flush(now)
        log.warning("channel.back", channel=name)

    def _reconcile(self, now: datetime) -> bool:
        """Once at the start: which platforms settings have switched off since, and which are in use again."""
        with self.tools.store.write() as uow:
            known = ChannelStore(uow).all()
            changes = _switched(known, sorted(self.tools.platforms))
            for name, status in changes.items():
                ChannelStore(uow).set(name, status, "", now)
                self._start_anew(uow, name, now)  # also the first time: something may have waited for it before
                if name in known:  # the first time is no news
                    word = "channel_off" if status == "off" else "channel_back"
                    alert(uow, f"{word}:{name}", {"channel": name}, now)
            uow.flush(now)
        self._reconciled = True
        return bool(changes)

    def _start_anew(self, uow: UnitOfWork, name: str, now: datetime) -> None:
        """Everything that waits is planned again, for what can be reached how has changed."""
        uow.chats.go_on(name, now)
        uow.outbox.hurry(name, now)
        uow.outbox.release_all(now)


_UP = ChannelRow("", "up", "", NEVER)


def _switched(known: dict[str, ChannelRow], ours: Sequence[str]) -> dict[str, str]:
    """Platform to its new status, where settings differ from what was kept."""
    off = {name: "off" for name, row in known.items() if name not in ours and row.status != "off"}
    on = {name: "up" for name in ours if known.get(name, _OFF).status == "off"}
    return off | on


_OFF = ChannelRow("", "off", "", NEVER)
