"""Case codes: made, read back, and never mistaken for one another by a single slip."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import codes
from workflows.codes import ALPHABET, find_all, make, parse

NUMBERS = st.lists(st.integers(0, len(ALPHABET) - 1), min_size=7, max_size=7)
PREFIXES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=4)


def test_the_alphabet_has_no_look_alikes():
    assert len(set(ALPHABET)) == len(ALPHABET) == 26
    assert not set(ALPHABET) & set("01BILOSUZ5")


def test_a_known_code():
    numbers = [ALPHABET.index(symbol) for symbol in "7K3M9QX"]
    assert make("PA", numbers) == "PA-7K3M-9QXC"


@given(PREFIXES, NUMBERS)
def test_a_code_reads_back(prefix, numbers):
    code = make(prefix, numbers)
    assert parse(code, prefix) == code
    assert parse(code.lower(), prefix) == code
    assert parse(code.replace("-", ""), prefix) == code
    assert parse(f"  {' '.join(code.replace('-', ''))} ", prefix) == code


def test_the_twisted_product_tells_every_two_symbols_apart():
    """The whole proof: the law that the check rests on holds for every pair, at every place."""
    for place, left, right in product(range(1, 8), range(26), range(26)):
        if left != right:
            first = codes._times(codes._twisted(left, place), codes._twisted(right, place + 1))
            second = codes._times(codes._twisted(right, place), codes._twisted(left, place + 1))
            assert first != second
    for place in range(1, 9):
        assert sorted(codes._twisted(number, place) for number in range(26)) == list(range(26))


def test_the_product_is_that_of_a_group():
    """A group lets both sides be cancelled, so what holds for a pair holds inside every code."""
    for one, two, three in product(range(26), repeat=3):
        assert codes._times(codes._times(one, two), three) == codes._times(one, codes._times(two, three))
    for one in range(26):
        assert sorted(codes._times(one, other) for other in range(26)) == list(range(26))
        assert codes._times(0, one) == codes._times(one, 0) == one


@given(NUMBERS)
def test_every_wrong_symbol_is_noticed(numbers):
    symbols = make("PA", numbers)[3:].replace("-", "")
    for place in range(8):
        for other in ALPHABET.replace(symbols[place], ""):
            assert parse(f"PA{symbols[:place]}{other}{symbols[place + 1 :]}", "PA") is None


@given(NUMBERS)
def test_every_two_neighbours_changed_are_noticed(numbers):
    symbols = make("PA", numbers)[3:].replace("-", "")
    for place in range(7):
        one, two = symbols[place : place + 2]
        if one != two:
            assert parse(f"PA{symbols[:place]}{two}{one}{symbols[place + 2 :]}", "PA") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PA",
        "PA-7K3M-9QX",
        "PA-7K3M-9QXCC",
        "PA-7K3M-9QXD",
        "HU-7K3M-9QXC",
        "7K3M-9QXC",
        "PA-7K3M-9QXC đâu rồi",
        "PA-7K3M-9QXÇ",
        "PA-1K3M-9QXC",
        "PA" + " " * 100 + "7K3M9QXC",
    ],
)
def test_what_is_no_code(text):
    assert parse(text, "PA") is None


@pytest.mark.parametrize(
    "text", ["pa 7k3m 9qxc", "PA7K3M9QXC", "pa–7k3m–9qxc", "PA-7K3M_9QXC", "P A 7 K 3 M 9 Q X C\n"]
)
def test_ways_to_type_a_code(text):
    assert parse(text, "PA") == "PA-7K3M-9QXC"


def test_codes_inside_a_sentence():
    other = make("PA", [0, 1, 2, 3, 4, 5, 6])
    sentence = f"Cho hỏi pa-7k3m-9qxc với ({other}), PA7K3M9QXC xong chưa? xPA-7K3M-9QXC, PA-7K3M-9QXD"
    assert find_all(sentence, "PA") == ["PA-7K3M-9QXC", other]
    assert find_all("đi làm về muộn", "PA") == []


@given(st.text())
def test_no_text_breaks_reading(text):
    assert parse(text, "PA") is None or find_all(text, "PA")
    find_all(text, "PA")


@pytest.mark.parametrize(
    ("prefix", "numbers"),
    [
        ("", [0] * 7),
        ("PAPAP", [0] * 7),
        ("pa", [0] * 7),
        ("PA", [0] * 6),
        ("PA", [0] * 6 + [26]),
        ("PA", [-1] * 7),
    ],
)
def test_what_no_code_is_made_of(prefix, numbers):
    with pytest.raises(ValueError, match=r"code|prefix"):
        make(prefix, numbers)
