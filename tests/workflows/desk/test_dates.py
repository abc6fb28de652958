"""A day as people write it."""

from datetime import date

import pytest

from workflows.desk.dates import read

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("15/12", date(2026, 12, 15)),
        ("ngày 5.1", date(2027, 1, 5)),
        (" 1-2-2027 ", date(2027, 2, 1)),
        ("23/11", TODAY),
        ("22/11", date(2027, 11, 22)),
        ("31/2", None),
        ("15/13/2026", None),
        ("thứ Sáu", None),
        ("15", None),
        ("15/12/26", None),
    ],
)
def test_what_day_is_meant(said, meant):
    assert read(said, TODAY) == meant
