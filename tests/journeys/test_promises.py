"""A result that promises something by a date: the date is asked for, reminded of, kept, or seen to be broken (R111)."""

from __future__ import annotations

import pytest

from handlers.case_command import Wanted, move_by_code
from tests.journeys.scene import AFTER
from tests.journeys.test_reminders import count, until
from workflows.actions import Action
from workflows.case.model import State


@pytest.fixture
def promised(lan, duc):
    """An Cựu ward has promised the citizen to do it by Thursday 10/12."""
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Hẹn ngày xử lý")
    duc.hears("Hẹn người dân đến ngày nào?").says("10/12").hears("nội dung")
    duc.says("Đầu tháng 12 có trụ mới.").hears("Ngày hẹn làm xong: hết ngày thứ Năm, 10/12/2026").picks("Gửi")
    lan.hears("Hẹn ngày xử lý", "Đầu tháng 12 có trụ mới.", "Ngày hẹn làm xong: hết ngày thứ Năm, 10/12/2026")
    duc.hears("Hẹn làm xong: hết ngày thứ Năm, 10/12/2026").listens()
    return code


def test_a_promise_without_a_day_or_with_a_past_one_is_not_taken(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Hẹn ngày xử lý")
    duc.says("mai mốt").hears("Chưa rõ “mai mốt” là ngày nào")
    duc.says("1/11/2026").hears("Ngày này đã qua")
    assert scene.state(code) is State.IN_PROGRESS


def test_it_is_kept_and_the_citizen_hears_so(scene, promised, lan, duc):
    lan.picks("Hài lòng").hears("đã được đóng")
    until(scene, "9/12", 8)
    duc.hears(promised, "Còn 1 ngày làm việc đến hạn làm việc đã hẹn với người dân").listens()
    duc.says(promised).picks("Đã làm như hẹn", of=promised).hears("Đã làm gì?")
    duc.sends_photo(AFTER, "Đã dựng trụ và lắp đèn.").picks("Gửi")
    lan.hears("đã làm như đã hẹn", promised, "Đã dựng trụ và lắp đèn.").does_not_hear("trễ")
    duc.hears("Đã làm như đã hẹn, lúc").listens()
    until(scene, "20/12", 9)
    duc.hears_nothing()
    lan.does_not_hear(promised)


def test_it_is_broken_and_everybody_sees_it(scene, promised, lan, duc, huong):
    lan.picks("Hài lòng")
    until(scene, "10/12", 20)
    duc.hears("Hôm nay đến hạn làm việc đã hẹn với người dân: hết ngày thứ Năm, 10/12/2026").listens()
    lan.does_not_hear("Ngày đã hẹn")
    until(scene, "11/12", 8)
    duc.hears("Đã quá hạn làm việc đã hẹn với người dân", "Quá ngày hẹn: hết ngày thứ Năm", "Mức quá hạn: 1×")
    lan.hears("Ngày đã hẹn", promised, "UBND phường An Cựu xin lỗi")
    duc.says("/viec").hears(promised, "quá hạn 1×")
    lan.says(f"/tracuu {promised}").hears("Quá ngày hẹn")
    until(scene, "15/12", 8)
    duc.hears("Kính báo lãnh đạo UBND phường An Cựu")
    duc.picks("Đã làm như hẹn", of=promised).says("Đã lắp đèn.").picks("Gửi")
    lan.hears("trễ hơn ngày hẹn", "xin lỗi", "Đã lắp đèn.")
    until(scene, "31/12", 8)
    assert count(lan, "Ngày đã hẹn") == 1
    huong.does_not_hear("Kính báo")


def test_a_promise_that_the_citizen_does_not_accept_is_worked_on_again(scene, promised, lan, duc):
    lan.picks("Chưa giải quyết").says("Chờ lâu quá")
    duc.says(promised)
    until(scene, "24/11", 10)
    assert scene.state(promised) is State.REVIEW_REQUESTED
    moved = move_by_code(scene.world.tools, promised, Wanted(Action.REWORK), dry_run=False)
    assert moved.refusal is None
    scene.world.settle()
    duc.listens()
    until(scene, "11/12", 9)
    assert scene.case(promised).case.pledged_until is None
    lan.does_not_hear("Ngày đã hẹn")
