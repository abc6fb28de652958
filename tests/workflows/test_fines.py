"""Sanctions of a period: counted once each, as they were accepted."""

from datetime import timedelta

from tests.workflows.case.story import MONDAY, Story
from workflows.actions import Action
from workflows.case.model import Role
from workflows.figures import Period, Scope, broken
from workflows.fines import IDENTITIES, Sanction, sanctions_of, sum_up

EVER = Period(MONDAY - timedelta(days=1), MONDAY + timedelta(days=365))


def fined(story, amount):
    return story.claimed().does(Role.OFFICER, Action.SUBMIT_RESULT, outcome="sanctioned", fine=amount)


def found(story, period=EVER, scope=Scope(), *, hidden=False):  # noqa: B008 - frozen
    return list(sanctions_of(story.events, period, scope, hidden=hidden))


def test_a_sanction_counts_with_its_amount_also_after_rework():
    story = fined(Story(), 1_500_000)
    story.does(Role.CITIZEN, Action.DISPUTE).does(Role.HEAD, Action.REWORK)
    story.does(Role.OFFICER, Action.SUBMIT_RESULT, outcome="sanctioned", fine=0)
    assert found(story) == [Sanction("", 1_500_000), Sanction("", 0)]
    assert found(story, Period(EVER.start, MONDAY)) == []
    assert found(Story().resolved()) == []


def test_a_named_unit_or_place_is_never_charged_with_what_is_hidden():
    story = fined(Story(), 1_000_000)
    area = story.case.area
    assert len(found(story, scope=Scope(area=area))) == 1
    assert found(story, scope=Scope(area=area), hidden=True) == []


def test_sums_add_up():
    table = sum_up([Sanction("a", 500_000), Sanction("a", 0), Sanction("b", None), Sanction("b", 250_000)])
    assert table.total == {"sanctions": 4, "warnings": 1, "fined": 2, "unrecorded": 1, "amount": 750_000}
    assert table.lines["a"]["amount"] == 500_000
    assert broken(table, IDENTITIES) == []
