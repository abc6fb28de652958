"""A day as people write it, in figures and in words."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workflows.desk.dates import is_impossible, read, span
from workflows.text import fold

TODAY = date(2026, 11, 25)  # a Wednesday
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
NAMES = ("thứ hai", "thứ 3", "Thứ Tư", "thứ năm", "T6", "thứ bảy", "chủ nhật")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("15/12", date(2026, 12, 15)),
        ("ngày 5.1", date(2027, 1, 5)),
        (" 1-2-2027 ", date(2027, 2, 1)),
        ("25/11", TODAY),
        ("24/11", date(2027, 11, 24)),
        ("15 tháng 12", date(2026, 12, 15)),
        ("ngày 15 thang 12 năm 2026", date(2026, 12, 15)),
        ("đến hết ngày 15/12", date(2026, 12, 15)),
        ("Thứ 6, 27/11", date(2026, 11, 27)),
        ("hết ngày thứ Sáu, 27/11/2026", date(2026, 11, 27)),
        ("thứ Năm 27/11", None),  # it is a Friday: one of the two is wrong
        ("31/2", None),
        ("15/13/2026", None),
        ("15", None),
        ("15/12/26", None),
        ("hôm nay", TODAY),
        ("hom nay", TODAY),
        ("Ngày mai", date(2026, 11, 26)),
        ("mai", date(2026, 11, 26)),
        ("ngày kia", date(2026, 11, 27)),
        ("ngay kia", date(2026, 11, 27)),
        ("ngày kìa", date(2026, 11, 28)),
        ("mốt", date(2026, 11, 27)),
        ("mot", date(2026, 11, 27)),
        ("một", None),  # one
        ("mai mốt", None),  # some day
        ("thứ Sáu", date(2026, 11, 27)),
        ("thu 6", date(2026, 11, 27)),
        ("thứ sau", date(2026, 11, 27)),
        ("t6", date(2026, 11, 27)),
        ("thứ Sáu này", date(2026, 11, 27)),
        ("thứ tư", date(2026, 12, 2)),
        ("thứ hai", date(2026, 11, 30)),
        ("thứ Hai tuần này", date(2026, 11, 23)),
        ("thứ hai tuần sau", date(2026, 11, 30)),
        ("thu sau tuan toi", date(2026, 12, 4)),
        ("chủ nhật", date(2026, 11, 29)),
        ("CN tuần sau", date(2026, 12, 6)),
        ("friday next week", date(2026, 12, 4)),
        ("thứ tám", None),
        ("tuần sau", None),
        ("sớm nhất có thể", None),
        ("", None),
    ],
)
def test_what_day_is_meant(said, meant):
    assert read(said, TODAY) == meant


@pytest.mark.parametrize(
    ("said", "impossible"),
    [("31/02", True), ("ngày 30/2/2027", True), ("15/13", True), ("0/5", True), ("thứ Sáu, 31/11", True),
     ("thứ Năm 27/11", False), ("27/11", False), ("mai mốt", False), ("", False)],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_told_from_words_that_are_none(said, impossible):
    assert is_impossible(said, TODAY) is impossible


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("1/12 5/12", date(2026, 12, 1), date(2026, 12, 5)),
        ("1/12 - 5/12", date(2026, 12, 1), date(2026, 12, 5)),
        ("hôm nay đến thứ sáu", TODAY, date(2026, 11, 27)),
        ("thứ hai đến thứ sáu", date(2026, 11, 30), date(2026, 12, 4)),
        ("từ thứ sáu đến thứ ba", date(2026, 11, 27), date(2026, 12, 1)),
        ("thứ hai tuần tới tới chủ nhật", date(2026, 11, 30), date(2026, 12, 6)),
        ("từ 1/12 đến hết ngày 5/12", date(2026, 12, 1), date(2026, 12, 5)),
        ("Từ ngày 30/12 tới 2/1", date(2026, 12, 30), date(2027, 1, 2)),
        ("5/1/2028 - 7/1", date(2028, 1, 5), date(2028, 1, 7)),
        ("15/12-20/12", date(2026, 12, 15), date(2026, 12, 20)),
        ("15-12-2026–20-12-2026", date(2026, 12, 15), date(2026, 12, 20)),
        ("t2-t6", date(2026, 11, 30), date(2026, 12, 4)),
        ("from monday to friday", date(2026, 11, 30), date(2026, 12, 4)),
        ("từ mai đến mốt", date(2026, 11, 26), date(2026, 11, 27)),
        ("thứ hai đến thứ sáu tuần sau", date(2026, 11, 30), date(2026, 12, 4)),
        ("mốt đến mai", date(2026, 11, 27), date(2026, 11, 26)),  # whoever asked refuses it
        ("5/12 1/12", date(2026, 12, 5), date(2026, 12, 1)),
        ("5/12/2026 2/12/2027", date(2026, 12, 5), date(2027, 12, 2)),
        ("từ mai", None, None),
        ("1-2-20", None, None),
        ("31/12/9999 đến thứ hai", None, None),
        ("ngày mai", date(2026, 11, 26), date(2026, 11, 26)),
        ("1/12 5/12 7/12", None, None),
        ("", None, None),
    ],
)
def test_days_from_and_to(said, first, last):
    assert span(said, TODAY) == (None if first is None else (first, last))


@given(DAYS, st.integers(0, 6))
def test_a_weekday_is_the_next_one_with_and_without_marks(today, weekday):
    said = NAMES[weekday]
    meant = read(said, today)
    assert meant == read(fold(said), today)
    assert meant.weekday() == weekday
    assert today < meant <= today + timedelta(days=7)


@given(DAYS, st.integers(0, 6))
def test_weeks_begin_on_monday(today, weekday):
    this, following = read(f"{NAMES[weekday]} tuần này", today), read(f"{NAMES[weekday]} tuần sau", today)
    assert this.isocalendar().week == today.isocalendar().week
    assert following == this + timedelta(days=7)
    assert this.weekday() == weekday


@given(DAYS, DAYS)
def test_a_day_written_out_is_that_day(today, day):
    assert read(f"{day:%d/%m/%Y}", today) == day
    assert not is_impossible(f"{day:%d-%m-%Y}", today)


FORMS = ("{} đến {}", "từ {} đến hết ngày {}", "{}-{}", "from {} to {}")


@given(DAYS, st.integers(0, 360), st.integers(0, 180), st.sampled_from(FORMS))
def test_days_are_read_as_they_are_written_with_and_without_the_years(today, ahead, length, form):
    first = today + timedelta(days=ahead)
    last = first + timedelta(days=length)
    for written in ("%d/%m/%Y", "%d/%m"):
        assert span(form.format(first.strftime(written), last.strftime(written)), today) == (first, last)


@given(DAYS, st.integers(0, 6), st.integers(0, 6))
def test_from_one_weekday_to_another_is_no_longer_than_a_week_and_never_backwards(today, one, other):
    first, last = span(f"từ {NAMES[one]} đến {NAMES[other]}", today)
    assert first == read(NAMES[one], today)
    assert first < last <= first + timedelta(days=7)
    assert last.weekday() == other


@given(DAYS, st.text(max_size=80))
@example(date(2026, 11, 25), "thứ " * 14 + "1/1")
def test_whatever_is_said_nothing_breaks(today, said):
    meant = read(said, today)
    assert meant is None or not is_impossible(said, today)
    assert span(said, today) == (meant, meant) if meant else True
