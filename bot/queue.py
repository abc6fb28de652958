"""The bell on RQ: a hint that there is work. The database is the queue of record; losing a hint costs seconds.

RQ and the client of Redis are loaded by the first ring, not by this file: a web process answers sooner, and one
that never rings does without.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    import redis
    from rq import Queue

log = structlog.get_logger()

NAME = "bell"
JOB = "bot.jobs.wake"  # by dotted path: this file knows nothing of what a worker does
RUNG = "bell:rung"  # set while a worker is sure to look again
RUNG_SECONDS = 5  # a worker killed between the ring and its look silences the bell no longer than this
REST_SECONDS = 5.0  # after a failed ring, Redis is left alone: a hung server must not slow down every request
CAP_SECONDS = 1.0


def connect(url: str) -> redis.Redis:
    """A client that gives up after a second; the sweep is the retry (queue.md: defaults wait up to a minute)."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis.from_url(
        url, socket_timeout=CAP_SECONDS, socket_connect_timeout=CAP_SECONDS, retry=Retry(NoBackoff(), 0)
    )


def connect_patiently(url: str) -> redis.Redis:
    """A client for RQ's own loop, which blocks on its queue for minutes: the capped one would call that a failure."""
    import redis

    return redis.Redis.from_url(url)


def open_queue(connection: redis.Redis) -> Queue:
    """The one queue, on a connection."""
    from rq import Queue
    from rq.serializers import JSONSerializer

    return Queue(NAME, connection=connection, serializer=JSONSerializer)


class RqBell:
    """Rings at most once until a worker has looked. Never raises, never waits long."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._rest_until = 0.0

    def ring(self) -> None:
        """Wake a worker, unless one is sure to look anyway."""
        self._try(self._ring)

    def more(self) -> None:
        """There is more than one worker can do: wake another."""
        self._try(self._enqueue)

    def looked(self) -> None:
        """A worker is about to look for the last time: whoever comes after this must ring."""
        self._try(lambda: self._redis.delete(RUNG))

    @cached_property
    def _redis(self) -> redis.Redis:
        return connect(self._url)

    @cached_property
    def _queue(self) -> Queue:
        return open_queue(self._redis)

    def _ring(self) -> None:
        if self._redis.set(RUNG, 1, nx=True, ex=RUNG_SECONDS):
            self._enqueue()

    def _enqueue(self) -> None:
        self._queue.enqueue_call(JOB, job_id=uuid.uuid4().hex, timeout=60, result_ttl=0, failure_ttl=86400, ttl=60)

    def _try(self, what: Callable[[], object]) -> None:
        from redis.exceptions import RedisError

        now = time.monotonic()
        if now < self._rest_until:
            return
        try:
            what()
        except RedisError as error:
            self._rest_until = now + REST_SECONDS
            log.warning("bell.silent", kind=type(error).__name__)


class SilentBell:
    """For commands and tests: the sweep, or the caller, sees to the work."""

    def ring(self) -> None:
        """Nothing to wake."""

    def more(self) -> None:
        """Nothing to wake."""

    def looked(self) -> None:
        """Nothing was rung."""
