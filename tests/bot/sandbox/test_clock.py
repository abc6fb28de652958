"""The sandbox's clock goes forward, for every process."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import clock


def test_it_starts_at_real_time_and_goes_forward(tmp_path):
    assert clock.read_offset(tmp_path) == timedelta(0)
    clock.advance(tmp_path, timedelta(days=3))
    assert clock.advance(tmp_path, timedelta(minutes=90)) == timedelta(days=3, minutes=90)
    ahead = clock.now(tmp_path) - datetime.now(UTC)
    assert timedelta(days=3, minutes=89) < ahead < timedelta(days=3, minutes=91)


def test_it_never_goes_back_or_too_far(tmp_path):
    for step in (timedelta(seconds=-1), timedelta(days=9999)):
        with pytest.raises(ValueError, match="clock"):
            clock.advance(tmp_path, step)


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("+3d", timedelta(days=3)),
        ("2h", timedelta(hours=2)),
        ("+90m", timedelta(minutes=90)),
        ("+1d12h", timedelta(days=1, hours=12)),
    ],
)
def test_steps_in_words(words, step):
    assert clock.parse_delta(words) == step


@pytest.mark.parametrize("words", ["", "3", "-3d", "tomorrow", "+d"])
def test_nonsense(words):
    with pytest.raises(ValueError, match="write a step"):
        clock.parse_delta(words)
