"""Results: before and after side by side, sanctions with decision and amount, checked by whom the policy names."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from handlers import reporting
from handlers.case_command import Wanted, move_by_code
from storage.media import MediaGone
from tests.journeys.scene import AFTER
from workflows.actions import Action
from workflows.case.model import State
from workflows.case.policy import Special


def taken(lan, officer) -> str:
    code = lan.reports()
    officer.picks("Nhận xử lý", of=code)
    return code


@pytest.fixture
def sent(scene, monkeypatch):
    """Everything that goes out, with its files."""
    gone, send = [], scene.world.plain.send
    monkeypatch.setattr(scene.world.plain, "send", lambda outgoing: gone.append(outgoing) or send(outgoing))
    return gone


def files_to(sent, someone):
    """Of the last message with pictures that somebody got."""
    return [one for one in sent if one.chat == someone.chat and one.files][-1].files


# --- pictures ------------------------------------------------------------------------------------------------------


def test_the_citizen_sees_before_and_after_in_one_picture(scene, lan, officer, sent):
    code = taken(lan, officer)
    officer.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng").picks("Gửi")
    scene.forward(seconds=5)
    assert any("đã xử lý xong" in text for text in lan.told)
    files = files_to(sent, lan)
    assert len(files) == 1, "the two are in the one"
    picture = Image.open(io.BytesIO(files[0].content))
    assert picture.width > 1.5 * picture.height


def test_further_pictures_follow_the_one(scene, lan, duc, sent):
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng").sends_photo(AFTER)
    duc.picks("Gửi")
    scene.forward(seconds=5)
    assert len(files_to(sent, lan)) == 2


def test_where_the_picture_cannot_be_made_the_two_are_sent(scene, lan, duc, sent, monkeypatch):
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng")

    def broken(*_):
        raise MediaGone("broken")

    monkeypatch.setattr("storage.side_by_side.side_by_side", broken)
    duc.picks("Gửi")
    scene.forward(seconds=5)
    assert any("đã xử lý xong" in text for text in lan.told)
    assert len(files_to(sent, lan)) == 2
    assert not any("Không mở được" in text for text in lan.told)


def test_the_picture_goes_when_the_reporter_is_erased(scene, lan, duc):
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng").picks("Gửi")
    scene.forward(seconds=5)
    pair = scene.case(code).case.pair
    with scene.world.store.read() as uow:
        key = uow.attachments.get([pair])[pair].shown
    assert scene.world.tools.media.get(key)
    lan.says("/xoa").picks("Xóa")
    scene.forward(seconds=5)
    with scene.world.store.read() as uow:
        assert uow.attachments.get([pair])[pair].status == "erased"
    with pytest.raises(MediaGone):
        scene.world.tools.media.get(key)


# --- who checks (T19 to T21, R62) ----------------------------------------------------------------------------------


def checked_by(scene, who, category=""):
    """From now on the policy has results checked."""
    law = scene.world.tools.knowledge.law

    def with_check(*given):
        found = law(*given)
        if category:
            policy = replace(found.policy, specials=(Special(category, (), result_check=who),))
        else:
            policy = replace(found.policy, result_check=who)
        return replace(found, policy=policy)

    scene.world.tools.knowledge.law = with_check


def handed_in(lan, officer, words="Đã thay bóng"):
    code = taken(lan, officer)
    officer.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, words)
    lan.listens()
    officer.picks("Gửi")
    return code


def test_a_result_is_accepted_by_the_head_after_the_tick(scene, lan, duc, sent):
    checked_by(scene, "head")
    head = scene.joins("hoa", duc.chat)
    scene.confirm(head, "an-cuu", role="head")
    code = handed_in(lan, duc)
    lan.hears_nothing()
    assert scene.state(code) is State.RESULT_SUBMITTED
    head.says(f"/viec {code}").hears("Duyệt kết quả chậm nhất").picks("Duyệt kết quả", of=code)
    head.hears("Đèn đường trước số 12", "Đã thay bóng", "Trong hạn xử lý", "Có ảnh sau khi xử lý", "đúng câu hỏi không")
    assert len(files_to(sent, head)) == 1, "before and after beside each other"
    assert not head.offers("Xác nhận")
    head.picks("Đúng câu hỏi").hears("Người dân sẽ nhận kết quả", "Đã thay bóng").picks("Xác nhận")
    lan.hears("đã xử lý xong", "Đã thay bóng")
    with scene.world.store.read() as uow:
        assert uow.cases.events(scene.case(code).id)[-1].data["ticked"] is True


def test_the_checker_at_the_page_sees_the_picture_before_anybody_was_sent_it(scene, site, lan, duc_at_page):
    checked_by(scene, "head")
    duc = duc_at_page
    code = handed_in(lan, duc)
    scene.confirm(duc, "an-cuu", role="head")
    duc.picks("Duyệt kết quả", of=code).hears("đúng câu hỏi không")
    pair = scene.case(code).case.pair
    with scene.world.store.read() as uow:
        assert uow.attachments.get([pair])[pair].status == "kept"
    duc.picks("Đúng câu hỏi").picks("Xác nhận")
    assert scene.state(code) is State.RESOLVED


def test_a_result_that_does_not_answer_goes_back_with_words(scene, lan, duc):
    checked_by(scene, "head")
    head = scene.joins("hoa", duc.chat)
    scene.confirm(head, "an-cuu", role="head")
    code = handed_in(lan, duc)
    head.says(f"/viec {code}").picks("Trả lại kết quả", of=code).says("Hỏi cột số 7, trả lời cột số 9")
    duc.listens()
    head.picks("Xác nhận")
    duc.hears("Hỏi cột số 7, trả lời cột số 9")
    case = scene.case(code).case
    assert (case.state, case.checker, case.check_due) == (State.IN_PROGRESS, "", None)


def test_the_operators_check_where_they_are_named_for_the_field(scene, lan, duc, huong):
    checked_by(scene, "operators", "lighting")
    code = handed_in(lan, duc)
    huong.hears("Duyệt kết quả chậm nhất").says("/viec").hears(code)
    duc.says(f"/viec {code}")
    assert not duc.offers("Duyệt kết quả")
    duc.presses(f"d:{scene.case(code).id}:accept_result").hears("người có trách nhiệm khác")
    huong.says(f"/viec {code}").picks("Duyệt kết quả", of=code).picks("Đúng câu hỏi").picks("Xác nhận")
    assert scene.state(code) is State.RESOLVED
    lan.hears("đã xử lý xong")


def test_the_head_of_the_unit_above_checks_where_the_policy_says_so(scene, lan, duc):
    with scene.world.store.write() as uow:
        above = uow.agencies.by_code("so-xay-dung").id
        uow.agencies.change(uow.agencies.by_code("an-cuu").id, parent_id=above)
    thao = scene.officer("thảo", "nhom-so", "so-xay-dung")
    scene.confirm(thao, "so-xay-dung", role="head")
    own = scene.joins("hoa", duc.chat)
    scene.confirm(own, "an-cuu", role="head")
    checked_by(scene, "supervisor")
    thao.listens()
    code = handed_in(lan, duc)
    thao.hears("chờ đơn vị cấp trên duyệt", code)
    own.says(f"/viec {code}")
    assert not own.offers("Duyệt kết quả")
    thao.says(f"/viec {code}").picks("Duyệt kết quả", of=code).picks("Đúng câu hỏi").picks("Xác nhận")
    assert scene.state(code) is State.RESOLVED
    lan.hears("đã xử lý xong")


def test_no_door_accepts_without_the_tick(scene, lan, duc):
    checked_by(scene, "head")
    code = handed_in(lan, duc)
    refused = move_by_code(scene.world.tools, code, Wanted(Action.ACCEPT_RESULT), dry_run=False).refusal
    assert refused is not None and refused.key == "refused.need_tick"
    assert scene.state(code) is State.RESULT_SUBMITTED
    made = move_by_code(scene.world.tools, code, Wanted(Action.ACCEPT_RESULT, ticked=True), dry_run=False)
    assert made.refusal is None and scene.state(code) is State.RESOLVED
    scene.world.settle()


def test_another_field_is_accepted_by_itself(scene, lan, duc):
    checked_by(scene, "operators", "rubbish")
    assert scene.state(handed_in(lan, duc)) is State.RESOLVED


# --- sanctions (R52) -----------------------------------------------------------------------------------------------


def test_a_sanction_has_its_decision_and_its_amount(scene, lan, officer):
    code = taken(lan, officer)
    officer.picks("Báo kết quả", of=code).picks("Đã xử phạt").hears("Số quyết định xử phạt")
    officer.says("hôm qua").hears("Chưa rõ số quyết định")
    officer.says("Quyết định số 12/qđ-xphc").hears("Mức phạt bao nhiêu")
    officer.says("nhiều lắm").hears("Chưa rõ mức phạt")
    officer.says("1,5 triệu").hears("Mời ghi kết quả")
    lan.listens()
    officer.says("Đã phạt hộ đổ rác").hears("Quyết định 12/QĐ-XPHC, phạt 1.500.000 đồng.").picks("Gửi")
    lan.hears("Đã phạt hộ đổ rác", "Quyết định 12/QĐ-XPHC, phạt 1.500.000 đồng.")
    case = scene.case(code).case
    assert (case.state, case.fine) == (State.ANSWERED, 1_500_000)
    assert "12/QĐ" not in repr(case), "the number lies in a row that can be erased"
    lan.says(f"/tracuu {code}").hears("Quyết định 12/QĐ-XPHC")


def test_sanctions_are_counted_with_their_amounts(scene, lan, duc):
    for amount in ("1,5 triệu", "cảnh cáo"):
        code = taken(lan, duc)
        duc.picks("Báo kết quả", of=code).picks("Đã xử phạt").says("12/QĐ-XPHC").says(amount)
        duc.says("Đã phạt hộ đổ rác").picks("Gửi")
    now = scene.world.clock.now()
    with scene.world.store.read() as uow:
        wanted = reporting.Wanted(now - timedelta(days=1), now + timedelta(days=1))
        found = reporting.figures(uow, wanted, now + timedelta(hours=1))["sanctions"]["total"]
    assert found == {"sanctions": 2, "warnings": 1, "fined": 1, "unrecorded": 0, "amount": 1_500_000}


def test_a_warning_is_a_sanction_without_an_amount(scene, lan, duc):
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã xử phạt").says("12/QĐ-XPHC").picks("Cảnh cáo").says("Đã nhắc nhở")
    duc.hears("phạt cảnh cáo").picks("Gửi")
    lan.hears("phạt cảnh cáo")
    assert scene.case(code).case.fine == 0


def test_what_is_not_possible_has_a_reason(scene, lan, officer):
    code = taken(lan, officer)
    officer.picks("Báo kết quả", of=code).picks("Chưa thể xử lý").hears("Vì sao chưa thể xử lý")
    officer.picks("Thiếu thiết bị").says("Phường chưa có máy đo tiếng ồn, đã đề nghị Sở hỗ trợ.")
    officer.hears("Lý do: Thiếu thiết bị")
    lan.listens()
    officer.picks("Gửi")
    lan.hears("chưa có máy đo tiếng ồn", "Lý do: Thiếu thiết bị")
    assert (scene.case(code).case.obstacle, scene.state(code)) == ("lacks_equipment", State.ANSWERED)


def test_choosing_again_forgets_the_sanction(scene, lan, duc):
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã xử phạt").says("12/QĐ-XPHC").says("500k").picks("Chọn lại")
    duc.picks("Đã giải thích").says("Hộ dân đã dọn").does_not_hear("Quyết định").picks("Gửi")
    assert scene.case(code).case.fine is None
