"""Old and present names in an address: which units are meant, with or without diacritics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.case.view import Names
from workflows.gazetteer import Entry, Gazetteer, Meant
from workflows.succession import standing


def now(code, vi):
    return Entry(Names(vi, f"{vi} (en)"), (code,))


def old(vi, *codes):
    return Entry(Names(vi, f"{vi} (en)"), codes, former=True)


HUE = Gazetteer(
    [
        old("Phường Phú Hội", "thuan-hoa"),
        old("Phường Xuân Phú", "vy-da", "an-cuu"),
        old("Phường An Cựu", "an-cuu", "thuy-xuan"),  # the new ward has taken its name, and not all of its land
        old("Thành phố Huế", "thuan-hoa", "vy-da", "an-cuu", "thuy-xuan"),
        old("Huyện Phú Vang", "my-thuong", "phu-vinh"),
        old("Thị xã Hương Thủy", "thanh-thuy", "phu-bai"),
        old("Thị trấn Thuận An", "my-thuong"),
        old("Phường 5", "thuan-hoa"),
        old("Bờ hồ", "thuan-hoa"),
        now("thuan-hoa", "Phường Thuận Hóa"),
        now("vy-da", "Phường Vỹ Dạ"),
        now("an-cuu", "Phường An Cựu"),
        now("thuy-xuan", "Phường Thủy Xuân"),
        now("my-thuong", "Phường Mỹ Thượng"),
        now("phu-vinh", "Xã Phú Vinh"),
        now("thanh-thuy", "Phường Thanh Thủy"),
        now("phu-bai", "Phường Phú Bài"),
        now("huong-thuy", "Xã Hương Thủy"),
    ]
)


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("12 Bến Nghé, phường Phú Hội, thành phố Huế", ["thuan-hoa"]),
        ("12 ben nghe, p. phu hoi, tp hue", ["thuan-hoa"]),
        ("12 Bến Nghé, P.Phú Hội", ["thuan-hoa"]),
        ("Kiệt 5 Bà Triệu, phường Xuân Phú", ["vy-da", "an-cuu"]),
        ("5 Bà Triệu, Xuân Phú, Vỹ Dạ", ["vy-da"]),  # the old name and the new one together
        ("Chợ An Cựu, phường An Cựu", ["an-cuu", "thuy-xuan"]),
        ("Đặng Văn Ngữ, An Cựu", ["an-cuu", "thuy-xuan"]),  # between commas, without its kind
        ("Chợ An Cựu", []),  # a market is not a ward
        ("Quốc lộ 49, huyện Phú Vang", ["my-thuong", "phu-vinh"]),
        ("tt Thuận An, h. Phú Vang", ["my-thuong"]),
        ("TX Hương Thuỷ", ["thanh-thuy", "phu-bai"]),  # not the commune of that name; either way of putting the tone
        ("xã Hương Thủy", ["huong-thuy"]),
        ("34 Trần Phú, P5", ["thuan-hoa"]),
        ("34 Trần Phú, số 5", []),
        ("gần bờ hồ", ["thuan-hoa"]),
        ("phường Vỹ Dạ, phường An Cựu", ["vy-da", "an-cuu", "thuy-xuan"]),
        ("đường Hùng Vương", []),
        ("...", []),
    ],
)
def test_what_an_address_means(address, codes):
    assert [one.code for one in HUE.named(address)] == codes


def test_what_was_meant_by_an_old_name_is_told():
    (found,) = HUE.named("phường Phú Hội, TP Huế")
    assert found == Meant("thuan-hoa", Names("Phường Phú Hội", "Phường Phú Hội (en)"))
    assert HUE.named("phường Thuận Hóa, thành phố Huế") == (Meant("thuan-hoa"),)
    kept, divided = HUE.named("phường An Cựu")
    assert kept.formerly is None and divided.formerly is not None


@pytest.mark.parametrize(
    ("query", "codes"),
    [("phu hoi", ["thuan-hoa"]), ("An Cựu", ["an-cuu", "thuy-xuan"]), ("xuan", ["thuy-xuan", "vy-da", "an-cuu"]),
     ("đà nẵng", [])],
)  # fmt: skip
def test_words_of_a_name_find_present_units_first(query, codes):
    assert [one.code for one in HUE.search(query)] == codes


def test_no_words_find_what_there_is_now():
    assert len(HUE.search("")) == 9 and all(one.formerly is None for one in HUE.search(""))


def test_names_without_letters_or_units_name_nothing():
    assert Gazetteer([old("---", "a"), old("Phường Cũ")]).named("phường cũ, ---") == ()


NAMES = st.sampled_from(["Phường Phú Hội", "xã Phú Vinh", "tp Huế", "12", "An Cựu", ",", "Bờ hồ", "P5", "đường"])


@given(st.lists(NAMES, max_size=8).map(" ".join))
def test_whatever_is_typed_each_unit_is_offered_once(address):
    codes = [one.code for one in HUE.named(address)]
    assert len(codes) == len(set(codes))


UNITS = st.integers(0, 9)


@given(st.dictionaries(UNITS, st.lists(UNITS, max_size=3)), st.frozensets(UNITS), UNITS)
def test_what_there_is_now_stands_and_follows_the_unit(successors, stand, unit):
    found = standing(unit, successors, stand.__contains__)
    assert set(found) <= stand and len(found) == len(set(found))
    if unit in stand:
        assert found == (unit,)


def test_successors_of_successors_even_in_a_circle():
    assert standing("a", {"a": ("b",), "b": ("c", "d"), "c": ("a",)}, {"d"}.__contains__) == ("d",)
    assert standing("a", {"a": ("b",), "b": ("a",)}, {"d"}.__contains__) == ()
