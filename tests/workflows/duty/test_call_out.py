"""The call-out: one round at a time, never two for one moment, and those above are told when nobody answers."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workflows.duty.call_out import Call, due

BEGAN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TEN = 10 * MINUTE


def test_the_first_round_is_at_once_the_next_when_the_pause_is_over():
    first = due(None, BEGAN, BEGAN, TEN, 3)
    assert first.call == Call(BEGAN, 1, BEGAN + TEN)
    assert due(first.call, BEGAN, BEGAN + 9 * MINUTE, TEN, 3) is None
    assert due(first.call, BEGAN, BEGAN + TEN, TEN, 3).call.rounds == 2


def test_those_above_hear_after_three_rounds_and_after_three_more():
    call, now, told = None, BEGAN, []
    for _ in range(8):
        step = due(call, BEGAN, now, TEN, 3)
        told.append(step.above)
        call, now = step.call, now + TEN
    assert told == [False, False, False, True, False, False, True, False]


def test_another_beginning_is_another_call():
    step = due(Call(BEGAN, 5, BEGAN + 99 * TEN), BEGAN + MINUTE, BEGAN + MINUTE, TEN, 3)
    assert (step.call.rounds, step.above) == (1, False)


@given(st.lists(st.integers(0, 45), min_size=1, max_size=40), st.integers(1, 5))
def test_however_often_one_looks_rounds_keep_their_distance(pauses, limit):
    call, now, made = None, BEGAN, []
    for pause in pauses:
        now += pause * MINUTE
        step = due(call, BEGAN, now, TEN, limit)
        if step is not None:
            call = step.call
            made.append(now)
            assert step.call.rounds == len(made)
            assert due(call, BEGAN, now, TEN, limit) is None  # looking again at once does nothing
    assert all(later - earlier >= TEN for earlier, later in pairwise(made))
