"""A group that has nothing but text: a case from its code to its result in a few short messages."""

from __future__ import annotations

from tests.journeys.scene import AFTER
from workflows.case.model import State


def test_a_case_in_three_messages(scene, lan, duc):
    code = lan.reports()
    duc.hears("Vui lòng trả lời bằng mã và số", f"{code} 1")
    bare = code.removeprefix("PA-").replace("-", "").lower()
    duc.says(f"{bare} nhận").hears("Đang xử lý")
    duc.sends_photo(AFTER, f"{bare} xong Đã thay bóng đèn, đèn sáng lại.").hears("Kết quả xử lý thế nào")
    duc.says("1").hears("Người dân sẽ nhận kết quả", "Đã thay bóng đèn", "Ảnh, video kèm theo: 1")
    lan.listens()
    duc.says("gửi")
    lan.hears("đã xử lý xong", "Đã thay bóng đèn, đèn sáng lại.")
    assert scene.state(code) is State.RESOLVED


def test_a_transfer_by_a_short_word_finds_its_agencies(scene, lan, duc):
    code = lan.reports()
    duc.says(f"{code} chuyển Đường này do Sở quản lý").hears("đến đơn vị nào", "Sở Xây dựng")
    duc.picks("Sở Xây dựng").picks("Nơi khác quản lý").hears(
        "Đề nghị chuyển đến Sở Xây dựng", "Đường này do Sở quản lý"
    )
    duc.picks("Xác nhận")
    assert scene.state(code) is State.TRANSFER_REQUESTED


def test_talk_that_begins_like_a_move_stays_inside(scene, lan, duc):
    code = lan.reports()
    lan.listens()
    duc.says(f"{code} nhận được tin rồi, mai đi xem").hears("ghi chú nội bộ")
    assert scene.state(code) is State.ASSIGNED
    lan.hears_nothing()
