"""An operator takes a report down for a caller: in one message or step by step, and the caller is still told."""

import pytest

from storage.sources import SourceStore
from tests.journeys.scene import CODE
from workflows.case.model import State

PHONE = "0912345678"
ALL = (
    f"Đèn đường hỏng ba tối nay\n12 Nguyễn Huệ, phường An Cựu\nBà Tý Riêng Tư {PHONE}\nđường dây nóng\n1022-2026-00123"
)


def takes_down(huong, words=ALL, category="Chiếu sáng"):
    """A whole report by its operator; the code."""
    huong.says(f"/nhap {words}").picks(category).hears("Ghi nhận").picks("Ghi nhận").hears("đọc cho người gửi")
    return CODE.findall("\n".join(huong.told[huong._from :]))[0]


def test_one_message_and_two_taps(scene, huong, duc):
    duc.listens()
    huong.says(f"/nhap {ALL}").hears("Có thể thuộc lĩnh vực nào").does_not_hear(PHONE, "Tý")
    huong.picks("Chiếu sáng").hears(
        "Nơi xảy ra: 12 Nguyễn Huệ", "Phường An Cựu", "số 1022-2026-00123", "ba số cuối 678"
    )
    huong.does_not_hear(PHONE, "Tý").picks("Ghi nhận").hears("đọc cho người gửi", "Trả lời kết quả chậm nhất")
    code = CODE.findall("\n".join(huong.told[huong._from :]))[0]
    duc.hears(code, "Đèn đường hỏng ba tối nay", "Nguồn: Đường dây nóng, số 1022-2026-00123").does_not_hear(PHONE, "Tý")
    row = scene.case(code)
    assert (row.case.state, row.case.channel) == (State.ASSIGNED, "hotline")
    with scene.world.store.read() as uow:
        opened = uow.cases.events(row.id)[0]
        source = SourceStore(uow).of_case(row.id)
    assert (opened.move, opened.role.value) == ("T1", "operator")
    assert (source.channel, source.number) == ("hotline", "1022-2026-00123")
    huong.says("/tim 1022-2026-00123").hears(code)


def test_step_by_step(scene, huong, duc):
    huong.says("/nhap").hears("Sự việc gì, từ khi nào")
    huong.says("đèn").hears("quá ngắn")
    huong.says("Đèn đường trước trường học hỏng").hears("Xảy ra ở đâu")
    huong.says("Trước trường học").hears("xã, phường nào")
    huong.says("Cái Bè").hears("Không có xã, phường nào", "Cái Bè")
    huong.says("an cuu").hears("lĩnh vực nào").picks("Chiếu sáng").hears("đến từ nguồn nào")
    huong.says("bưu kiện").hears("Chưa rõ nguồn này").says("tiếp dân").hears("Họ tên và số điện thoại")
    huong.says("0912 345").hears("Chưa phải là số điện thoại")
    huong.picks("Không để lại số").hears("không để lại số điện thoại", "Nguồn: Tiếp dân")
    huong.picks("Sửa nội dung").says("Hai đèn đường trước trường học hỏng").hears("“Hai đèn đường")
    huong.says("sđt: 0912 345 678").hears("ba số cuối 678").says("gì đó").hears("Mời chọn một nút")
    huong.picks("Ghi nhận").hears("đọc cho người gửi")


def test_a_number_that_is_filed_already_shows_its_case(scene, huong, duc):
    code = takes_down(huong)
    huong.says(f"/nhap {ALL}").hears(f"đã được ghi thành phản ánh {code}", "Đèn đường hỏng ba tối nay")
    huong.says("/nhap Đèn đường tắt cả tuần\n14 Nguyễn Huệ, phường An Cựu\n0912345679\nsố: 1022 2026 00123")
    huong.picks("Chiếu sáng").picks("Đường dây nóng").picks("Ghi nhận").hears(f"đã được ghi thành phản ánh {code}")
    with scene.world.store.read() as uow:
        assert len(uow.cases.listing()) == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Đèn đường hỏng\n12 Nguyễn Huệ, phường An Cựu\n091234567", "Chưa phải là số điện thoại"),
        ("Đèn đường hỏng\n12 Nguyễn Huệ, phường An Cựu\nkênh: chim bồ câu", "Chưa rõ nguồn này"),
        ("Đèn đường hỏng\n21.0278, 105.8342", "ngoài địa bàn"),
        ("Đèn đường hỏng\nhttps://maps.app.goo.gl/abc", "Liên kết rút gọn"),
        ("Đèn đường hỏng\nsố: không có", "Số hồ sơ cần có chữ số"),
    ],
)
def test_what_cannot_be_right_is_said_and_the_rest_is_kept(huong, words, answer):
    huong.says(f"/nhap {words}").hears(answer)
    assert not any("Ghi nhận" in text for text in huong.told)


def test_an_agency_takes_nothing_down(scene, duc):
    duc.says(f"/nhap {ALL}").hears("Chỉ nhóm của Tổ vận hành").says("/goilai").hears("Chỉ nhóm của Tổ vận hành")


def test_stopped_and_forgotten_work_leaves_nothing(scene, huong):
    huong.says(f"/nhap {ALL}").says("/huy").hears("Đã bỏ phiếu này")
    huong.says(f"/nhap {ALL}")
    scene.forward(days=1, minutes=1)
    with scene.world.store.read() as uow:
        person = uow.people.find("plain", huong.user)
        chat = uow.chats.find("plain", huong.chat)
        assert PHONE not in uow.dialogs.get(chat.id, person.id)
        assert uow.cases.listing() == []
