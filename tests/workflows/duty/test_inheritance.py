"""What a shift inherits, by kind; a case can be of several kinds."""

from datetime import UTC, datetime, timedelta

import pytest

from workflows.case.calendar import WorkingCalendar
from workflows.duty.inheritance import Open, inherited

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("case", "kinds"),
    [
        (Open("A", False, NOW + 100 * HOUR, False), []),
        (Open("A", False, None, False), []),
        (Open("A", True, NOW + HOUR, False), ["urgent", "today"]),
        (Open("A", False, NOW - HOUR, False), ["overdue"]),
        (Open("A", False, NOW + 14 * HOUR, True), ["today", "unanswered"]),  # one hour before midnight there
        (Open("A", False, NOW + 16 * HOUR, False), []),  # after it
        (Open("A", True, NOW - HOUR, True), ["urgent", "overdue", "unanswered"]),
    ],
)
def test_kinds(case, kinds):
    assert inherited([case], NOW, WorkingCalendar()) == {kind: ("A",) for kind in kinds}


def test_codes_keep_their_order():
    cases = [Open("B", True, None, False), Open("A", True, None, False)]
    assert inherited(cases, NOW, WorkingCalendar()) == {"urgent": ("B", "A")}
