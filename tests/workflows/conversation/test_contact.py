"""A name and a phone number: asked only where the policy wants them, checked for their form, changed by one tap."""

import pytest

from tests.talk import Talk
from workflows.conversation.steps.contact import phone_in
from workflows.effects import OpenCase

PHONE = (("lighting", ("phone",)),)
BOTH = (("", ("name", "phone")),)


def described(**facts) -> Talk:
    talk = Talk(**facts)
    talk.sends_photo("Đèn đường hỏng ba tối nay").sends_place()
    return talk


def test_nobody_is_asked_where_the_policy_does_not_want_it():
    described().says("chiếu sáng").hears_among("review.ask")
    described(required=(("garbage", ("phone",)),)).says("chiếu sáng").hears_among("review.ask")


def test_a_phone_is_asked_for_its_category_only_and_checked():
    talk = described(required=PHONE).says("chiếu sáng").hears("contact.ask_phone")
    talk.says("12345").hears("contact.bad_phone", "contact.ask_phone")
    talk.says("không có").hears("contact.bad_phone", "contact.ask_phone")
    talk.says("0912.345 678").hears_among("review.phone")
    assert talk.report.phone == "0912345678"


def test_a_name_and_a_phone_for_every_category_and_both_can_be_changed():
    talk = described(required=BOTH).says("chiếu sáng").hears("contact.ask_name")
    talk.says("7").hears("contact.bad_name", "contact.ask_name")
    talk.says("Nguyễn  Thị Lan").hears("contact.ask_phone")
    talk.says("+84 912 345 678").hears_among("review.contact_name")
    talk.presses("change_phone").hears("contact.ask_phone")
    talk.says("0234 3822 222").hears_among("review.phone")
    assert (talk.report.contact_name, talk.report.phone) == ("Nguyễn Thị Lan", "02343822222")
    talk.presses("change_contact_name").hears("contact.ask_name").presses("keep").hears_among("review.contact_name")


def test_the_way_back_passes_over_what_is_not_wanted():
    described(required=PHONE).says("chiếu sáng").hears("contact.ask_phone").presses("back").hears("text.again")


def test_a_photo_may_not_be_skipped_where_the_policy_wants_one():
    talk = Talk(required=(("", ("photo",)),))
    talk.says("/phananh").hears("photo.required")
    talk.says("Đèn đường hỏng ba tối nay")
    assert "skip" not in {button.data.rsplit(":", 1)[-1] for button in talk.dialog.offered}


def test_what_was_given_for_another_category_is_not_kept():
    talk = described(required=PHONE).says("chiếu sáng").says("0912345678")
    talk.presses("change_category").says("khác").hears_among("review.ask").presses("send")
    assert talk.does(OpenCase).report.phone == ""


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0912345678", "0912345678"),
        ("(0234) 382 2222", "02343822222"),
        ("+84912345678", "0912345678"),
        ("0084 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("+4915112345678", "+4915112345678"),
        ("091234567", None),
        ("09123456789", None),
        ("0112345678", None),
        ("113", None),
        ("gọi 0912345678", None),
        ("", None),
    ],
)
def test_what_a_phone_number_looks_like(typed, phone):
    assert phone_in(typed) == phone
