"""A storm is on for its area and its time, and nowhere and never else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workflows.storm.mode import Storm, on, over, same

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STORM = Storm(1, "an-cuu", "Bão số 5", "Storm 5", NOW)


@pytest.mark.parametrize(
    ("change", "is_on"),
    [
        ({}, True),
        ({"starts_at": NOW + HOUR}, False),
        ({"until": NOW + HOUR}, True),
        ({"until": NOW}, False),
        ({"ended_at": NOW}, False),
        ({"until": NOW + HOUR, "ended_at": NOW - HOUR}, False),
    ],
)
def test_its_time(change, is_on):
    assert replace(STORM, **change).is_on(NOW) is is_on


def test_its_area():
    everywhere, gone = replace(STORM, id=2, area=""), replace(STORM, id=3, ended_at=NOW)
    storms = (everywhere, gone, STORM)
    assert on(storms, NOW) == (STORM, everywhere)
    assert over(storms, "an-cuu", NOW) == (STORM, everywhere)
    assert over(storms, "thuan-hoa", NOW) == (everywhere,)
    assert over(storms, "", NOW) == (everywhere,)
    assert [same(on(storms, NOW), area) for area in ("an-cuu", "", "thuan-hoa")] == [STORM, everywhere, None]
