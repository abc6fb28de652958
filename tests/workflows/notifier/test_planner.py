"""The planner: what is done with a notice, for every state of its channel and of the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workflows.effects import Lane
from workflows.notifier.channels import Channel, Terms, Window, price, terms
from workflows.notifier.planner import FallBack, Hold, Notice, NotReached, Send, asks_at, plan, together
from workflows.notifier.table import RULES, rule_of

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW = Window(free=48 * HOUR, last=7 * DAY, late_price=55)
OPEN = Channel(1, "telegram")
FREE = Channel(2, "zalo", WINDOW, heard_at=NOW - HOUR)
PAID = replace(FREE, heard_at=NOW - 3 * DAY)
CLOSED = replace(FREE, heard_at=NOW - 8 * DAY)
QUOTA = replace(FREE, quota_until=NOW + HOUR)
DOWN = replace(OPEN, working=False)
LOST = replace(OPEN, lost=True)


def notice(lane=Lane.NOTICE, purpose="notice", created_at=NOW, **more):
    return Notice(1, rule_of(lane, purpose), created_at, **more)


NEWS, QUESTION = notice(), notice(purpose="question")
REPLY, BROADCAST = notice(Lane.REPLY, ""), notice(Lane.BROADCAST, "")


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (OPEN, Terms.FREE), (FREE, Terms.FREE), (PAID, Terms.PAID), (CLOSED, Terms.CLOSED), (QUOTA, Terms.QUOTA),
        (DOWN, Terms.DOWN), (LOST, Terms.LOST),
        (replace(FREE, heard_at=NOW - 48 * HOUR), Terms.FREE),
        (replace(FREE, heard_at=NOW - 7 * DAY), Terms.PAID),
        (replace(FREE, heard_at=None), Terms.FREE),
        (replace(FREE, refused_at=NOW), Terms.CLOSED),
        (replace(FREE, refused_at=NOW - 2 * HOUR), Terms.FREE),
        (replace(FREE, heard_at=None, refused_at=NOW), Terms.CLOSED),
        (replace(PAID, window=replace(WINDOW, late_price=0)), Terms.FREE),
        (replace(FREE, window=replace(WINDOW, free_replies=8), said=7), Terms.FREE),
        (replace(FREE, window=replace(WINDOW, free_replies=8), said=8), Terms.PAID),
        (replace(CLOSED, quota_until=NOW + HOUR), Terms.CLOSED),
    ],
)  # fmt: skip
def test_terms(channel, expected):
    assert terms(channel, NOW) is expected


@pytest.mark.parametrize(
    ("what", "home", "others", "expected"),
    [
        (NEWS, OPEN, (), Send()),
        (NEWS, FREE, (), Send()),
        (NEWS, PAID, (), Hold("bundle", NOW + timedelta(minutes=30))),
        (NEWS, PAID, (OPEN,), FallBack(1)),
        (NEWS, PAID, (replace(PAID, chat=3),), Hold("bundle", NOW + timedelta(minutes=30))),
        (QUESTION, PAID, (), Send(55)),
        (QUESTION, PAID, (OPEN,), FallBack(1)),
        (REPLY, PAID, (OPEN,), Send(55)),
        (BROADCAST, PAID, (), Hold("window", NOW + HOUR)),
        (BROADCAST, PAID, (OPEN,), Hold("window", NOW + HOUR)),
        (NEWS, QUOTA, (), Hold("quota", NOW + HOUR)),
        (NEWS, QUOTA, (OPEN,), FallBack(1)),
        (NEWS, CLOSED, (), Hold("window", NOW + HOUR)),
        (NEWS, CLOSED, (DOWN, LOST, replace(CLOSED, chat=4)), Hold("window", NOW + HOUR)),
        (NEWS, CLOSED, (replace(PAID, chat=3), OPEN), FallBack(1)),
        (QUESTION, CLOSED, (replace(PAID, chat=3),), FallBack(3)),
        (REPLY, CLOSED, (OPEN,), NotReached("window_closed")),
        (NEWS, DOWN, (), Hold("channel", NOW + HOUR)),
        (NEWS, DOWN, (FREE,), FallBack(2)),
        (REPLY, DOWN, (FREE,), Hold("channel", NOW + HOUR)),
        (NEWS, LOST, (), NotReached("chat_lost")),
        (NEWS, LOST, (FREE,), FallBack(2)),
    ],
)  # fmt: skip
def test_what_is_done(what, home, others, expected):
    assert plan(what, home, others, NOW) == expected


@pytest.mark.parametrize(
    ("home", "reason"),
    [(OPEN, "expired"), (CLOSED, "window_closed"), (QUOTA, "quota_spent"), (DOWN, "channel_down"),
     (LOST, "chat_lost"), (PAID, "expired")],
)  # fmt: skip
def test_what_lasted_too_long_is_given_up_with_the_reason(home, reason):
    assert plan(notice(created_at=NOW - 30 * DAY), home, (OPEN,), NOW) == NotReached(reason)


def test_an_expiry_of_its_own_comes_first():
    assert plan(notice(expires_at=NOW), OPEN, (), NOW) == NotReached("expired")
    assert plan(notice(expires_at=NOW + HOUR / 2), DOWN, (), NOW) == Hold("channel", NOW + HOUR / 2)


def test_news_that_cost_wait_for_each_other_but_not_beyond_the_window():
    old = notice(created_at=NOW - HOUR)
    assert plan(old, PAID, (), NOW) == Send(55)
    closing = replace(FREE, heard_at=NOW - 7 * DAY + timedelta(minutes=20))
    assert plan(NEWS, closing, (), NOW) == Hold("bundle", NOW + timedelta(minutes=10))
    assert plan(NEWS, closing, (), NOW + timedelta(minutes=10)) == Send(55)


def test_a_group_waits_for_its_channel_for_ever():
    work = Notice(1, rule_of(Lane.NOTICE, "card", group=True), NOW - 400 * DAY)
    assert plan(work, DOWN, (), NOW) == Hold("channel", NOW + HOUR)
    assert plan(work, OPEN, (), NOW) == Send()


def test_what_may_be_told_in_one_message():
    def one(number, lane=Lane.NOTICE, purpose="notice"):
        return replace(notice(lane, purpose), id=number)

    waiting = [one(3), one(2), one(4, purpose="result"), one(5, Lane.BROADCAST, ""), one(1)]
    assert [other.id for other in together(one(1), waiting)] == [2, 3]
    assert together(one(4, purpose="result"), waiting) == ()
    assert len(together(one(1), [one(number) for number in range(2, 40)])) == 9


def test_a_person_is_asked_once_before_the_window_closes():
    before = FREE.heard_at + 7 * DAY - 12 * HOUR
    assert asks_at(FREE, (), NOW) == before
    assert asks_at(replace(FREE, asked_at=NOW), (), NOW) is None
    assert asks_at(replace(FREE, asked_at=NOW - DAY), (), NOW) == before
    assert asks_at(FREE, (OPEN,), NOW) is None
    assert asks_at(FREE, (DOWN, LOST), NOW) == before
    for unable in (OPEN, CLOSED, replace(FREE, working=False), replace(FREE, heard_at=None)):
        assert asks_at(unable, (), NOW) is None


def test_every_lane_has_a_rule():
    assert {lane for lane, purpose in RULES if not purpose} == set(Lane)
    assert rule_of(Lane.NOTICE, "anything") is RULES[(Lane.NOTICE, "")]


def test_prices():
    assert [price(channel, NOW) for channel in (OPEN, FREE, PAID)] == [0, 0, 55]
