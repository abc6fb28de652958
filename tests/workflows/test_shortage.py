"""Missing equipment: each time it is named it counts once, with whether the promise was kept all the same (R47)."""

from datetime import timedelta

from tests.workflows.case.story import MONDAY, Story
from workflows.actions import Action
from workflows.case.model import Role
from workflows.figures import Period, Scope, broken
from workflows.shortage import IDENTITIES, Shortage, shortages_of, sum_up

EVER = Period(MONDAY - timedelta(days=1), MONDAY + timedelta(days=365))


def found(story, period=EVER, scope=Scope(), *, hidden=False):  # noqa: B008 - frozen
    return list(shortages_of(story.events, period, scope, hidden=hidden))


def test_time_asked_for_want_of_equipment_is_late_unless_the_first_promise_is_kept():
    asked = Story().claimed().does(Role.HEAD, Action.REQUEST_EXTENSION, reason="lacks_equipment")
    assert found(asked) == [Shortage("", "more_time", late=True)]  # no result yet at the end of the period
    asked.does(Role.OPERATOR, Action.GRANT_EXTENSION).later(hours=1).does(Role.OFFICER, Action.SUBMIT_RESULT)
    assert found(asked) == [Shortage("", "more_time", late=False)]
    assert found(asked, Period(EVER.start, MONDAY)) == []


def test_a_result_after_the_first_promise_is_late_although_more_time_was_granted():
    story = Story().claimed().does(Role.HEAD, Action.REQUEST_EXTENSION, reason="lacks_equipment")
    story.does(Role.OPERATOR, Action.GRANT_EXTENSION).later(days=20).does(Role.OFFICER, Action.SUBMIT_RESULT)
    assert found(story) == [Shortage("", "more_time", late=True)]


def test_passing_on_and_declining_help_count_other_reasons_do_not():
    passed = Story().claimed().does(Role.HEAD, Action.REQUEST_TRANSFER, reason="lacks_equipment")
    assert [one.how for one in found(passed)] == ["passed_on"]
    declined = Story().helped().does(Role.HELPER, Action.DECLINE_SUPPORT)
    assert [one.how for one in found(declined)] == ["help_declined"]
    assert found(Story().claimed().does(Role.HEAD, Action.REQUEST_EXTENSION, reason="weather")) == []
    impossible = {"outcome": "not_possible", "reason": "lacks_equipment", "media": ()}
    given = Story().claimed().does(Role.OFFICER, Action.SUBMIT_RESULT, **impossible)
    assert found(given) == [Shortage("", "not_done", late=False)]


def test_a_named_place_is_never_charged_with_what_is_hidden():
    story = Story().helped().does(Role.HELPER, Action.DECLINE_SUPPORT)
    scope = Scope(area=story.case.area)
    assert len(found(story, scope=scope)) == 1
    assert found(story, scope=scope, hidden=True) == []


def test_sums_add_up():
    table = sum_up([Shortage("a", "more_time", late=True), Shortage("a", "passed_on", late=False)])
    assert table.total["shortages"] == 2
    assert table.lines["a"]["late_for_shortage"] == 1
    assert broken(table, IDENTITIES) == []
