"""What an operator types while somebody talks: every line finds its place, with labels and without."""

import pytest

from workflows.intake.lines import Said, contact, has_labels, read
from workflows.intake.sources import CHANNELS, SPOKEN, channel_in, is_number, number_key


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("Đèn hỏng ba tối", Said(words="Đèn hỏng ba tối")),
        ("Đèn hỏng\n12 Nguyễn Huệ", Said(words="Đèn hỏng", place="12 Nguyễn Huệ")),
        ("Đèn hỏng\n\n12 Nguyễn Huệ\ncả dãy phố", Said(words="Đèn hỏng\ncả dãy phố", place="12 Nguyễn Huệ")),
        ("0912 345 678\nĐèn hỏng\n12 Nguyễn Huệ", Said("Đèn hỏng", "12 Nguyễn Huệ", phone="0912345678")),
        ("Bà Lan, 0912.345.678", Said(phone="0912345678", name="Bà Lan")),
        ("0912345678 - chị Hoa tổ 5", Said(words="0912345678 - chị Hoa tổ 5")),  # a number besides: words, not a name
        ("+84 912 345 678", Said(phone="0912345678")),
        ("02343 822 822", Said(phone="02343822822")),
        ("sđt: 091234567", Said(bad_phone="091234567")),
        ("091234567", Said(bad_phone="091234567")),
        ("16.4575, 107.6227", Said(words="16.4575, 107.6227")),  # a position, not a number
        ("Đèn hỏng\n16.4575, 107.6227", Said(words="Đèn hỏng", place="16.4575, 107.6227")),
        ("tiếp dân", Said(channel="walk_in")),
        ("Tiep dan", Said(channel="walk_in")),
        ("cống", Said(words="cống")),  # a drain, not the portal
        ("1022", Said(channel="hotline")),
        ("kênh: cổng", Said(channel="portal")),
        ("nguồn: bồ câu", Said(bad_channel="bồ câu")),
        ("1022-2026-00123", Said(number="1022-2026-00123")),
        ("số: 45 ngày 3/5", Said(number="45 ngày 3/5")),
        ("Địa chỉ: 3 Lê Lợi\nNội dung: cây đổ\nTên: Ông Ba", Said("cây đổ", "3 Lê Lợi", name="Ông Ba")),
        ("lĩnh vực: cây xanh", Said(category="cây xanh")),
        ("Lúc 22:00: cây đổ", Said(words="Lúc 22:00: cây đổ")),  # a colon makes no label
    ],
)
def test_one_message(typed, understood):
    assert read(typed) == understood


def test_a_contact_alone_is_a_number_with_or_without_a_name():
    assert contact("chị Hoa 0912345678") == Said(phone="0912345678", name="chị Hoa")
    assert contact("chị Hoa").bad_phone == "chị Hoa"


def test_labels():
    assert has_labels("nơi: 12 Nguyễn Huệ")
    assert not has_labels("12 Nguyễn Huệ") and not has_labels("nơi:")


def test_every_channel_is_known_by_its_words_and_its_code():
    assert set(SPOKEN) == set(CHANNELS)
    assert all(channel_in(spoken) == code for code, words in SPOKEN.items() for spoken in words)
    assert all(channel_in(code) == code for code in CHANNELS)
    assert channel_in("đường dây nóng hỏng") == ""  # a whole line only


def test_numbers_are_compared_however_they_are_written():
    written = ("1022-2026-00123", " 1022/2026/00123", "1022 2026 00123", "1022–2026.00123")
    assert len({number_key(one) for one in written}) == 1
    assert number_key("12/3") != number_key("123") and number_key("45/pa-ubnd") == number_key("45/PA-UBND")
    assert number_key(" - ") == ""


@pytest.mark.parametrize(("number", "fits"), [("45/UB", True), ("UB", False), ("1" * 61, False), ("0912345678", False)])
def test_what_can_be_a_number(number, fits):
    assert is_number(number) is fits
