"""The group desk as transcripts: by buttons, by numbers, with good and bad answers, by people who may and may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.workflows.desk.conftest import AGENCIES, AREAS, HEAD, LIGHTS, ROADS, WARD, code_of
from workflows.actions import Action
from workflows.case.model import State
from workflows.conversation.facts import Located
from workflows.desk.codes import leading_code
from workflows.desk.engine import needs
from workflows.desk.facts import Needs
from workflows.desk.state import Desk
from workflows.effects import (
    Acknowledge,
    BlockPerson,
    Here,
    KeepMedia,
    LinkChat,
    MoveCase,
    Note,
    Say,
    ShowCard,
    WakeAt,
)
from workflows.events import ContactSent, Envelope, PlaceMoved, Sender, TextEdited, TextSent, Unsupported

# --- one tap ---------------------------------------------------------------------------------------------------


def test_taking_a_case_is_one_tap(agency):
    agency.case(1, state=State.ASSIGNED)
    lan = agency.person("Lan")
    heard = lan.presses("Nhận xử lý")
    assert isinstance(heard.effects[0], Acknowledge)
    assert heard.move == MoveCase(1, Action.CLAIM)


def test_the_second_officer_is_told_by_the_table_and_sees_the_card(agency):
    """The button was on the card when it was pressed; by now the case is taken."""
    agency.case(1, state=State.ASSIGNED)
    minh = agency.person("Minh")
    card = agency.cards[1]
    agency.becomes(1, State.IN_PROGRESS)
    heard = minh.presses("Nhận xử lý", on=card)
    assert heard.move.action is Action.CLAIM  # refused by the table with who and when
    assert heard.all(ShowCard) == [ShowCard(Here(), 1)]


def test_a_number_in_answer_to_the_card_is_the_button(agency):
    agency.case(1, state=State.ASSIGNED)
    lan = agency.person("Lan")
    assert lan.replies(agency.cards[1], "1").move == MoveCase(1, Action.CLAIM)
    assert lan.replies(agency.cards[1], "nhan xu ly").move == MoveCase(1, Action.CLAIM)


def test_code_and_number_are_the_button_without_a_reply(plain):
    agency_code = plain.case(1, state=State.ASSIGNED).case.code
    lan = plain.person("Lan")
    assert lan.says(f"{agency_code} 1").move == MoveCase(1, Action.CLAIM)
    assert lan.says(agency_code.replace("-", "").lower() + " nhận xử lý").move == MoveCase(1, Action.CLAIM)


def test_an_operator_goes_on_without_an_answer(operators):
    operators.case(1, state=State.NEED_INFO, return_state=State.RECEIVED, agency_id=None)
    assert operators.person("Hà").presses("Tiếp tục xử lý").move == MoveCase(1, Action.ANSWER)


# --- asking the citizen ---------------------------------------------------------------------------------------


def test_a_question_is_previewed_and_confirmed(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân").no_move().says("desk.words.ask", "desk.how.reply")
    lan.answers("Cột đèn số mấy ạ?").no_move().says("desk.preview.ask", "desk.preview.words")
    heard = lan.presses("Gửi")
    assert heard.move == MoveCase(1, Action.ASK, text="Cột đèn số mấy ạ?")
    assert lan.desk.draft is None
    assert agency.posts[-1].offered == ()  # the preview has no buttons any more


def test_a_question_can_be_changed_before_it_goes(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("Cột den nao")
    lan.presses("Sửa").no_move().says("desk.words.ask")
    lan.answers("Cột đèn nào?")
    lan.answers("Cột đèn nào, anh/chị cho biết số?").says("desk.preview.ask")  # better words in answer to the preview
    assert lan.presses("Gửi").move.text == "Cột đèn nào, anh/chị cho biết số?"


def test_what_is_wrong_with_an_answer_to_the_preview_stands_above_all_that_its_button_sends(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("Cột đèn nào?")
    heard = lan.answers("dài " * 400).no_move()
    assert heard.keys == ["desk.head", "desk.too_long", "desk.preview.ask", "desk.preview.words"]
    assert lan.presses("Gửi").move.text == "Cột đèn nào?"


def test_the_older_preview_cannot_send_the_newer_words(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    old = lan.answers("Câu cũ").shown
    lan.answers("Câu mới")
    heard = lan.presses("Gửi", on=old).no_move()
    assert heard.toast == "desk.toast.old_preview"
    heard.says("desk.preview.ask")
    assert lan.presses("Gửi").move.text == "Câu mới"


def test_a_question_is_stopped(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("Không cần nữa")
    lan.presses("Hủy").no_move().says("desk.stopped")
    assert lan.desk.draft is None


@pytest.mark.parametrize("word", ["2", "sửa", "SUA"])
def test_the_preview_understands_words_and_numbers(agency, word):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("Ở đâu?")
    lan.answers(word).no_move().says("desk.words.ask")


def test_too_many_words_are_refused_with_the_limit(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("dài " * 30_000).no_move().says("desk.too_long")
    lan.answers("Ngắn").says("desk.preview.ask")


def test_words_in_parts_are_joined_up_to_the_limit(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    prompt = lan.presses("Đã khắc phục").shown
    lan.replies(prompt, "a" * 800).says("desk.words.photo_missing")
    lan.replies(prompt, "b" * 800).says("desk.too_long")
    lan.sends(to=prompt, caption="c" * 800).says("desk.too_long")
    lan.replies(prompt, "d")
    assert lan.desk.draft.text == "a" * 800 + "\nd"


def test_a_pin_is_no_question(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.pins().no_move().says("desk.hint.no_place")


def test_a_photo_is_no_question(agency):
    agency.case(1)
    lan = agency.person("Lan")
    prompt = lan.presses("Hỏi người dân").shown
    lan.sends(to=prompt).says("desk.hint.words_only")
    lan.sends(to=prompt, caption="Cột này phải không?").says("desk.preview.ask")
    assert lan.presses("Gửi").move == MoveCase(1, Action.ASK, text="Cột này phải không?")


def test_asking_by_text_only(plain):
    code = plain.case(1).case.code
    lan = plain.person("Lan")
    number = [button.data for button in plain.cards[1].offered].index("d:1:ask") + 1
    lan.says(f"{code} {number}").says("desk.words.ask", "desk.how.next")
    lan.says("Cột đèn số mấy?").says("desk.preview.ask")
    lan.says("để anh hỏi đã").no_move().says("desk.hint.choose")
    lan.says("ừ").nothing()  # other talk: said once, then left alone
    assert lan.says("1").move == MoveCase(1, Action.ASK, text="Cột đèn số mấy?")


# --- results ---------------------------------------------------------------------------------------------------


def test_a_result_with_photo_and_caption_in_one_reply(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả").says("desk.outcome")
    lan.presses("Đã khắc phục").says("desk.words.result_with_photo")
    heard = lan.sends(caption="Đã thay bóng mới").says("desk.preview.submit_result", "desk.preview.media")
    [kept] = heard.all(KeepMedia)
    move = lan.presses("Gửi").move
    assert (move.action, move.outcome, move.text) == (Action.SUBMIT_RESULT, "fixed", "Đã thay bóng mới")
    assert move.media == (kept.attachment,)


def test_a_result_words_first_then_photo(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    lan.presses("Đã khắc phục")
    lan.answers("Đã thay bóng").no_move().says("desk.words.photo_missing")
    lan.sends().says("desk.preview.submit_result")


def test_a_result_photo_first_then_words(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    lan.sends().says("desk.outcome")  # a photo before the choice is kept, too
    lan.presses("Đã khắc phục").says("desk.words.text_missing")
    lan.answers("Đã thay bóng").says("desk.preview.submit_result")
    assert len(lan.presses("Gửi").move.media) == 1


def test_other_outcomes_need_no_photo(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    lan.presses("Đã giải thích")
    lan.answers("Tuyến này cắt điện theo kế hoạch.").says("desk.preview.submit_result")
    assert lan.presses("Gửi").move.outcome == "explained"


def test_an_album_is_one_answer(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    prompt = lan.presses("Đã khắc phục").shown
    first = lan.sends(to=prompt, caption="Đã xong", album="al1")
    assert not first.all(Say)
    last = lan.sends(to=prompt, album="al1")
    assert lan.timer(first, "desk.album").effects == ()  # an older timer means nothing
    lan.album_ends(last).says("desk.preview.submit_result")
    assert len(lan.presses("Gửi").move.media) == 2


def test_a_preview_shown_before_the_album_ended_sends_nothing(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    prompt = lan.presses("Đã khắc phục").shown
    preview = lan.sends(to=prompt, caption="Đã xong").shown
    lan.sends(to=prompt, album="al2")
    lan.presses("Gửi", on=preview).no_move().says("desk.preview.submit_result")


@pytest.mark.parametrize(("kind", "mime"), [("voice", "audio/ogg"), ("document", "application/pdf")])
def test_what_shows_nothing_is_no_result_photo(agency, kind, mime):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    lan.presses("Đã khắc phục")
    heard = lan.sends(kind=kind, mime=mime).says("desk.hint.photo_or_video")
    assert not heard.all(KeepMedia)


def test_five_photos_are_enough(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    lan.presses("Đã khắc phục")
    for _ in range(5):
        lan.sends()
    assert not lan.sends().says("desk.hint.enough_photos").all(KeepMedia)


def test_a_photo_that_is_none_is_taken_out_of_the_result(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    lan.presses("Đã khắc phục")
    [kept] = lan.sends(caption="Đã thay").all(KeepMedia)
    preview = agency.posts[-1]
    lan.media_fails(kept.attachment, "").nothing()  # it arrived
    lan.media_fails(kept.attachment, "not_an_image").says("desk.media.not_an_image", "desk.words.photo_missing")
    lan.presses("Gửi", on=preview).no_move()


def test_photos_can_be_dropped_and_the_outcome_chosen_again(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    lan.presses("Đã khắc phục")
    lan.sends(caption="Đã thay bóng")
    lan.presses("Sửa")
    lan.presses("Bỏ ảnh đã gửi").says("desk.words.result_with_photo")
    lan.presses("Chọn lại").says("desk.outcome")
    lan.presses("Hẹn ngày xử lý").says("desk.date.promise")
    lan.answers("hôm nào rảnh").says("desk.date.unclear")
    lan.answers("1/1/2020").says("desk.date.past")
    lan.answers("15/12/2026").says("desk.words.submit_result")
    lan.answers("Thứ Sáu có bóng mới.").says("desk.preview.submit_result")
    move = lan.presses("Gửi").move
    assert (move.outcome, move.media, move.text) == ("promised", (), "Thứ Sáu có bóng mới.")
    assert move.until is not None and move.until.date().isoformat() == "2026-12-15"


def test_a_refusal_says_how_to_go_on_and_has_the_choices_again(agency, words):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Báo kết quả")
    lan.presses("Hẹn ngày xử lý")
    asked = agency.posts[-1]
    lan.answers("hôm nào rảnh").says("desk.date.unclear", "desk.how.reply")
    refused = agency.posts[-1]
    assert refused.offered == asked.offered
    assert "“hôm nào rảnh”" in " ".join(words.paragraphs("vi", refused.message))
    lan.replies(refused, "31/02").says("desk.date.impossible", "desk.how.reply")
    lan.answers("thứ sáu").says("desk.words.submit_result")
    assert lan.desk.draft.until.startswith("2026-11-27")


def test_without_replies_the_next_message_is_the_answer_and_numbers_hold(plain):
    plain.case(1)
    lan = plain.person("Lan")
    lan.presses("Chuyển cơ quan khác").says("desk.agency.request_transfer")
    lan.says("không đâu có").says("desk.agency.not_found", "desk.how.next")
    assert lan.desk.draft.offered == plain.posts[-1].offered
    lan.says("1").says("desk.reason.request_transfer")


def test_a_result_by_text_only(plain):
    code = plain.case(1).case.code
    lan = plain.person("Lan")
    lan.says(f"{code} báo kết quả").says("desk.outcome")
    lan.says("xong rồi nhé").says("desk.hint.choose")
    lan.says("1").says("desk.words.result_with_photo")
    lan.sends(caption="Đã thay bóng")
    assert lan.says("gui").move.outcome == "fixed"


# --- the other moves -----------------------------------------------------------------------------------------


def test_a_transfer_asks_for_unit_and_reason(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Chuyển cơ quan khác").says("desk.agency.request_transfer", "desk.agency.search")
    lan.answers("xyz").no_move().says("desk.agency.not_found")
    lan.answers("xay dung").says("desk.agency.request_transfer")
    assert [button.data.split(":")[2] for button in agency.posts[-1].offered] == ["set", "stop"]
    lan.presses("Sở Xây dựng").says("desk.reason.request_transfer")
    lan.presses("Không đúng lĩnh vực").no_move().says("desk.preview.request_transfer")
    assert lan.presses("Xác nhận").move == MoveCase(1, Action.REQUEST_TRANSFER, agency_id=ROADS, reason="other_field")


def test_a_transfers_reason_in_own_words(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Chuyển cơ quan khác")
    lan.answers("2")
    lan.answers("Cột này của công ty chiếu sáng").says("desk.preview.request_transfer")
    move = lan.answers("1").move
    assert (move.agency_id, move.reason, move.text) == (LIGHTS, "other", "Cột này của công ty chiếu sáng")


def test_changing_a_transfers_coded_reason(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Chuyển cơ quan khác")
    lan.presses("Sở Xây dựng")
    lan.presses("Không đúng lĩnh vực")
    lan.presses("Sửa").says("desk.reason.request_transfer")
    lan.presses("Lý do khác").says("desk.words.request_transfer")
    lan.answers("Đường tỉnh").says("desk.preview.request_transfer")
    assert lan.presses("Xác nhận").move.text == "Đường tỉnh"


def test_operators_assign_with_one_choice(operators):
    operators.case(1, state=State.RECEIVED, agency_id=None)
    ha = operators.person("Hà")
    ha.presses("Chuyển xử lý").says("desk.agency.assign")
    assert ha.presses("UBND phường An Cựu").move == MoveCase(1, Action.ASSIGN, agency_id=WARD)


def test_a_sensitive_case_stays_with_the_operators(operators):
    operators.case(1, state=State.RECEIVED, agency_id=None, sensitive=True)
    assert operators.person("Hà").presses("Tổ trực tiếp xử lý").move == MoveCase(1, Action.ASSIGN)


def test_operators_decide_a_transfer_proposed_unit_first(operators):
    operators.case(1, state=State.TRANSFER_REQUESTED, proposed_agency_id=ROADS)
    operators.views[1] = replace(operators.views[1], proposed_agency=AGENCIES[2].names)
    ha = operators.person("Hà")
    ha.presses("Đồng ý chuyển")
    assert operators.posts[-1].offered[0].data.endswith(f":set:{ROADS}")
    assert ha.answers("1").move == MoveCase(1, Action.TRANSFER, agency_id=ROADS)


def test_operators_refuse_a_transfer_with_words(operators):
    operators.case(1, state=State.TRANSFER_REQUESTED, proposed_agency_id=ROADS)
    ha = operators.person("Hà")
    ha.presses("Không chuyển").says("desk.words.refuse_transfer")
    ha.answers("Đường này do phường quản lý").says("desk.preview.refuse_transfer")
    assert ha.presses("Xác nhận").move.text == "Đường này do phường quản lý"


def test_operators_cancel_with_reason_and_words(operators):
    operators.case(1, state=State.RECEIVED, agency_id=None)
    ha = operators.person("Hà")
    ha.presses("Hủy phản ánh").says("desk.reason.cancel")
    ha.answers("vì sao nhỉ").no_move().says("desk.hint.choose")
    ha.presses("Không rõ vị trí").says("desk.words.cancel")
    assert "desk_button.do_not_cancel" in [button.label.value for button in operators.posts[-1].offered]
    ha.answers("Mời anh/chị gửi lại kèm vị trí.").says("desk.preview.cancel")
    move = ha.presses("Gửi").move
    assert (move.action, move.reason, move.text) == (
        Action.CANCEL,
        "no_place",
        "Mời anh/chị gửi lại kèm vị trí.",
    )


def test_a_category_is_corrected_in_two_levels(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Sửa lĩnh vực").says("desk.category.ask")
    lan.presses("Hạ tầng").no_move().says("desk.category.inside")
    lan.presses("Lĩnh vực khác").says("desk.category.ask")
    lan.presses("Hạ tầng")
    assert lan.presses("Đường hỏng").move == MoveCase(1, Action.CORRECT_CATEGORY, category="road")


def test_a_category_is_found_by_words(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Sửa lĩnh vực")
    lan.answers("qqq").says("desk.category.none")
    lan.answers("o ga").says("desk.category.found")
    assert lan.answers("1").move.category == "road"


def test_a_place_is_corrected_by_pin(agency):
    agency.case(1)
    agency.located = Located("inside", AREAS[:1])
    lan = agency.person("Lan")
    lan.presses("Sửa vị trí").says("desk.place.ask")
    move = lan.pins(16.5, 107.6).move
    assert (move.action, move.place.lat, move.area) == (Action.CORRECT_PLACE, 16.5, "an-cuu")


@pytest.mark.parametrize("kind", ["outside", "nowhere"])
def test_a_pin_outside_is_refused(agency, kind):
    agency.case(1)
    agency.located = Located(kind)
    lan = agency.person("Lan")
    lan.presses("Sửa vị trí")
    lan.pins(0, 0).no_move().says(f"desk.place.{kind}")


def test_a_pin_between_areas_asks_which(agency):
    agency.case(1)
    agency.located = Located("near", AREAS)
    lan = agency.person("Lan")
    lan.presses("Sửa vị trí")
    lan.pins().no_move().says("desk.area.ask")
    assert lan.presses("phường Thuận Hóa").move.area == "thuan-hoa"


def test_a_place_is_corrected_by_address_and_area(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Sửa vị trí")
    lan.answers("12 Nguyễn Huệ").says("desk.area.ask")
    lan.answers("thuan").says("desk.area.ask")
    lan.answers("zzz").says("desk.area.not_found")
    move = lan.presses("phường Thuận Hóa").move
    assert (move.text, move.area, move.place) == ("12 Nguyễn Huệ", "thuan-hoa", None)


def test_an_address_that_names_its_area_is_enough(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Sửa vị trí")
    move = lan.answers("45 Hùng Vương, phường Thuận Hóa").move
    assert (move.text, move.area) == ("45 Hùng Vương, phường Thuận Hóa", "thuan-hoa")


def test_an_address_may_keep_the_area_and_an_area_may_come_alone(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Sửa vị trí")
    lan.answers("12 Nguyễn Huệ")
    assert lan.presses("Giữ địa bàn cũ").move == MoveCase(1, Action.CORRECT_PLACE, text="12 Nguyễn Huệ")
    lan.presses("Sửa vị trí")
    lan.presses("Chỉ sửa địa bàn").says("desk.area.ask")
    assert lan.presses("phường An Cựu").move == MoveCase(1, Action.CORRECT_PLACE, area="an-cuu")


def test_a_map_link_is_a_place(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Sửa vị trí")
    lan.answers("https://maps.app.goo.gl/abc").no_move().says("desk.place.short_link")
    move = lan.answers("https://www.google.com/maps?q=16.4637,107.5909").move
    assert move.place.lat == pytest.approx(16.4637)


def test_urgent_with_a_reason(operators):
    operators.case(1, state=State.RECEIVED, agency_id=None)
    ha = operators.person("Hà")
    ha.presses("Đánh dấu khẩn")
    ha.answers("Dây điện đứt")
    assert ha.presses("Xác nhận").move == MoveCase(1, Action.SET_URGENT, text="Dây điện đứt")


def test_blocking_a_reporter(operators):
    operators.case(1, state=State.RECEIVED, agency_id=None)
    ha = operators.person("Hà")
    ha.presses("Chặn người gửi").says("desk.days")
    ha.presses("7 ngày").says("desk.words.block")
    ha.answers("Gửi tin rác nhiều lần").says("desk.preview.block")
    [block] = ha.presses("Gửi").all(BlockPerson)
    assert block == BlockPerson(1, 7, "Gửi tin rác nhiều lần")


def test_blocking_by_command(operators):
    code = operators.case(1, state=State.RECEIVED, agency_id=None).case.code
    ha = operators.person("Hà")
    ha.commands("chan").says("desk.block_how")
    ha.commands("chan", code).says("desk.days")
    ha.commands("chan", to=operators.cards[1]).says("desk.days")


def test_an_agency_cannot_block(agency):
    agency.case(1)
    assert agency.person("Lan").forges("d:1:block").no_move().toast == "desk.toast.not_your_role"


def test_after_a_dispute_the_head_upholds_in_writing_or_reworks(agency):
    agency.case(1, state=State.REVIEW_REQUESTED, outcome="fixed")
    head = agency.person("Trưởng", HEAD)
    assert head.presses("Xử lý lại").move == MoveCase(1, Action.REWORK)
    head.presses("Giữ kết quả").no_move().says("desk.words.uphold")
    head.answers("Đã kiểm tra lại, đèn sáng bình thường.").says("desk.preview.uphold")
    assert head.presses("Gửi").move.action is Action.UPHOLD


def test_the_head_accepts_or_returns_a_result(agency):
    agency.case(1, state=State.RESULT_SUBMITTED, outcome="fixed")
    head, lan = agency.person("Trưởng", HEAD), agency.person("Lan")
    head.presses("Duyệt kết quả").no_move().says("desk.check.ask", "desk.check.in_time")
    head.presses("Đúng câu hỏi").no_move().says("desk.preview.accept_result")
    assert head.presses("Xác nhận").move == MoveCase(1, Action.ACCEPT_RESULT, ticked=True)
    assert lan.presses("Trả lại kết quả").no_move().toast == "desk.toast.not_your_role"
    head.presses("Trả lại kết quả")
    head.answers("Ảnh chưa rõ")
    assert head.presses("Xác nhận").move == MoveCase(1, Action.RETURN_RESULT, text="Ảnh chưa rõ")


# --- notes ----------------------------------------------------------------------------------------------------


def test_a_plain_reply_to_a_card_is_an_internal_note(agency):
    agency.case(1)
    lan = agency.person("Lan")
    heard = lan.replies(agency.cards[1], "Đã gọi đội kỹ thuật").no_move().says("desk.noted")
    assert heard.all(Note) == [Note(1, "Đã gọi đội kỹ thuật")]


def test_a_note_becomes_a_question_by_one_tap_and_the_preview(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.replies(agency.cards[1], "Cột số mấy?")
    lan.presses("Gửi cho người dân").no_move().says("desk.preview.ask")
    assert lan.presses("Gửi").move == MoveCase(1, Action.ASK, text="Cột số mấy?")


def test_a_note_cannot_become_a_question_when_nothing_may_be_asked_any_more(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.replies(agency.cards[1], "Cột số mấy?")
    agency.becomes(1, State.RESOLVED)
    lan.presses("Gửi cho người dân").no_move().says("desk.stale.state")


def test_anothers_note_is_not_mine_to_send(agency):
    agency.case(1)
    agency.person("Lan").replies(agency.cards[1], "Cột số mấy?")
    minh = agency.person("Minh")
    assert minh.presses("Gửi cho người dân").no_move().toast == "desk.toast.not_yours"


def test_an_album_as_a_note_is_acknowledged_once(agency):
    agency.case(1)
    lan = agency.person("Lan")
    card = agency.cards[1]
    first = lan.sends(to=card, caption="Hiện trạng", album="al")
    second = lan.sends(to=card, album="al")
    assert first.all(Note)[0].text == "Hiện trạng"
    assert len(second.all(Note)[0].media) == 1
    assert not second.all(Say)


def test_voice_and_place_are_notes_too(agency):
    agency.case(1)
    lan = agency.person("Lan")
    card = agency.cards[1]
    assert lan.sends(to=card, kind="voice").all(Note)
    assert lan.pins(16.5, 107.6, to=card).all(Note) == [Note(1, "16.50000, 107.60000")]


def test_a_note_by_code_where_there_are_no_replies(plain):
    code = plain.case(1).case.code
    heard = plain.person("Lan").says(f"{code} đã gọi đội kỹ thuật").says("desk.noted")
    assert heard.all(Note) == [Note(1, "đã gọi đội kỹ thuật")]


def test_a_note_where_nothing_can_be_asked_has_no_button(agency):
    agency.case(1, state=State.ASSIGNED)
    heard = agency.person("Lan").replies(agency.cards[1], "Chờ vật tư")
    assert heard.shown.offered == ()


# --- who is meant ------------------------------------------------------------------------------------------------


def test_ordinary_talk_is_never_taken(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.says("chiều nay họp nhé").nothing()
    lan.presses("Hỏi người dân")
    lan.says("chiều nay họp nhé").nothing()
    lan.says("1").nothing()
    code = agency.views[1].case.code
    lan.says(f"{code} xong chưa anh em ơi, dân hỏi mãi").nothing()


def test_an_answer_to_a_message_about_no_case_is_talk(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.commands("trogiup")
    helped = agency.posts[-1]
    lan.presses("Hỏi người dân")
    lan.replies(helped, "cảm ơn").nothing()


def test_a_note_that_is_too_long_is_refused_beside_other_work(agency):
    agency.case(1)
    agency.case(2)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân", on=agency.cards[1])
    lan.replies(agency.cards[2], "dài " * 1000).says("desk.too_long")
    assert agency.posts[-1].case_id == 2


def test_two_officers_with_work_on_one_case_do_not_mix(agency):
    agency.case(1)
    lan, minh = agency.person("Lan"), agency.person("Minh")
    lan_prompt = lan.presses("Hỏi người dân", on=agency.cards[1]).shown
    minh_prompt = minh.presses("Hỏi người dân", on=agency.cards[1]).shown
    lan.replies(lan_prompt, "Câu của Lan")
    lan_preview = agency.posts[-1]
    minh.replies(minh_prompt, "Câu của Minh")
    minh.presses("Gửi", on=lan_preview).no_move()
    assert minh.replies(lan_preview, "1").no_move().keys == ["desk.toast.not_yours"]
    assert minh.replies(lan_preview, "Hay đấy").all(Note)  # about Lan's work: a remark, not Minh's words
    assert lan.presses("Gửi", on=lan_preview).move.text == "Câu của Lan"


def test_work_on_two_cases_does_not_mix(agency):
    agency.case(1)
    agency.case(2)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân", on=agency.cards[1])
    assert lan.replies(agency.cards[2], "Việc này xong rồi").all(Note)[0].case_id == 2
    lan.replies(agency.cards[1], "Số cột?").says("desk.preview.ask")
    lan.presses("Hỏi người dân", on=agency.cards[2]).says("desk.left_behind", "desk.words.ask")
    assert lan.desk.draft.case_id == 2


def test_a_case_of_another_group_does_nothing(agency):
    agency.case(5, elsewhere=True)
    lan = agency.person("Lan")
    assert lan.forges("d:5:claim").no_move().toast == "desk.toast.other_group"
    assert lan.forges("d:404:claim").no_move().toast == "desk.toast.no_case"
    lan.says(f"{code_of(5)} 1").no_move().says("desk.toast.other_group")
    lan.commands("viec", code_of(5)).no_move().says("desk.toast.other_group")


def test_a_case_that_left_while_words_were_written(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("Số cột?")
    agency.elsewhere[1] = agency.views.pop(1)
    assert lan.presses("Gửi").no_move().toast == "desk.toast.other_group"


@pytest.mark.parametrize(
    "data", ["", "x", "d:", "d:1", "d:1:", "d:1:fly", "d:x:ask", "p:", "p:1", "p:9.9:send:3", "k:1:rate:5", "d:²:ask"]
)
def test_forged_and_broken_buttons_do_nothing(agency, data):
    agency.case(1)
    heard = agency.person("Lan").forges(data).no_move()
    assert heard.toast.startswith("desk.toast.")


def test_a_stale_button_tells_who_and_when_and_shows_the_card(agency):
    agency.case(1)
    lan = agency.person("Lan")
    agency.becomes(1, State.CLOSED)
    heard = lan.presses("Báo kết quả").no_move().says("desk.stale.state", "desk.stale.who")
    assert heard.all(ShowCard) == [ShowCard(Here(), 1)]


def test_a_preview_confirmed_too_late_sends_nothing(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("Số cột?")
    agency.becomes(1, State.NEED_INFO, return_state=State.IN_PROGRESS)
    lan.presses("Gửi").no_move().says("desk.not_sent", "desk.stale.state")


# --- who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["pending", "not_member", "unknown", "anonymous"])
def test_whoever_may_not_act_is_told_why(agency, status):
    agency.case(1, state=State.ASSIGNED)
    stranger = agency.person("Ai đó", status=status)
    assert stranger.presses("Nhận xử lý").no_move().toast == f"desk.gate.{status}"
    stranger.commands("viec").no_move().says(f"desk.gate.{status}")
    stranger.replies(agency.cards[1], "1").nothing()  # told a moment ago
    agency.now += timedelta(minutes=11)
    stranger.replies(agency.cards[1], "ghi chú").no_move().says(f"desk.gate.{status}")
    stranger.says("chào cả nhà").nothing()
    assert agency.found == []


def test_whoever_lost_the_right_cannot_confirm(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("Số cột?")
    lan.status = "not_member"
    assert lan.presses("Gửi").no_move().toast == "desk.gate.not_member"


def test_ordinary_talk_asks_nothing_of_anybody(agency):
    lan = agency.person("Lan")
    lan.says("chào").nothing()
    talk = Envelope("sandbox", "-1", True, Sender("u1"), TextSent("chào"), agency.now)
    assert needs(Desk(), talk, "PA") == Needs()


# --- lists --------------------------------------------------------------------------------------------------------


def test_the_list_reposts_a_card(agency):
    for number in range(1, 14):
        agency.case(number)
    lan = agency.person("Lan")
    lan.commands("viec").says("desk.list.title", "desk.list.line")
    first_page = agency.posts[-1]
    assert len(first_page.offered) == 11
    heard = lan.replies(first_page, "2")
    assert heard.all(ShowCard) == [ShowCard(Here(), 2, repost=True)]
    lan.commands("viec")
    lan.presses("Trang sau").says("desk.list.line")
    assert [button.data for button in agency.posts[-1].offered] == ["d:11:card", "d:12:card", "d:13:card"]
    assert lan.presses("d:12:card").all(ShowCard) == [ShowCard(Here(), 12, repost=True)]


def test_the_list_by_text_only(plain):
    for number in range(1, 14):
        plain.case(number)
    lan = plain.person("Lan")
    lan.commands("viec")
    lan.says("trang sau").says("desk.list.line")
    assert lan.says("2").all(ShowCard) == [ShowCard(Here(), 12, repost=True)]
    lan.says("2").nothing()  # the list is no longer what was shown last


def test_the_list_names_due_dates_and_urgent_cases(agency):
    agency.case(1, resolve_due=agency.now)
    agency.case(2, urgent=True)
    agency.person("Lan").commands("viec").says("desk.list.line_due", "desk.list.urgent")


def test_an_answer_to_a_list_that_names_no_case(agency):
    agency.case(1)
    lan, minh = agency.person("Lan"), agency.person("Minh")
    lan.commands("viec")
    listed = agency.posts[-1]
    lan.replies(listed, "99").says("desk.list.choose")
    minh.replies(listed, "1").says("desk.list.by_code")
    assert minh.presses("d:1:card", on=listed).all(ShowCard)
    assert minh.replies(listed, code_of(1)).all(ShowCard)
    lan.replies(listed, code_of(3)).says("desk.toast.no_case")
    lan.replies(listed, "PA-7K3M-9QXX").says("desk.toast.wrong_code")


def test_a_mistyped_code_in_a_reply_is_no_remark_but_a_sentence_with_one_is(agency):
    agency.case(1)
    lan = agency.person("Lan")
    assert not lan.replies(agency.cards[1], "PA-7K3M-9QXX").says("desk.toast.wrong_code").all(Note)
    assert lan.replies(agency.cards[1], "PA-7K3M-9QXX có lẽ cùng một việc").says("desk.noted").all(Note)
    lan.says("PA-7K3M-9QXX").nothing()  # nobody spoke to us


def test_a_documents_number_may_look_like_a_mistyped_code(agency):
    agency.case(1)
    head = agency.person("Bình", HEAD)
    head.presses("Xin gia hạn").says("desk.date.ask")
    head.answers("31/12/2026").says("desk.document")
    head.answers("PA-2026-1234").says("desk.reason.request_extension")
    assert head.desk.draft.reference == "PA-2026-1234"


def test_a_command_that_there_is_not_is_said_to_be_none(agency):
    lan = agency.person("Lan")
    for _ in range(2):
        lan.commands("abc", to_us=True).says("desk.toast.no_command")
    agency.linked = ""
    agency.person("Minh").commands("abc").nothing()


def test_a_command_that_may_be_for_another_bot_is_seldom_said_to_be_none(agency):
    lan = agency.person("Lan")
    lan.commands("abc").says("desk.toast.no_command")
    lan.commands("poll").nothing()
    agency.now += timedelta(minutes=11)
    lan.commands("poll").says("desk.toast.no_command")


@pytest.mark.parametrize("status", ["pending", "not_member", "anonymous", "unknown"])
def test_a_command_of_somebody_who_may_not_act_is_nobodys_business_unless_it_names_us(agency, status):
    guest = agency.person("Khách", status=status)
    guest.commands("poll").nothing()
    guest.commands("poll", to_us=True).says(f"desk.gate.{status}")


def test_another_persons_next_page(agency):
    for number in range(1, 14):
        agency.case(number)
    lan, minh = agency.person("Lan"), agency.person("Minh")
    lan.commands("viec")
    page = agency.posts[-1]
    assert minh.presses("Trang sau", on=page).toast == "desk.toast.not_your_list"
    lan.commands("tim", "đèn")
    assert lan.presses("Trang sau", on=page).toast == "desk.toast.old_list"


def test_search_finds_or_says_how(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.commands("tim").says("desk.list.find_how")
    lan.commands("tim", "den duong").says("desk.list.found")
    lan.commands("tim", "xyz").says("desk.list.not_found")
    assert agency.found == ["den duong", "xyz"]
    assert lan.commands("tim", code_of(1)).all(ShowCard)


def test_a_card_by_its_code(agency):
    agency.case(1)
    lan = agency.person("Lan")
    bare = code_of(1).removeprefix("PA-").replace("-", " ").lower()
    for heard in (lan.commands("viec", code_of(1)), lan.commands("viec", bare), lan.says(code_of(1))):
        assert heard.all(ShowCard) == [ShowCard(Here(), 1, repost=True)]
    assert lan.commands("viec", to=agency.cards[1]).all(ShowCard)
    lan.commands("viec", "PA-XXXX-XXXX").says("desk.toast.no_case")


def test_an_empty_list(agency):
    agency.person("Lan").commands("viec").says("desk.list.empty")


def test_an_unknown_code_is_said_to_be_unknown(agency):
    agency.person("Lan").says(f"{code_of(3)} 1").no_move().says("desk.toast.no_case")


# --- the group itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["lienket", "start"])
def test_a_code_links_the_group(agency, name):
    agency.linked = ""
    heard = agency.person("Lan", status="unknown").commands(name, "AB12-CD34")
    assert heard.effects == (LinkChat("AB12-CD34"),)


def test_an_anonymous_administrator_cannot_link(agency):
    agency.linked = ""
    agency.person("Ẩn", status="anonymous").commands("lienket", "AB12").says("desk.gate.anonymous")


def test_a_group_that_is_not_linked_says_only_how_to_link(agency):
    agency.case(1)
    agency.linked = ""
    lan = agency.person("Lan")
    lan.says("xin chào").nothing()
    lan.replies(agency.cards[1], "1").nothing()
    lan.commands("weather").nothing()
    lan.commands("viec").no_move().says("desk.link.hint")
    assert lan.presses("Báo kết quả").no_move().toast == "desk.link.hint"


def test_help(agency, operators, plain):
    agency.person("Lan").commands("trogiup").says("desk.help.cards", "desk.help.by_reply")
    operators.person("Hà").commands("help").says("desk.help.block")
    plain.person("Minh").commands("trogiup").says("desk.help.by_code")
    agency.person("Lan").commands("start").says("desk.link.how")


# --- silence ------------------------------------------------------------------------------------------------------


def test_unfinished_work_is_forgotten_after_a_day_without_a_word(agency):
    agency.case(1)
    lan = agency.person("Lan")
    heard = lan.presses("Hỏi người dân")
    lan.day_passes(heard).nothing()
    assert lan.desk.draft is None


def test_an_older_timer_forgets_nothing(agency):
    agency.case(1)
    lan = agency.person("Lan")
    first = lan.presses("Hỏi người dân")
    agency.now += timedelta(hours=5)
    lan.answers("Số cột?")
    lan.day_passes(first).nothing()
    assert lan.desk.draft.text == "Số cột?"


def test_work_of_yesterday_is_not_confirmed_even_if_no_timer_came(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.presses("Hỏi người dân")
    lan.answers("Số cột?")
    agency.now += timedelta(days=1)
    assert lan.presses("Gửi").no_move().toast == "desk.toast.finished"


def test_stopping_by_command(agency):
    agency.case(1)
    lan = agency.person("Lan")
    lan.commands("huy").says("desk.nothing_to_stop")
    lan.presses("Hỏi người dân")
    lan.commands("huy").says("desk.stopped")
    assert lan.desk.draft is None


@pytest.mark.parametrize("event", [ContactSent(), PlaceMoved(), Unsupported("sticker"), TextEdited("khác")])
def test_what_is_nothing_to_the_desk(agency, event):
    agency.case(1)
    lan = agency.person("Lan")
    prompt = lan.presses("Hỏi người dân").shown
    lan._does(event, reply_to=prompt).nothing()


def test_every_prompt_comes_back_to_be_forgotten(agency):
    agency.case(1)
    heard = agency.person("Lan").presses("Hỏi người dân")
    [wake] = heard.all(WakeAt)
    assert wake.at == agency.now + timedelta(days=1)
    assert wake.case_id is None  # it runs in this group, not where the case lives


# --- codes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "rest"),
    [("{} 2", "2"), ("{}: 2", "2"), ("{}", ""), ("  {}\nđã xong", "đã xong"), ("{}.", "")],
)
def test_a_leading_code(said, rest):
    code = code_of(1)
    for spelt in (code, code.lower(), code.replace("-", ""), code.replace("-", " ")):
        assert leading_code(said.format(spelt), "PA") == (code, rest)


@pytest.mark.parametrize(("said", "rest"), [("{} 2", "2"), ("{}: đã xong", "đã xong"), ("{}", "")])
def test_a_leading_code_without_its_prefix_is_written_in_one_piece(said, rest):
    code = code_of(1)
    bare = code.removeprefix("PA-")
    for spelt in (bare, bare.lower(), bare.replace("-", "")):
        assert leading_code(said.format(spelt), "PA") == (code, rest)
    assert leading_code(said.format(bare.replace("-", " ")), "PA")[0] == ""


@pytest.mark.parametrize("said", ["", "chào cả nhà", "PA-7K3M-0000 2", "PA", "hôm nay PA 1234 5678 9", "nhanviec đi"])
def test_no_leading_code(said):
    assert leading_code(said, "PA") == ("", said)
