"""The roster's arithmetic: which shift, whose, which are empty, and what nobody covers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.duty.shifts import Shift, after, at, before, is_empty, may_take, overlap, uncovered

SEVEN = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # 07:00 in Vietnam
HOUR = timedelta(hours=1)
DAY = Shift(1, 7, SEVEN, SEVEN + 12 * HOUR, 31, 32)
NIGHT = Shift(2, 7, SEVEN + 12 * HOUR, SEVEN + 24 * HOUR, 33)
LATER = Shift(3, 7, SEVEN + 30 * HOUR, SEVEN + 36 * HOUR, None)
ROSTER = (LATER, NIGHT, DAY)


@pytest.mark.parametrize(
    ("hours", "now", "following"),
    [(-1, None, DAY), (0, DAY, NIGHT), (11.9, DAY, NIGHT), (12, NIGHT, LATER), (24, None, LATER), (40, None, None)],
)
def test_which_shift_runs_and_which_comes_next(hours, now, following):
    moment = SEVEN + hours * HOUR
    assert (at(ROSTER, moment), after(ROSTER, moment)) == (now, following)


def test_what_ended_last_before_a_shift():
    assert before(ROSTER, LATER.starts_at) == NIGHT
    assert before(ROSTER, NIGHT.starts_at) == DAY
    assert before(ROSTER, DAY.starts_at) is None


@pytest.mark.parametrize(
    ("shift", "serving", "empty"),
    [
        (DAY, {31, 32}, False),
        (DAY, {32}, True),  # who left the unit has no shift
        (LATER, {31}, True),
        (Shift(1, 7, SEVEN, SEVEN + HOUR, 31, 32, on_duty_id=32), {32}, False),
        (Shift(1, 7, SEVEN, SEVEN + HOUR, 31, 32, on_duty_id=32), {31}, True),
    ],
)
def test_an_empty_shift_has_nobody_who_serves(shift, serving, empty):
    assert is_empty(shift, serving) is empty


@pytest.mark.parametrize(
    ("shift", "person", "head", "may"),
    [
        (DAY, 32, False, True),  # the stand-in
        (DAY, 33, False, False),  # a colleague
        (DAY, 33, True, True),  # the head
        (DAY, 31, True, False),  # has it already
        (LATER, 33, False, True),  # nobody has it
        (DAY, 99, True, False),  # does not serve here
        (Shift(1, 7, SEVEN, SEVEN + HOUR, 31, 32, on_duty_id=32), 31, False, True),  # takes it back
    ],
)
def test_who_may_take_a_shift(shift, person, head, may):
    assert may_take(shift, person, head=head, serving={31, 32, 33}) is may


def test_shifts_that_meet_do_not_overlap_and_units_do_not_disturb_each_other():
    assert not overlap(DAY, NIGHT)
    longer = Shift(9, 7, SEVEN + HOUR, SEVEN + 13 * HOUR, 1)
    assert overlap(DAY, longer)
    assert overlap(longer, NIGHT)
    assert not overlap(DAY, Shift(9, 8, SEVEN, SEVEN + HOUR, 1))


def test_what_nobody_covers():
    assert uncovered(ROSTER, SEVEN - HOUR, SEVEN + 40 * HOUR) == (
        (SEVEN - HOUR, SEVEN),
        (SEVEN + 24 * HOUR, SEVEN + 30 * HOUR),
        (SEVEN + 36 * HOUR, SEVEN + 40 * HOUR),
    )
    assert uncovered((), SEVEN, SEVEN + HOUR) == ((SEVEN, SEVEN + HOUR),)


spans = st.tuples(st.integers(-20, 60), st.integers(1, 30))


@given(st.lists(spans, max_size=8), st.integers(-10, 50), st.integers(0, 40))
def test_every_moment_is_covered_or_in_exactly_one_gap(drawn, first, length):
    shifts = [
        Shift(number, 7, SEVEN + start * HOUR, SEVEN + (start + hours) * HOUR, 1)
        for number, (start, hours) in enumerate(drawn)
    ]
    gaps = uncovered(shifts, SEVEN + first * HOUR, SEVEN + (first + length) * HOUR)
    for hour in range(first, first + length):
        moment = SEVEN + hour * HOUR + HOUR / 2
        inside = [gap for gap in gaps if gap[0] <= moment < gap[1]]
        assert len(inside) == (0 if at(shifts, moment) else 1)
