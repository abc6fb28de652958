"""Text compared without diacritics, searched by words and cut where words end."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.text import fold, has_diacritics, matches, spelling, words

VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậớờởỡợứừửữự ÁĐƯỜNG,.\n", max_size=60)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đường Nguyễn Huệ", "duong nguyen hue"),
        ("ngập  sâu,\nổ gà", "ngap sau, o ga"),
        ("HÒA hoà", "hoa hoa"),
        ("  ", ""),
        ("Ưu Điềm ĐỘC", "uu diem doc"),
        (unicodedata.normalize("NFD", "Điện giật"), "dien giat"),
        ("d\u0301̣ống", "dong"),
        ("Đèn đường 12A hỏng 😡", "den duong 12a hong 😡"),
    ],
)
def test_fold(typed, folded):
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_composed_and_decomposed_input_fold_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_folded_vietnamese_is_plain_ascii_in_single_spaces(text):
    folded = fold(text)
    assert folded.isascii()
    assert "  " not in folded
    assert folded == folded.strip()


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("den duong", "Đèn đường không sáng", True),
        ("đường đèn", "Đèn đường không sáng", True),
        ("đen", "Đèn đường", True),
        ("du", "Đèn đường", True),
        ("uong", "Đèn đường", False),
        ("đèn xanh", "Đèn đường", False),
        ("", "Đèn đường", False),
        ("?!", "Đèn đường", False),
    ],
)
def test_matches(query, text, found):
    assert matches(query, text) is found


@given(VIETNAMESE.filter(words))
def test_a_text_is_found_by_its_own_words_without_diacritics(text):
    assert matches(fold(text), text)


@pytest.mark.parametrize(
    ("text", "marked"),
    [("chay nha", False), ("cháy", True), ("dien", False), ("điện", True), ("", False), ("ĐÈN", True)],
)
def test_has_diacritics(text, marked):
    assert has_diacritics(text) is marked


def test_spelling_minds_every_mark_but_not_where_the_tone_stands():
    assert spelling("Hỏa hoạn") == spelling("HOẢ hoạn")
    assert spelling("cháy") != spelling("chạy") != spelling("chay")
    assert spelling("nghiêng") != spelling("nghieng")
