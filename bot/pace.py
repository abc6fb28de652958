"""How fast we may send: the platform's limits, counted in Redis for all processes, else in this one."""

from __future__ import annotations

import time
from typing import Any

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from handlers.courier import Pace
from handlers.ports import Platform
from storage.chats import ChatRow

log = structlog.get_logger()
ALONE_SECONDS = 5.0  # after a failed question Redis is left alone: a hung server must not slow down every message
BURST = 3  # seconds' worth that one chat may get at once: "short bursts tolerated" (telegram.md, 2.1)


class SharedPace(Pace):
    """Moving windows per chat, per group and per bot. When Redis is away each process counts for itself."""

    def __init__(self, redis_url: str | None) -> None:
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(_storage(redis_url)) if redis_url else self._own
        self._held: dict[str, float] = {}
        self._alone_until = 0.0

    def wait(self, platform: Platform, chat: ChatRow) -> float:
        """Seconds until this chat may be sent to; 0: now, and counted."""
        held = self._held.get(platform.name, 0) - time.monotonic()
        if held > 0:
            return held
        limits = list(_limits(platform, chat))
        if not limits:
            return 0
        if time.monotonic() >= self._alone_until:
            try:
                return _hit(self._shared, limits)
            except (StorageError, OSError) as error:
                self._alone_until = time.monotonic() + ALONE_SECONDS
                log.warning("pace.alone", kind=type(error).__name__)
        return _hit(self._own, limits)

    def hold(self, platform: str, seconds: float) -> None:
        """The platform asked for silence towards everybody."""
        self._held[platform] = time.monotonic() + seconds


def _limits(platform: Platform, chat: ChatRow) -> list[tuple[RateLimitItem, str]]:
    can = platform.capabilities
    found: list[tuple[RateLimitItem, str]] = []
    if can.per_bot_per_second:
        found.append((RateLimitItemPerSecond(can.per_bot_per_second), platform.name))
    if chat.kind == "group" and can.per_group_per_minute:
        found.append((RateLimitItemPerMinute(can.per_group_per_minute), f"{platform.name}:{chat.id}"))
    elif can.per_chat_per_second:
        amount = max(1, int(BURST * can.per_chat_per_second))
        found.append((RateLimitItemPerSecond(amount, BURST), f"{platform.name}:{chat.id}"))
    return found


def _hit(limiter: MovingWindowRateLimiter, limits: list[tuple[RateLimitItem, str]]) -> float:
    """Count a message in every window, or say how long to wait for the fullest."""
    for item, key in limits:
        if not limiter.test(item, key):
            stats = limiter.get_window_stats(item, key)
            return max(0.05, stats.reset_time - time.time())
    for item, key in limits:
        limiter.hit(item, key)
    return 0


def _storage(url: str) -> Storage:
    where = url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url
    once: Any = Retry(NoBackoff(), 0)  # the library's own retries would wait a quarter of a minute (queue.md, 3)
    return RedisStorage(where, socket_timeout=1, socket_connect_timeout=1, retry=once, wrap_exceptions=True)
