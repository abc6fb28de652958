"""A number that is not on the list is said to be none; where words are wanted, it is a word like any other."""

import pytest

from tests.talk import AN_CUU, THUAN_HOA, Talk, asked, case_line, finished
from workflows.conversation.facts import Located
from workflows.effects import AddToCase, MoveCase


def at_photo() -> Talk:
    return Talk().says("/phananh").hears("photo.ask")


def at_category() -> Talk:
    return at_photo().sends_photo().says("12 Nguyễn Huệ, phường An Cựu").hears_among("category.ask")


@pytest.mark.parametrize("typed", ["9", "99", "0", "114", "số 9", "(9)"])
def test_at_the_photo_the_range_is_said_and_the_question_stays(typed):
    talk = at_photo().says(typed).hears("misc.not_on_list", "photo.ask")
    talk.offers("skip", "cancel").says("1").hears("place.ask")


def test_what_is_read():
    talk = at_category().says("99").hears("misc.not_on_list", "category.ask")
    assert talk.reads().startswith("Không có lựa chọn số 99. Mời anh/chị chọn một số từ 1 đến 7.")
    assert talk.reads("en").startswith("There is no choice 99. Please choose a number from 1 to 7.")


def test_what_was_found_by_words_stays_on_the_list():
    at_category().says("rác").hears("category.found").says("9").hears("misc.not_on_list", "category.found")


def test_numbers_are_words_where_words_are_wanted():
    at_photo().says("1").says("9").hears("place.not_a_place", "place.ask").says("9 Lê Lợi").hears_among("category.ask")
    at_category().says("chiếu sáng").says("1").hears("text.ask_optional").says("99").hears_among("review.ask")
    Talk(cases=(asked(),)).says("99").does(MoveCase)
    Talk(cases=(case_line(),)).says("99", reply_to=case_line()).does(AddToCase)


def test_where_an_area_is_chosen():
    talk = at_photo().says("1")
    talk.places[(16.46, 107.6)] = Located("near", (AN_CUU, THUAN_HOA))
    talk.sends_place().hears("place.which_area").says("9").hears("misc.not_on_list", "place.which_area")
    talk.says("1").hears_among("place.got_area")


def test_at_the_review_and_at_interruptions():
    talk = at_category().says("chiếu sáng").says("1").says("Đèn hỏng ba tối nay").hears_among("review.ask")
    talk.says("99").hears_among("misc.not_on_list", "review.ask").does_not(AddToCase)
    talk.presses("cancel").hears("misc.cancel_ask").says("9").hears("misc.not_on_list", "misc.cancel_ask")
    talk.sends_photo("Cháy nhà").hears_among("danger.numbers").says("9").hears_among("danger.numbers")


def test_outside_a_draft_the_same_list_is_shown_again():
    talk = Talk(cases=(case_line(7), case_line(8, "PA-2222-3336"))).commands("cuatoi")
    talk.offers("PA-7K3M-9QXC", "PA-2222-3336").says("9").hears("misc.not_on_list")
    talk.offers("PA-7K3M-9QXC", "PA-2222-3336")


def test_a_rating_that_there_is_not():
    talk = Talk(cases=(finished(),)).says("9").hears("misc.not_on_list").does_not(MoveCase)
    assert talk.reads().endswith("từ 1 đến 6.")
    assert talk.says("1").does(MoveCase).rating == 5


def test_where_kept_words_wait_for_their_case():
    talk = Talk(cases=(case_line(7), case_line(8, "PA-2222-3336"))).says("Hôm nay vẫn chưa ai đến sửa")
    talk.hears_among("answer.which").says("9").hears_among("misc.not_on_list", "answer.which")
    assert talk.says("1").does(AddToCase).text == "Hôm nay vẫn chưa ai đến sửa"
