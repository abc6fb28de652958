"""A report from the first message to sending, in the orders in which people really send things."""

from datetime import timedelta

from tests.talk import AN_CUU, Talk
from workflows.effects import GiveConsent, KeepMedia, OpenCase


def test_a_whole_report_question_by_question():
    talk = Talk(consent=0)
    talk.commands("start").hears("greet.hello").offers("report", "mine", "help", "language")
    talk.presses("report").hears("consent.text", "consent.ask").offers("agree", "disagree")
    talk.says("ừm").hears("consent.choose")
    talk.says("dong y").hears("consent.thanks", "photo.ask").offers("skip", "cancel")
    assert talk.does(GiveConsent).version == 1
    talk.says("hello").hears("photo.not_a_photo", "photo.ask")
    talk.sends_photo().hears("photo.got", "place.ask").offers("back", "cancel")
    assert talk.does(KeepMedia).attachment == "att-1"
    talk.says("???").hears("place.not_a_place", "place.ask")
    talk.says("12 Nguyễn Huệ, phường An Cựu").hears("place.got", "category.ask")
    talk.says("xe tăng").hears("category.not_found", "category.ask")
    talk.says("1").hears("category.ask_in")
    talk.says("chieu sang").hears("text.ask_optional").offers("skip", "back", "cancel")
    talk.says("Đèn đường hỏng ba tối nay").hears_among("review.ask", "review.text")
    talk.says("gui phan anh").hears_nothing()
    report = talk.does(OpenCase).report
    assert (report.address, report.category, report.text) == (
        "12 Nguyễn Huệ, phường An Cựu", "lighting", "Đèn đường hỏng ba tối nay",
    )  # fmt: skip


def test_a_photo_with_a_caption_and_a_pin_need_just_the_category_and_a_confirmation():
    talk = Talk()
    talk.sends_photo("Đèn đường hỏng ba tối nay").hears("photo.got", "text.kept", "place.ask")
    talk.sends_place().hears("place.got_area", "category.found")
    talk.says("1").hears_among("review.ask", "review.area")
    talk.presses("send")
    assert talk.does(OpenCase).report.area == AN_CUU.code


def test_the_same_report_pin_first():
    talk = Talk()
    talk.sends_place().hears("place.got_area", "photo.ask")
    talk.sends_photo("Rác thải đầy vỉa hè").hears("photo.got", "text.kept", "category.found")
    talk.says("rac thai").hears_among("review.ask")


def test_an_album_is_answered_once():
    talk = Talk()
    for number in range(3):
        talk.sends_photo("Ổ gà to" if number == 1 else "", album="a").hears_nothing()
    talk.waits(timedelta(seconds=2)).hears("photo.got", "place.ask")
    assert "3" in talk.reads()
    assert talk.report.text == "Ổ gà to"
    talk.waits(timedelta(seconds=5)).hears_nothing()
