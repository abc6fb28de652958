"""Finding a category by words."""

from dataclasses import replace

import pytest

from tests.talk import CATEGORIES, Talk
from workflows.conversation.categories import CategoryTree
from workflows.conversation.evidence import Lesson


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


def test_what_was_learned_is_suggested_for_a_caption_and_never_applied():
    taught = replace(CATEGORIES, lessons=(Lesson("fallen", "gốc bàng bật rễ nằm chắn lối vào xóm"),))
    talk = Talk(categories=taught)
    talk.sends_photo("goc bang bat re toi qua").hears("photo.got", "text.kept", "place.ask")
    talk.sends_place().hears("place.got_area", "category.found")
    assert talk.dialog.found == ("fallen",)
    assert talk.dialog.report.category == ""
    talk.presses("all_categories").hears("category.ask")
    talk.says("rác thải").says("1").hears_among("review.ask")
    assert talk.dialog.report.category == "rubbish"
