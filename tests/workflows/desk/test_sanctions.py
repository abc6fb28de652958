"""Decisions and amounts as officers type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.desk.sanctions import LARGEST, SMALLEST, decision_in, fine_in


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("12/QĐ-XPHC", "12/QĐ-XPHC"),
        ("12/qđ-xphc", "12/QĐ-XPHC"),
        ("12/qd-xpvphc", "12/QĐ-XPVPHC"),
        ("Quyết định số 123/2026/QĐ-XPHC ngày 20/11/2026", "123/2026/QĐ-XPHC"),
        ("QĐ số 45/QĐ-UBND của UBND phường", "45/QĐ-UBND"),
        ("45 / QĐ-UBND", "45/QĐ-UBND"),
        ("7/QĐ", "7/QĐ"),
        ("123", None),
        ("20/11/2026", None),
        ("12/BC-UBND", None),
        ("12/QĐ-XPHC và 13/QĐ-XPHC", None),
        ("", None),
        ("chưa có", None),
    ],
)
def test_the_number_of_a_decision(words, number):
    assert decision_in(words) == number


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("1.500.000", 1_500_000),
        ("1.500.000 đồng", 1_500_000),
        ("1,500,000đ", 1_500_000),
        ("1500000 VNĐ", 1_500_000),
        ("phạt 1,5 triệu", 1_500_000),
        ("1.5 triệu đồng", 1_500_000),
        ("2 triệu 500 nghìn", 2_500_000),
        ("2 trieu 500 ngan", 2_500_000),
        ("2tr", 2_000_000),
        ("750k", 750_000),
        ("1 tỷ", 1_000_000_000),
        ("cảnh cáo", 0),
        ("Phạt cảnh cáo", 0),
        ("canh cao", 0),
        ("500", None),
        ("0", None),
        ("-500000", None),
        ("15.00.000", None),
        ("1.5", None),
        ("500 nghìn 2 triệu", None),
        ("2 triệu 3 triệu", None),
        ("một triệu", None),
        ("1.500.000 USD", None),
        ("999 tỷ", None),
        ("1,23456789 triệu", None),
        ("", None),
    ],
)
def test_an_amount(words, amount):
    assert fine_in(words) == amount


@given(st.integers(SMALLEST, LARGEST))
def test_every_amount_is_read_as_it_is_written(amount):
    grouped = f"{amount:,}"
    for words in (str(amount), grouped, grouped.replace(",", "."), f"{grouped.replace(',', '.')} đồng"):
        assert fine_in(words) == amount


@given(st.text("0123456789.,ktrieungàđ /-", max_size=20))
def test_whatever_is_typed_is_an_amount_or_none(words):
    found = fine_in(words)
    assert found is None or found == 0 or SMALLEST <= found <= LARGEST
    decision_in(words)
