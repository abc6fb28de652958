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
        ("từ mai", None, None),
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


@given(DAYS, st.text(max_size=80))
@example(date(2026, 11, 25), "thứ " * 14 + "1/1")
def test_whatever_is_said_nothing_breaks(today, said):
    meant = read(said, today)
    assert meant is None or not is_impossible(said, today)
    assert span(said, today) == (meant, meant) if meant else True
