"""The forecast: what waits, when it goes out and for how much, summed for people."""

from dataclasses import replace
from datetime import timedelta

from tests.workflows.notifier.test_planner import (
    CLOSED,
    DAY,
    DOWN,
    HOUR,
    LOST,
    NEWS,
    NOW,
    OPEN,
    PAID,
    QUESTION,
    QUOTA,
)
from workflows.notifier.forecast import foresee, summed


def told(notice, home, *others, due=NOW):
    seen = foresee(notice, home, others, due, NOW)
    return seen.platform, seen.waits, seen.at, seen.price


def test_each_state_of_a_channel():
    assert told(NEWS, OPEN) == ("telegram", "", NOW, 0)
    assert told(NEWS, OPEN, due=NOW + HOUR) == ("telegram", "", NOW + HOUR, 0)
    assert told(QUESTION, PAID) == ("zalo", "", NOW, 55)
    assert told(QUESTION, PAID, OPEN) == ("telegram", "", NOW, 0)
    assert told(NEWS, PAID) == ("zalo", "bundle", NOW + timedelta(minutes=30), 55)
    assert told(NEWS, QUOTA) == ("zalo", "quota", NOW + HOUR, 0)
    assert told(NEWS, CLOSED) == ("zalo", "window", None, 0)
    assert told(NEWS, DOWN) == ("telegram", "channel", None, 0)
    assert told(NEWS, LOST) == ("telegram", "never", NOW, 0)
    closing = replace(QUOTA, heard_at=NOW - 7 * DAY + HOUR / 2)
    assert told(NEWS, closing) == ("zalo", "quota", NOW + HOUR, 0), "by then it costs nothing, for it is closed"


def test_sums_by_channel_and_hour_with_bundles_paid_once():
    notices = [replace(NEWS, id=number) for number in range(1, 4)]
    other = replace(PAID, chat=9)
    seen = [foresee(notice, PAID, (), NOW, NOW) for notice in notices]
    seen += [foresee(replace(NEWS, id=5), other, (), NOW, NOW), foresee(replace(QUESTION, id=6), PAID, (), NOW, NOW)]
    seen += [foresee(replace(NEWS, id=7), replace(CLOSED, chat=8), (), NOW, NOW)]
    question, news, window = summed(seen)
    assert (question.waits, question.notices, question.messages, question.cost) == ("", 1, 1, 55)
    assert (news.waits, news.notices, news.messages, news.cost) == ("bundle", 4, 2, 110)
    assert (window.waits, window.at, window.until) == ("window", None, NOW + 30 * DAY)


def test_nothing_waits():
    assert summed([]) == []
