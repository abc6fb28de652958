"""Results: before and after side by side, sanctions with decision and amount, checked by whom the policy names."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from storage.media import MediaGone
from tests.journeys.scene import AFTER
from workflows.case.model import State


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


def test_a_warning_is_a_sanction_without_an_amount(scene, lan, duc):
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã xử phạt").says("12/QĐ-XPHC").picks("Cảnh cáo").says("Đã nhắc nhở")
    duc.hears("phạt cảnh cáo").picks("Gửi")
    lan.hears("phạt cảnh cáo")
    assert scene.case(code).case.fine == 0


def test_choosing_again_forgets_the_sanction(scene, lan, duc):
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã xử phạt").says("12/QĐ-XPHC").says("500k").picks("Chọn lại")
    duc.picks("Đã giải thích").says("Hộ dân đã dọn").does_not_hear("Quyết định").picks("Gửi")
    assert scene.case(code).case.fine is None
