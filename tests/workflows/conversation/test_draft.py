"""A draft under way: good and bad answers, changes of mind, warnings, limits, silence and stale buttons."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.talk import AN_CUU, INSIDE, START, THUAN_HOA, Talk, case_line
from workflows.case.view import Names
from workflows.conversation.facts import Located
from workflows.conversation.limits import Limits
from workflows.effects import Acknowledge, Dropped, GiveConsent, KeepMedia, MoveCase, OpenCase, SetLanguage, WakeAt
from workflows.events import ContactSent, MediaArrived, PlaceMoved, Unsupported

DAY = timedelta(days=1)


def at_review(**facts) -> Talk:
    talk = Talk(**facts)
    talk.sends_photo("Đèn đường hỏng ba tối nay").sends_place()
    return talk.says("chiếu sáng").hears_among("review.ask")


# --- consent ------------------------------------------------------------------------------------------------------


def test_nothing_is_fetched_before_consent_and_everything_after_it():
    talk = Talk(consent=0)
    talk.sends_photo("Đèn đường hỏng").hears("photo.got", "text.kept", "consent.text", "consent.ask")
    talk.does_not(KeepMedia)
    talk.presses("agree").hears("consent.thanks", "place.ask")
    assert talk.does(KeepMedia).attachment == "att-1"


def test_consent_refused_keeps_nothing():
    talk = Talk(consent=0)
    talk.sends_photo().presses("disagree").hears("consent.refused").does_not(KeepMedia)
    assert not talk.dialog.drafting
    assert not talk.report.media


def test_consent_is_asked_once_and_again_for_a_new_version():
    talk = Talk(consent=0)
    talk.sends_photo().presses("agree").sends_place().says("khác").presses("skip").presses("send")
    talk.waits(DAY).sends_photo().hears("photo.got", "place.ask")
    talk.says("/huy").presses("drop_draft")
    talk.facts = replace(talk.facts, consent_version=2)
    talk.sends_photo().hears("photo.got", "consent.text", "consent.ask")
    assert talk.presses("agree").does(GiveConsent).version == 2


def test_words_before_consent_are_not_lost():
    talk = Talk(consent=0)
    talk.sends_photo()
    talk.says("Đèn đường hỏng ba tối nay").hears("text.kept", "consent.choose")
    talk.presses("agree")
    assert talk.report.text == "Đèn đường hỏng ba tối nay"


# --- photos ---------------------------------------------------------------------------------------------------------


def test_the_sixth_photo_is_refused_with_a_clear_word():
    talk = Talk()
    for _ in range(5):
        talk.sends_photo()
    talk.sends_photo().hears("photo.too_many", "place.ask").does_not(KeepMedia)
    assert len(talk.report.media) == 5


def test_an_album_of_seven_says_once_that_two_were_not_taken():
    talk = Talk()
    for _ in range(7):
        talk.sends_photo(album="a")
    talk.waits(timedelta(seconds=3)).hears("photo.got", "photo.too_many", "place.ask")
    assert "2 tệp" in talk.reads()


def test_an_album_interrupted_by_words_is_answered_with_them():
    talk = Talk()
    talk.sends_photo(album="a").sends_photo(album="a")
    talk.sends_place().hears("photo.got", "place.got_area", "category.ask")
    talk.waits(timedelta(seconds=3)).hears_nothing()


def test_the_same_photo_twice_is_one_photo():
    talk = Talk()
    talk.sends_photo(unique="u").sends_photo(unique="u").does_not(KeepMedia)
    assert len(talk.report.media) == 1


def test_a_voice_note_is_kept_as_evidence_and_a_photo_is_still_asked():
    talk = Talk()
    talk.sends_photo(kind="voice").hears("photo.got_other", "photo.ask")
    talk.presses("skip").sends_place().says("khác").hears("text.ask_optional")
    assert talk.report.media[0].media.kind == "voice"


def test_a_photo_sent_as_a_file_is_a_photo():
    Talk().sends_photo(kind="document", mime="image/jpeg").hears("photo.got", "place.ask")
    Talk().sends_photo(kind="document", mime="application/pdf").hears("photo.got_other", "photo.ask")


def test_photos_and_videos_are_counted_apart():
    talk = Talk().sends_photo()
    assert talk.reads().startswith("Đã nhận 1 ảnh.")
    assert talk.reads("en").startswith("Received: 1 photo.")
    talk.sends_photo(kind="video")
    assert talk.reads().startswith("Đã nhận 1 ảnh và 1 video.")
    talk.sends_photo()
    assert talk.reads("en").startswith("Received: 2 photos and 1 video.")
    talk.says("/phananh").presses("go_on_report").presses("back")
    assert talk.reads().startswith("📷 Đã có 2 ảnh và 1 video (tối đa 5).")


def test_no_photo_is_possible_unless_the_category_demands_one():
    talk = Talk()
    talk.says("/phananh").presses("skip").sends_place()
    talk.says("cây đổ").hears("category.found")
    talk.says("cay nga do").hears("photo.required").offers("cancel")
    talk.says("Cây đổ chắn ngang đường").hears("text.kept", "photo.required")
    talk.sends_photo().hears_among("review.ask")


@pytest.mark.parametrize("problem", ["not_an_image", "too_large", "bomb", "gone", "something new"])
def test_a_file_that_cannot_be_opened_leaves_the_draft_and_that_is_said(problem):
    talk = Talk()
    talk.sends_photo().hears("photo.got", "place.ask")
    talk.media_arrives("att-1", problem=problem)
    key = problem if problem in ("not_an_image", "too_large", "bomb", "gone") else "gone"
    talk.hears(f"photo.problem.{key}", "photo.ask")
    assert not talk.report.media


def test_a_file_of_a_report_already_sent_that_cannot_be_opened():
    talk = at_review()
    talk.presses("send")
    talk.media_arrives("att-1", problem="gone").hears("photo.problem.after")
    talk.media_arrives("att-1").hears_nothing()


# --- places ---------------------------------------------------------------------------------------------------------


def test_places_that_are_refused_say_why_and_what_to_send():
    talk = Talk()
    talk.places = {
        (10.0, 106.0): Located("outside", served_by=Names("UBND phường Bến Thành", "Bến Thành ward")),
        (48.0, 2.0): Located("outside"),
        (0.0, 0.0): Located("nowhere"),
    }
    talk.sends_photo()
    talk.sends_place(10.0, 106.0).hears("place.outside", "place.ask")
    assert "UBND phường Bến Thành" in talk.reads()
    talk.sends_place(48.0, 2.0).hears("place.outside_unknown", "place.ask")
    talk.sends_place(0.0, 0.0).hears("place.nowhere", "place.ask")
    assert not talk.report.has_place
    talk.sends_place().hears("place.got_area", "category.ask")


def test_a_place_near_a_border_is_chosen_from_candidates():
    talk = Talk()
    talk.places = {(16.5, 107.5): Located("near", (AN_CUU, THUAN_HOA))}
    talk.sends_photo().sends_place(16.5, 107.5).hears("place.which_area")
    talk.offers("phường An Cựu", "phường Thuận Hóa", "elsewhere", "back", "cancel")
    talk.says("phuong thuan hoa").hears("place.got_area", "category.ask")
    assert (talk.report.area, talk.report.lat) == (THUAN_HOA.code, 16.5)


def test_none_of_the_candidates():
    talk = Talk()
    talk.places = {(16.5, 107.5): Located("near", (AN_CUU, THUAN_HOA))}
    talk.sends_photo().sends_place(16.5, 107.5).presses("elsewhere").hears("place.ask")
    assert not talk.report.has_place


def test_without_areas_a_pin_is_taken_as_it_is():
    talk = Talk()
    talk.places = {(16.5, 107.5): Located("unmapped")}
    talk.sends_photo().sends_place(16.5, 107.5).hears("place.got", "category.ask")
    assert (talk.report.lat, talk.report.area) == (16.5, "")


def test_an_address_that_names_one_area_or_several():
    talk = Talk(named=(AN_CUU,))
    talk.sends_photo().says("12 Nguyễn Huệ, phường An Cựu").hears("place.got_area", "category.ask")
    assert talk.report.area == AN_CUU.code
    talk = Talk(named=(AN_CUU, THUAN_HOA))
    talk.sends_photo().says("giáp An Cựu và Thuận Hóa").hears("place.which_of_names")
    talk.says("1").hears("place.got_area", "category.ask")
    assert (talk.report.address, talk.report.area) == ("giáp An Cựu và Thuận Hóa", AN_CUU.code)


def test_map_links_long_and_short():
    talk = Talk()
    talk.sends_photo()
    talk.says("https://maps.app.goo.gl/abc").hears("place.short_link", "place.ask")
    talk.says("https://www.google.com/maps?q=16.4637,107.5909").hears("place.got_area", "category.ask")
    assert (talk.report.lat, talk.report.lon) == (16.4637, 107.5909)


def test_a_map_link_counts_at_any_question():
    talk = Talk()
    talk.says("/phananh").hears("photo.ask")
    talk.says("https://www.google.com/maps?q=16.4637,107.5909").hears("place.got_area", "photo.ask")
    assert talk.report.lat == 16.4637
    talk.says("https://maps.app.goo.gl/abc").hears("place.short_link", "photo.ask")


def test_words_beside_a_map_link_are_kept_as_the_address():
    talk = Talk()
    talk.sends_photo().says("12 Nguyễn Huệ https://www.google.com/maps?q=16.4637,107.5909")
    assert talk.report.address == "12 Nguyễn Huệ"


def test_an_address_too_long_is_refused_and_nothing_is_cut():
    talk = Talk()
    talk.sends_photo().says("đường rất dài " * 30).hears("place.address_too_long", "place.ask")
    assert not talk.report.address


def test_the_photo_files_own_place_is_offered_not_assumed():
    talk = Talk()
    talk.sends_photo().hears("photo.got", "place.ask")
    talk.media_arrives("att-1", lat=16.4, lon=107.5).hears("place.from_photo")
    assert not talk.report.has_place
    talk.presses("right_here").hears("place.got_area", "category.ask")
    assert (talk.report.lat, talk.report.area) == (16.4, AN_CUU.code)


def test_the_photo_files_own_place_may_be_wrong_or_useless():
    talk = Talk()
    talk.sends_photo().media_arrives("att-1", lat=16.4, lon=107.5)
    talk.presses("elsewhere").hears("place.ask")
    talk.sends_place().media_arrives("att-1", lat=16.4, lon=107.5).hears_nothing()
    talk = Talk()
    talk.places = {(48.0, 2.0): Located("outside")}
    talk.sends_photo().media_arrives("att-1", lat=48.0, lon=2.0).hears_nothing()


def test_a_place_read_from_a_photo_while_an_album_comes_in_waits_for_its_turn():
    talk = Talk()
    talk.sends_photo(album="a").media_arrives("att-1", lat=16.4, lon=107.5).hears_nothing()
    talk.sends_photo(album="a")
    talk.waits(timedelta(seconds=3)).hears("photo.got", "place.from_photo")


def test_a_live_location_that_moves_on_is_no_answer():
    talk = Talk()
    talk.sends_photo().happens(PlaceMoved()).hears_nothing()


# --- category and description ---------------------------------------------------------------------------------------


def test_categories_in_two_levels_with_a_way_back():
    talk = Talk()
    talk.sends_photo().sends_place().hears("place.got_area", "category.ask")
    talk.presses("🛣 Giao thông").hears("category.ask_in").offers(
        "Chiếu sáng", "Mặt đường hỏng", "other_categories", "back", "cancel"
    )
    talk.presses("other_categories").hears("category.ask")
    talk.says("cay xanh").presses("Cây ngã đổ").hears("text.ask_optional")


def test_categories_are_found_with_and_without_diacritics():
    for words in ("ổ gà", "o ga", "Ổ GÀ to quá"):
        talk = Talk()
        talk.sends_photo().sends_place().says(words).hears("category.found")
        assert talk.dialog.offered[0].label.value == "Mặt đường hỏng"
        talk.presses("all_categories").hears("category.ask")


def test_a_sentence_at_the_category_is_the_description():
    talk = Talk()
    talk.sends_photo().sends_place()
    talk.says("Đèn đường trước nhà tôi hỏng ba tối nay").hears("text.kept", "category.found")
    talk.says("1").hears_among("review.ask")


def test_a_description_without_a_photo_must_say_something():
    talk = Talk()
    talk.says("/phananh").presses("skip").sends_place().says("khác").hears("text.ask").offers("back", "cancel")
    talk.says("hỏng").hears("text.too_short", "text.ask")
    talk.says("Đèn đường hỏng").hears_among("review.ask")


def test_a_hundred_kilobytes_are_refused_and_the_draft_is_kept():
    talk = at_review()
    for _ in range(2):
        talk.says("dài " * 25_000).hears_among("text.too_long", "review.ask")
    assert talk.report.text == "Đèn đường hỏng ba tối nay"
    talk.sends_photo("dài " * 25_000).hears_among("text.too_long", "photo.got")
    assert talk.report.text == "Đèn đường hỏng ba tối nay"
    Talk().says("dài " * 25_000).hears("text.too_long")
    Talk().says("dài " * 25_000 + "cháy nhà").hears("danger.numbers", "text.too_long")


def test_emoji_and_combining_characters_are_kept_as_they_are():
    talk = Talk()
    text = "Đèn 💡 hỏng 👨‍👩‍👧 e\u0301 Z̤͔ͧ̑̓"
    talk.sends_photo(text)
    assert talk.report.text == text


# --- changes of mind ------------------------------------------------------------------------------------------------


def test_back_goes_to_the_question_before_and_forward_again():
    talk = Talk()
    talk.sends_photo().hears("photo.got", "place.ask")
    talk.presses("back").hears("photo.more").offers("done", "clear_photos", "cancel")
    talk.presses("done").hears("place.ask")
    talk.presses("back").presses("clear_photos").hears("photo.cleared", "photo.ask")
    talk.presses("skip").hears("place.ask")
    talk.sends_place().presses("back").hears("place.ask").offers("keep", "back", "cancel")
    talk.presses("keep").hears("category.ask")


def test_any_answer_is_changed_at_the_review():
    talk = at_review()
    talk.presses("change_place").hears("place.ask").presses("keep").hears_among("review.ask")
    talk.presses("change_place").says("5 Lê Lợi, phường Thuận Hóa").hears_among("review.address")
    talk.presses("change_category").hears("category.ask").says("rác thải").hears_among("category.found")
    talk.says("1").hears_among("review.ask")
    assert talk.report.category == "rubbish"
    talk.presses("change_text").hears("text.again").says("Rác đầy vỉa hè").hears_among("review.ask")
    assert talk.report.text == "Rác đầy vỉa hè"
    talk.presses("change_photo").hears("photo.more").sends_photo().hears_among("photo.got", "review.ask")


def test_words_at_the_review_are_added_to_the_description():
    talk = at_review()
    talk.says("gì").hears_among("review.choose", "review.ask")
    talk.says("Có hai bóng hỏng").hears_among("text.added", "review.ask")
    assert talk.report.text == "Đèn đường hỏng ba tối nay\nCó hai bóng hỏng"


def test_an_edited_message_changes_the_description_of_a_draft():
    talk = Talk()
    talk.sends_photo().sends_place().says("khác").says("Đèn hỏng", message="m5").hears_among("review.ask")
    talk.edits("m5", "Đèn hỏng từ thứ Hai").hears_among("text.changed", "review.ask")
    assert talk.report.text == "Đèn hỏng từ thứ Hai"
    talk.edits("m1", "something else").hears_among("misc.edit_not_followed", "review.ask")
    talk.presses("send").edits("m5", "Khác").hears("misc.edit_not_followed")


def test_an_edited_address_changes_the_place():
    talk = Talk()
    talk.sends_photo().says("12 Nguyễn Huệ", message="m3").hears("place.got", "category.ask")
    talk.edits("m3", "14 Nguyễn Huệ").hears("place.got", "category.ask")
    assert talk.report.address == "14 Nguyễn Huệ"


def test_the_reporter_type_is_changed_by_one_tap():
    talk = at_review()
    talk.presses("as_enterprise").hears("review.name_ask").offers("skip")
    talk.says("Công ty Sông Hương").hears_among("review.reporter_named")
    assert (talk.report.reporter_type, talk.report.reporter_name) == ("enterprise", "Công ty Sông Hương")
    talk.presses("as_organisation").presses("skip").hears_among("review.reporter")
    talk.presses("as_person").hears_among("review.ask")
    assert (talk.report.reporter_type, talk.report.reporter_name) == ("person", "")


def test_cancel_asks_when_there_is_something_to_lose():
    talk = Talk()
    talk.says("/phananh").says("huỷ").hears("misc.cancelled")
    assert talk.does(Dropped) == Dropped("photo", "cancelled")
    talk.sends_photo().commands("huy").hears("misc.cancel_ask").presses("go_on_report").hears("place.ask")
    talk.presses("cancel").presses("drop_draft").hears("misc.cancelled")
    assert talk.does(Dropped) == Dropped("location", "cancelled")
    talk.commands("cancel").hears("misc.nothing_to_cancel")


def test_starting_over_asks_too():
    talk = Talk()
    talk.sends_photo().commands("phananh").hears("misc.restart_ask")
    talk.presses("go_on_report").hears("place.ask")
    talk.commands("report").presses("start_over").hears("misc.restarted", "photo.ask")
    assert talk.does(Dropped).why == "restarted"
    assert not talk.report.media


def test_help_greeting_and_language_keep_the_draft():
    talk = Talk()
    talk.sends_photo()
    talk.commands("trogiup").hears("help.text", "place.ask")
    talk.says("/HELP").hears("help.text", "place.ask")
    talk.commands("start").hears("greet.hello", "place.ask")
    talk.commands("abc").hears("help.unknown", "place.ask")
    talk.commands("ngonngu").hears("lang.ask").offers("vi", "en")
    talk.says("english").hears("lang.set", "place.ask")
    assert talk.does(SetLanguage).language == "en"
    assert len(talk.report.media) == 1


def test_a_campaign_tag_goes_with_the_next_report():
    talk = Talk()
    talk.commands("start", "banner-2026").hears("greet.hello").sends_photo()
    assert talk.report.campaign == "banner-2026"
    talk.commands("start", "other").hears("greet.hello", "place.ask")
    assert talk.report.campaign == "banner-2026"
    assert not Talk().commands("start", "<script>").sends_photo().report.campaign


# --- warnings -------------------------------------------------------------------------------------------------------


def test_danger_shows_the_numbers_first_and_one_tap_goes_on():
    talk = Talk()
    talk.sends_photo("Cháy nhà số 5").hears("danger.numbers", "photo.got", "text.kept").offers("go_on_report")
    talk.presses("go_on_report").hears("place.ask")
    assert talk.report.urgent
    talk.sends_place().says("khác").presses("send")
    assert talk.does(OpenCase).report.flags == ("danger",)


def test_danger_never_blocks_any_other_answer_goes_on_too():
    talk = Talk()
    talk.sends_photo("Cháy nhà số 5").sends_place().hears("place.got_area", "category.ask")
    talk.says("Cháy to lắm, cháy nhà rồi, nhà số 5").does_not(Dropped)


def test_danger_words_typed_as_an_address_or_a_search_show_the_numbers_once():
    talk = Talk()
    talk.sends_photo().says("Cháy nhà ở 12 Lê Lợi").hears("danger.numbers", "place.got").presses("go_on_report")
    talk.hears_among("category.ask").says("cháy nhà").does_not(Dropped)
    assert not talk.dialog.aside
    other = Talk()
    other.sends_photo().sends_place().says("cháy nhà").hears("danger.numbers", "category.not_found").presses(
        "go_on_report"
    )
    assert other.dialog.step == "category"


def test_danger_words_typed_as_an_address_or_a_search_are_told_to_the_operators():
    talk = Talk()
    talk.sends_photo().says("Cháy nhà ở 12 Lê Lợi").presses("go_on_report")
    assert (talk.report.flags, talk.report.urgent) == (("danger",), True)
    talk.sends_photo("Đèn hỏng ba tối").hears_among("text.kept").does_not(Dropped)
    assert (talk.report.flags, talk.report.urgent) == (("danger",), True)
    talk.facts = replace(talk.facts, blocked_until=START + DAY)
    talk.sends_place().says("khác").presses("Khác").presses("send")
    assert talk.does(OpenCase).report.flags == ("danger",)
    talk.facts = replace(talk.facts, blocked_until=None)
    assert talk.sends_photo().report.flags == ()


def test_danger_words_in_an_address_that_is_changed_show_the_numbers():
    talk = Talk()
    talk.sends_photo().says("12 Lê Lợi", message="m3")
    talk.edits("m3", "12 Lê Lợi, đang cháy nhà").hears_among("danger.numbers", "place.got")
    assert talk.report.urgent


def test_danger_words_typed_on_the_map_page_show_the_numbers():
    talk = Talk()
    talk.sends_photo().types_on_the_map("12 Lê Lợi, đang cháy nhà", draft=1).hears_among("danger.numbers")
    assert talk.report.urgent
    other = Talk()
    other.sends_photo().sends_place(address="đang cháy nhà", draft=1).hears_among("danger.numbers")
    assert other.report.urgent
    other.sends_place(address="trước chợ", draft=1)
    assert other.report.urgent


def test_danger_words_of_a_category_count():
    assert Talk().sends_photo("Tủ điện hở điện").hears_among("danger.numbers").report.urgent


@pytest.mark.parametrize(("words", "key"), [("Đơn khiếu nại về đèn đường", "formal.complaint"),
                                            ("Đây là bí mật nhà nước", "formal.secret")])  # fmt: skip
def test_a_formal_matter_is_told_where_to_go_and_one_tap_goes_on(words, key):
    talk = Talk()
    talk.sends_photo(words).hears("photo.got", "text.kept", key).offers("send_anyway", "cancel")
    talk.presses("send_anyway").hears("place.ask")
    assert talk.report.text == words
    assert not talk.report.urgent
    talk = Talk()
    talk.sends_photo(words).presses("cancel").hears("misc.cancelled")


def test_warnings_come_one_after_the_other_and_once():
    talk = Talk()
    talk.sends_photo("Đơn khiếu nại: nhà sập").hears_among("danger.numbers")
    talk.says("1").hears("formal.complaint").says("1").hears("place.ask")
    talk.sends_photo("nhà sập thêm").hears_among("place.ask")


# --- limits ---------------------------------------------------------------------------------------------------------


def test_a_blocked_person_is_told_until_when_and_why():
    talk = Talk(blocked_until=START + 3 * DAY, block_reason="gửi nhiều tin thử")
    talk.sends_photo().hears("limits.blocked", "limits.nothing_kept").does_not(KeepMedia)
    assert "gửi nhiều tin thử" in talk.reads()
    talk.says("/phananh").hears("limits.blocked")
    talk.facts = replace(talk.facts, block_reason="")
    talk.sends_place().hears("limits.blocked_plain", "limits.nothing_kept")
    talk.waits(4 * DAY).sends_photo().hears("photo.got", "place.ask")


def test_enough_for_one_day():
    talk = Talk(sent_today=10)
    talk.sends_photo().hears("limits.too_many", "limits.nothing_kept")
    talk.says("Rác thải đổ đầy đường").presses("report").hears("limits.too_many", "answer.offer_new")


def test_the_limit_reached_while_a_draft_is_open_keeps_the_draft():
    talk = at_review(limits=Limits(reports_per_day=1))
    talk.facts = replace(talk.facts, sent_today=1)
    talk.presses("send").hears_among("limits.too_many", "limits.draft_kept", "review.ask").does_not(OpenCase)
    talk.facts = replace(talk.facts, sent_today=0)
    talk.presses("send").does(OpenCase)


def test_danger_passes_both():
    talk = Talk(blocked_until=START + DAY, sent_today=99)
    talk.sends_photo("Cháy nhà").hears_among("danger.numbers").says("1").sends_place().says("khác")
    talk.presses("send").does(OpenCase)
    talk.says("sập nhà rồi").hears("danger.numbers", "answer.offer_new").presses("report").hears("photo.ask")


# --- silence --------------------------------------------------------------------------------------------------------


def test_a_reminder_after_a_day_and_dropped_after_seven():
    talk = Talk()
    talk.sends_photo().waits(DAY).hears("misc.reminder", "place.ask")
    talk.waits(5 * DAY).hears_nothing()
    talk.waits(DAY).hears("misc.silent")
    assert talk.does(Dropped) == Dropped("location", "silent")
    talk.waits(30 * DAY).hears_nothing()


def test_silence_counts_from_the_last_word():
    talk = Talk()
    talk.sends_photo().waits(DAY / 2).sends_place().waits(DAY * 0.75).hears_nothing()
    talk.waits(DAY / 2).hears("misc.reminder", "category.ask")
    talk.says("khác").waits(DAY * 0.9).hears_nothing()
    talk.waits(DAY * 0.2).hears("misc.reminder", "text.ask_optional")
    talk.waits(5 * DAY).hears_nothing().waits(DAY).hears("misc.silent")


def test_a_draft_that_was_sent_is_not_reminded_of():
    at_review().presses("send").waits(30 * DAY).hears_nothing()


def test_one_silence_timer_is_set_for_a_draft_not_one_a_step():
    talk = at_review()
    assert len([timer for timer in talk.timers if timer.about == "silence"]) == 1
    talk.says("Thêm vài chữ nữa").does_not(WakeAt)


# --- buttons that prove nothing ---------------------------------------------------------------------------------------


def test_pressing_send_twice_opens_one_case():
    talk = at_review()
    data = talk.button("send").data
    talk.presses_data(data).does(OpenCase)
    talk.presses_data(data).hears_nothing().does_not(OpenCase).does(Acknowledge)
    assert len(talk.sent) == 1


def test_a_button_of_an_older_question_or_draft_is_told_so_and_the_question_is_asked_again():
    talk = Talk()
    talk.says("/phananh")
    old = talk.button("skip").data
    talk.sends_photo().hears("photo.got", "place.ask")
    talk.presses_data(old).hears("misc.stale", "place.ask").does(Acknowledge)
    talk.presses("cancel").presses("drop_draft")
    talk.presses_data(old).hears("misc.stale")


@pytest.mark.parametrize("data", ["", ":", "c", "c:1", "c:1:confirm:send", "c:1:location:skip", "c:1:location:area.1",
                                  "c:1:photo:clear", "c:x:menu:fly", "d:7:claim", "p:1:yes", "c:1:danger:go", "💣",
                                  "c:1:location:photo", "c:1:which:case.7", "x" * 1000])  # fmt: skip
def test_forged_buttons_do_nothing(data):
    talk = Talk()
    talk.sends_photo().presses_data(data).hears("misc.stale", "place.ask").does_not(OpenCase).does_not(MoveCase)


def test_the_main_buttons_never_grow_old():
    talk = Talk()
    talk.presses_data("c:0:menu:report").hears("photo.ask")
    talk.presses_data("c:0:menu:help").hears("help.text", "photo.ask")


# --- what else people send --------------------------------------------------------------------------------------------


def test_contacts_stickers_and_blanks_are_answered_politely():
    talk = Talk()
    talk.happens(ContactSent()).hears("misc.contact").offers("report", "mine", "help", "language")
    talk.sends_photo().happens(ContactSent()).hears("misc.contact", "place.ask")
    talk.happens(Unsupported("sticker")).hears("misc.unsupported", "place.ask")
    talk.says("   ").hears("misc.lost", "place.ask")


def test_news_of_a_file_that_we_do_not_know_is_nothing():
    Talk().happens(MediaArrived("unknown", lat=1.0, lon=2.0)).hears_nothing()


def test_a_draft_beside_finished_cases():
    talk = Talk(cases=(case_line(),))
    talk.sends_photo()
    talk.presses_data("k:7:add").hears("my.add_ask")
    talk.says("Thêm cột số 6").hears("place.ask")
    talk.sends_place().hears("place.got_area", "category.ask")
    assert not talk.report.text


def test_a_pin_outside_as_the_very_first_message():
    talk = Talk()
    talk.places = {(48.0, 2.0): Located("outside"), (16.46, 107.6): INSIDE}
    talk.sends_place(48.0, 2.0).hears("place.outside_unknown", "photo.ask")
