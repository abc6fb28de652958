"""Finding a category by words."""

import pytest

from tests.talk import CATEGORIES
from workflows.conversation.categories import CategoryTree


@pytest.mark.parametrize(
    ("words", "code"),
    [("đèn đường", "lighting"), ("den duong", "lighting"), ("chiếu sáng", "lighting"), ("STREET LIGHTING", "lighting"),
     ("ổ gà", "pothole"), ("có ổ gà rất to trước cổng trường", "pothole"), ("rác", "rubbish"),
     ("Đèn đường hỏng ba tối nay rồi", "lighting"), ("giao thông", "lighting")],
)  # fmt: skip
def test_the_best_is_first(words, code):
    assert CATEGORIES.search(words)[0].code == code


@pytest.mark.parametrize("words", ["", "   ", "xe tăng", "💡", "x" * 5000])
def test_nothing_is_found(words):
    assert CATEGORIES.search(words) == ()


def test_only_leaves_are_found_and_may_be_chosen():
    assert all(CATEGORIES.leaf(found.code) for found in CATEGORIES.search("giao thông"))
    assert CATEGORIES.leaf("traffic") is None
    assert CATEGORIES.leaf("other") is not None
    assert CATEGORIES.leaf("gone") is None
    assert CategoryTree().search("rác") == ()
