"""Personal data in Vietnamese words: what is one and what only looks like it, and words that hold none any more."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.privacy import censor
from tests.talk import WORDS
from workflows.privacy import ALL, CHECKED, LETTER

CENSOR = censor(WORDS)

# Words, the place in them, what it is.
PERSONAL = [
    ("Gọi 0912345678 nhé", "0912345678", "phone"),
    ("Gọi 0912 345 678 nhé", "0912 345 678", "phone"),
    ("Gọi 0912.345.678 nhé", "0912.345.678", "phone"),
    ("Gọi 091-234-5678 nhé", "091-234-5678", "phone"),
    ("gọi 09 1234 5678", "09 1234 5678", "phone"),
    ("gọi 0971 00 11 22", "0971 00 11 22", "phone"),
    ("Zalo +84 912 345 678", "+84 912 345 678", "phone"),
    ("Zalo (+84) 912345678", "(+84) 912345678", "phone"),
    ("Zalo 84912345678", "84912345678", "phone"),
    ("Zalo 0084912345678", "0084912345678", "phone"),
    ("SĐT:0912345678.", "0912345678", "phone"),
    ("sđt0912345678", "0912345678", "phone"),
    ("lh0356789012 gặp Nam", "0356789012", "phone"),
    ("gọi 0562345678, 0702345678", "0562345678", "phone"),
    ("người thân ở Mỹ: +1 650-253-0000", "+1 650-253-0000", "phone"),
    ("máy bàn (0234) 3822 123", "(0234) 3822 123", "landline"),
    ("máy bàn 0234.3822123", "0234.3822123", "landline"),
    ("máy bàn 024 3825 5555", "024 3825 5555", "landline"),
    ("căn cước 046085001234", "046085001234", "id"),
    ("046085001234", "046085001234", "id"),
    ("ông Ba 046 085 001234", "046 085 001234", "id"),
    ("ông Ba 0460 8500 1234", "0460 8500 1234", "id"),
    ("CCCD số 046.085.001234", "046.085.001234", "id"),
    ("số định danh cá nhân: 046085001234", "046085001234", "id"),
    ("CMND 191234567", "191234567", "id"),
    ("chứng minh nhân dân số 191 234 567", "191 234 567", "id"),
    ("chung minh thu cua ong la 191234567", "191234567", "id"),
    ("người vi phạm 191234567 ở phường", "191234567", "id"),
    ("hộ chiếu B1234567", "B1234567", "id"),
    ("xe 75A-123.45 đỗ trước nhà", "75A-123.45", "plate"),
    ("xe 75A12345", "75A12345", "plate"),
    ("xe 30K-123.45", "30K-123.45", "plate"),
    ("xe 75a-12345", "75a-12345", "plate"),
    ("xe 75A 123.45", "75A 123.45", "plate"),
    ("xe 75A-1234", "75A-1234", "plate"),
    ("xe 29LD-012.34", "29LD-012.34", "plate"),
    ("xe máy 75-B1 123.45", "75-B1 123.45", "plate"),
    ("xe máy 75B1-12345", "75B1-12345", "plate"),
    ("xe máy 75b1 123.45", "75b1 123.45", "plate"),
    ("hỏng đèn xe 75A-123.45", "75A-123.45", "plate"),
    ("xe máy 75-F1 1234", "75-F1 1234", "plate"),
    ("xe máy điện 29MĐ1-123.45", "29MĐ1-123.45", "plate"),
    ("xe máy 29AA-123.45", "29AA-123.45", "plate"),
    ("thư về lan.nguyen+pa@gmail.com nhé", "lan.nguyen+pa@gmail.com", "email"),
    ("STK 0071001234567 VCB", "0071001234567", "account"),
    ("số tài khoản của ông Ba là 102 000 123 456", "102 000 123 456", "account"),
    ("tài khoản 123456 tại Agribank", "123456", "account"),
    ("chuyển vào Vietcombank: 0071001234567", "0071001234567", "account"),
    ("tai khoan ngan hang 19031234567890", "19031234567890", "account"),
]

# What streets, offices and their papers are full of.
ORDINARY = [
    "",
    "Đèn đường trước số 12 hỏng ba tối nay",
    "nhà 123/45/6 đường Nguyễn Huệ",
    "kiệt 12/3456 đường 30/4",
    "số nhà 1234567",
    "mã PA-7K3M-9QXC",
    "PA 7K3M 9QXC",
    "Quyết định số 123/QĐ-UBND ngày 20/11/2026",
    "Nghị định 123/2021/NĐ-CP",
    "văn bản 1234/STNMT-QLĐĐ ngày 02.09.2025",
    "phạt 1.500.000 đồng",
    "phạt 150000000 đồng",
    "kinh phí 1.250.000.000 đồng",
    "kinh phí 123456789012 VNĐ",
    "hết 0,5 tỷ, còn 350 triệu",
    "lúc 17 giờ 30 ngày 23/11/2026",
    "2026-11-22 10:20",
    "từ 20/11/2026 đến 25/12/2026",
    "cột đèn số 0234567",
    "cột đèn 75A-12345",
    "trụ điện 12A-0456",
    "trụ 22/0456A",
    "tủ điện 123456789",
    "mã hồ sơ 000123456",
    "hóa đơn 012345678",
    "hợp đồng số 123456789",
    "QL1A km 825+300",
    "đường tỉnh 10B, QL49B",
    "tuyến 3B đoạn 20m 1500 viên gạch",
    "dài 20m2 1500 viên",
    "từ 10h 1530 người",
    "gọi 113, 114, 115",
    "tổng đài 1900 1234 hoặc 1022",
    "tổng đài 1800 599 966",
    "1800 5999 66",
    "tọa độ 16.463700, 107.590900",
    "tài khoản 3 tháng chưa mở",
    "tài khoản bị trừ 1500000 đồng",
    "12345 lượt, 71,3%",
    "ban công tầng 2@@",
    "5A-1 và 6B-2",
    "1234567890123456789012345",
]


@pytest.mark.parametrize(("words", "it", "kind"), PERSONAL)
def test_what_is_personal_is_found_where_it_stands(words, it, kind):
    first, *_ = CENSOR.find(words)
    assert (words[first.start : first.end], first.kind) == (it, kind)


@pytest.mark.parametrize("words", ORDINARY)
def test_ordinary_numbers_are_left_alone(words):
    assert CENSOR.find(words) == ()
    assert CENSOR.masked(words) == unicodedata.normalize("NFC", words)


def test_words_are_marked_masked_and_told_of_without_repeating_them():
    said = "Đã gọi anh Ba 0912 345 678, xe 75A-123.45, hẹn sáng mai."
    assert CENSOR.masked(said) == "Đã gọi anh Ba [số điện thoại đã ẩn], xe [biển số xe đã ẩn], hẹn sáng mai."
    assert CENSOR.marked(said) == "Đã gọi anh Ba ⚠️【0912 345 678】, xe ⚠️【75A-123.45】, hẹn sáng mai."
    told = CENSOR.where(said)
    assert told.startswith("Đã gọi anh Ba 【091…】")
    assert "345 678" not in told and "123.45" not in told
    assert CENSOR.where("Đã thay bóng đèn") == ""


def test_a_letter_may_name_an_office():
    said = "Mời gọi Sở Xây dựng (0234) 3822 123, thư soxaydung@hue.gov.vn, hoặc anh Ba 0912345678."
    assert [spot.kind for spot in CENSOR.find(said, LETTER)] == ["phone"]
    assert [spot.kind for spot in CENSOR.find(said)] == ["landline", "email", "phone"]
    assert set(CHECKED.values()) == {ALL, LETTER}


def test_decomposed_letters_are_read_as_composed_ones():
    said = unicodedata.normalize("NFD", "Số tài khoản của ông Ba: 0071001234567")
    assert CENSOR.masked(said) == "Số tài khoản của ông Ba: [số tài khoản đã ẩn]"


PIECES = st.one_of(
    st.sampled_from([one[0] for one in PERSONAL] + [one[1] for one in PERSONAL] + ORDINARY),
    st.text("0123456789 .-/()+@AaBbđĐm\n", max_size=16),
    st.text(max_size=8),
)


@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_masked_words_hold_nothing_and_stay_as_they_are(said):
    masked = CENSOR.masked(said)
    assert CENSOR.find(masked) == ()
    assert CENSOR.masked(masked) == masked


@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_places_stand_in_order_apart_and_inside_the_words(said):
    composed, end = unicodedata.normalize("NFC", said), 0
    for spot in CENSOR.find(said):
        assert end <= spot.start < spot.end <= len(composed)
        end = spot.end


@given(st.sampled_from(PERSONAL), st.text("abc xyz\n,", max_size=60), st.text("abc xyz\n,", max_size=60))
def test_where_it_stands_is_told_without_it(one, before, after):
    words, it, _ = one
    told = CENSOR.where(f"{before}\n{words}\n{after}")
    assert told and it not in told
