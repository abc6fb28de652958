"""A notice whose reader has no chat: it waits for a call, and goes to a chat as soon as there is one."""

from datetime import UTC, datetime, timedelta

from workflows.notifier.channels import BY_PHONE, CALL, Channel, Terms, terms
from workflows.notifier.forecast import foresee
from workflows.notifier.planner import CALL_WITHIN, FallBack, Hold, Notice, NotReached, plan
from workflows.notifier.table import GROUP, NEWS, WANTED

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PHONE = Channel(1, BY_PHONE, working=False)


def test_there_is_no_platform_and_yet_it_is_no_outage():
    assert terms(PHONE, NOW) is Terms.CALL
    assert terms(Channel(1, BY_PHONE, lost=True), NOW) is Terms.LOST


def test_it_waits_for_a_call_until_it_is_no_news():
    assert plan(Notice(1, WANTED, NOW), PHONE, (), NOW) == Hold(CALL, NOW + timedelta(days=30))
    assert plan(Notice(1, GROUP, NOW), PHONE, (), NOW) == Hold(CALL, NOW + CALL_WITHIN)
    assert plan(Notice(1, NEWS, NOW - timedelta(days=31)), PHONE, (), NOW) == NotReached("not_called")


def test_a_chat_that_the_person_has_meanwhile_is_better():
    assert plan(Notice(1, NEWS, NOW), PHONE, (Channel(2, "telegram"),), NOW) == FallBack(2)
    assert plan(Notice(1, NEWS, NOW), PHONE, (Channel(2, "telegram", working=False),), NOW).why == CALL


def test_the_forecast_says_that_somebody_must_call():
    assert foresee(Notice(1, NEWS, NOW), PHONE, (), NOW, NOW).waits == CALL
