"""A button, its number or its words are the same choice."""

import pytest

from tests.talk import WORDS
from workflows.conversation.choices import read
from workflows.messages import Button, choice, names

OFFERED = (
    choice("c:1:photo:skip", "button.skip"),
    choice("c:1:photo:cancel", "button.cancel"),
    Button("c:1:category:at.x", names("🛣 Giao thông", "🛣 Traffic")),
)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), (" 2. ", 2), ("số 3", 3), ("chọn 1", 1), ("(2)", 2), ("Bỏ qua", 1), ("bo qua", 1), ("BO QUA!", 1),
     ("skip", 1), ("hủy", 2), ("huỷ", 2), ("Cancel", 2), ("giao thông", 3), ("🛣 Giao thong", 3), ("traffic", 3)],
)  # fmt: skip
def test_ways_to_say_it(text, number):
    assert read(text, OFFERED, WORDS.spell) == OFFERED[number - 1]


@pytest.mark.parametrize(
    "text", ["", "  ", "0", "4", "99", "²", "1 2", "không", "bỏ", "qua", "🛣", "giao thông ùn tắc", "x" * 1000]
)
def test_what_is_no_choice(text):
    assert read(text, OFFERED, WORDS.spell) is None


def test_nothing_offered():
    assert read("1", (), WORDS.spell) is None
