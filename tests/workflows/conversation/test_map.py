"""The map page in the conversation: offered where a place is asked, bound to one draft, and never losing anything."""

from dataclasses import replace

import pytest

from tests.talk import AN_CUU, THUAN_HOA, Talk, asked, case_line
from workflows.conversation.facts import Located
from workflows.effects import AddToCase, MoveCase, OpenCase
from workflows.events import Unsupported

THERE = (16.47, 107.58)


def at_the_place(**facts):
    talk = Talk(**facts)
    talk.sends_photo("Đèn đường hỏng ba tối nay").hears_among("place.ask")
    return talk


def sent():
    """A chat whose one draft is a case by now."""
    talk = at_the_place(cases=(case_line(),))
    talk.sends_place(draft=1)
    talk.says("1").presses("send").does(OpenCase)
    return talk


def test_where_a_place_is_asked_a_map_of_this_draft_is_offered():
    talk = at_the_place()
    assert [(link.page, link.draft, link.label.value) for link in talk.links] == [("map", 1, "button.map")]
    talk.says("???").hears("place.not_a_place", "place.ask")
    assert [link.draft for link in talk.links] == [1]
    talk.sends_place().hears_among("place.got_area")
    assert talk.links == []


def test_the_next_draft_has_a_map_of_its_own():
    talk = sent()
    talk.commands("report").sends_photo().hears_among("place.ask")
    assert [link.draft for link in talk.links] == [2]


def test_a_place_that_only_the_photo_knows_can_be_corrected_on_the_map():
    talk = at_the_place()
    talk.media_arrives("att-1", lat=16.4, lon=107.6).hears("place.from_photo")
    assert [link.draft for link in talk.links] == [1]


@pytest.mark.parametrize("words", ["bản đồ", "Ban do", "vị trí", "gửi vị trí", "map", "Send location."])
def test_asking_for_the_map_brings_a_fresh_link(words):
    talk = at_the_place()
    talk.says(words).hears("place.ask")
    assert [link.draft for link in talk.links] == [1]
    assert not talk.report.has_place


@pytest.mark.parametrize("words", ["ở đây", "Ngay đây!", "chỗ này", "trước nhà tôi", "right here"])
def test_here_is_no_place_to_somebody_elsewhere(words):
    talk = at_the_place()
    talk.says(words).hears("place.not_a_place", "place.ask")
    assert not talk.report.has_place


def test_where_no_position_can_be_sent_none_is_asked_for():
    talk = Talk(locations=False)
    talk.sends_photo().hears("photo.got", "place.ask_typed")
    assert [link.page for link in talk.links] == ["map"]
    assert "gửi vị trí" not in talk.reads()
    talk.says("???").hears("place.not_a_place", "place.ask_typed")
    talk.happens(Unsupported("location")).hears("misc.unsupported", "place.ask_typed")
    assert "vị trí" not in talk.reads()


def test_a_point_on_the_map_is_the_place():
    talk = at_the_place()
    talk.sends_place(*THERE, "trước số nhà 12", draft=1).hears_among("place.got_area")
    assert (talk.report.lat, talk.report.lon, talk.report.address) == (*THERE, "trước số nhà 12")
    assert talk.report.area == AN_CUU.code


def test_a_second_point_corrects_the_first_at_any_question_of_the_draft():
    talk = at_the_place()
    talk.places[THERE] = Located("inside", (THUAN_HOA,))
    talk.sends_place(draft=1).hears("place.got_area", "category.found")
    talk.sends_place(*THERE, draft=1).hears("place.got_area", "category.found")
    talk.says("1").hears_among("review.ask")
    talk.sends_place(draft=1).hears_among("place.got_area", "review.ask", "review.area")
    assert talk.report.area == AN_CUU.code


def test_an_address_from_the_map_page_is_the_place():
    talk = at_the_place(named=(THUAN_HOA,))
    talk.types_on_the_map("12 Nguyễn Huệ", 1).hears_among("place.got_area")
    assert (talk.report.address, talk.report.area) == ("12 Nguyễn Huệ", THUAN_HOA.code)


def test_an_address_is_a_place_even_while_a_description_is_asked():
    talk = Talk()
    talk.sends_photo().hears_among("place.ask")
    talk.sends_place(draft=1).says("chieu sang").says("1").hears_among("text.ask_optional")
    talk.types_on_the_map("12 Nguyễn Huệ", 1).hears("place.got", "text.ask_optional")
    assert (talk.report.text, talk.report.address) == ("", "12 Nguyễn Huệ")


def test_a_map_link_as_the_address_is_the_point_that_it_means():
    talk = at_the_place()
    talk.types_on_the_map("https://maps.google.com/?q=16.47,107.58", 1).hears_among("place.got_area")
    assert (talk.report.lat, talk.report.lon) == THERE


@pytest.mark.parametrize(("kind", "key"), [("outside", "place.outside_unknown"), ("nowhere", "place.nowhere")])
def test_a_point_elsewhere_is_refused_and_the_question_stays(kind, key):
    talk = at_the_place()
    talk.places[THERE] = Located(kind)
    talk.sends_place(*THERE, draft=1).hears(key, "place.ask")
    assert not talk.report.has_place


def test_a_point_outside_does_not_undo_a_good_one():
    talk = at_the_place()
    talk.places[THERE] = Located("outside")
    talk.sends_place(draft=1)
    talk.sends_place(*THERE, draft=1).hears("place.outside_unknown", "category.found")
    assert talk.report.area == AN_CUU.code


def test_a_point_near_a_border_is_asked_about():
    talk = at_the_place()
    talk.places[THERE] = Located("near", (AN_CUU, THUAN_HOA))
    talk.sends_place(*THERE, draft=1).hears("place.which_area").says("2").hears_among("place.got_area")
    assert talk.report.area == THUAN_HOA.code


def test_a_warning_on_the_table_does_not_swallow_the_place():
    talk = Talk()
    talk.sends_photo("Có người chết ở ngã tư").hears_among("danger.numbers")
    talk.sends_place(draft=1).hears_among("place.got_area")
    assert talk.report.has_place


def test_an_old_link_never_changes_another_draft():
    talk = sent()
    talk.commands("report").sends_photo("Ổ gà to giữa đường").hears_among("place.ask")
    talk.sends_place(draft=1).hears("place.link_over", "place.ask")
    talk.types_on_the_map("12 Nguyễn Huệ", 1).hears("place.link_over", "place.ask")
    assert not talk.report.has_place


def test_an_old_link_without_a_draft_is_asked_about_so_that_nothing_is_lost():
    talk = sent()
    talk.sends_place(*THERE, draft=1).hears("place.link_over_kept", "answer.which", "my.item")
    talk.says("1")
    assert "16.47" in talk.does(AddToCase).text


def test_an_old_link_is_no_answer_to_an_agency_until_the_citizen_says_so():
    talk = sent()
    talk.facts = replace(talk.facts, cases=(asked(),))
    talk.sends_place(*THERE, draft=1).hears("place.link_over_kept", "answer.which", "my.item").does_not(MoveCase)
    talk.says("1")
    assert "16.47" in talk.does(MoveCase).text


def test_a_second_point_by_an_old_link_waits_for_the_first_to_be_filed():
    talk = sent()
    talk.sends_place(*THERE, draft=1).hears_among("answer.which")
    talk.sends_place(draft=1).hears("place.link_over", "answer.which", "my.item")
    assert (talk.dialog.expect.lat, talk.dialog.expect.lon) == THERE
