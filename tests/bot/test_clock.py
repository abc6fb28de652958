"""The clock: real time, or the sandbox's, which runs ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot import clock
from bot.sandbox import clock as sandbox_clock


def test_real_time_is_aware_and_in_utc(tmp_path):
    now = clock.clock_for(tmp_path, sandbox=False).now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


def test_every_clock_of_a_sandbox_runs_ahead_at_once(tmp_path):
    one, other = (clock.clock_for(tmp_path, sandbox=True) for _ in range(2))
    before = one.now()
    sandbox_clock.advance(tmp_path, timedelta(days=3))
    assert timedelta(days=3) <= one.now() - before < timedelta(days=3, minutes=1)
    assert other.now() >= one.now() - timedelta(minutes=1)
