"""The morning digest: once a working day, what presses in each group, and nothing when nothing does."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers import digests
from handlers.case_command import Wanted, move_by_code
from handlers.digests import send_digests
from workflows.actions import Action
from workflows.case.calendar import VIETNAM


def morning(scene, day, hour=7, minute=30):
    """Look at this hour of a day of November or December 2026."""
    number, month = map(int, day.split("/"))
    world = scene.world
    world.clock.at = datetime(2026, month, number, hour, minute, tzinfo=VIETNAM)
    found = send_digests(world.tools)
    world.settle()
    return found


def test_each_group_hears_what_presses_once_a_day(scene, lan, duc, huong):
    first, second = lan.reports(), lan.reports()
    duc.picks("Nhận xử lý", of=first)
    lan.says(f"/tracuu {first}").picks("Nhắn thêm").says("Bao giờ xong?")
    for one in (duc, huong):
        one.listens()
    assert morning(scene, "25/11", 7, 29) == 0
    assert morning(scene, "25/11") == 1
    duc.hears("Sáng nay của UBND phường An Cựu", f"1 phản ánh mới, chưa nhận: {second}")
    duc.hears(f"1 phản ánh có tin nhắn của người dân chưa được trả lời: {first}")
    duc.does_not_hear("quá hạn", "đến hạn hôm nay")
    huong.hears_nothing()
    assert morning(scene, "25/11", 8) == 0
    duc.listens()
    assert morning(scene, "1/12") == 1
    duc.hears("2 phản ánh đến hạn hôm nay", first, second).listens()
    assert morning(scene, "2/12") == 1
    duc.hears("2 phản ánh quá hạn", first, second).does_not_hear("đến hạn hôm nay")


def test_nothing_on_days_off_nor_when_there_is_nothing(scene, lan, duc, huong):
    lan.reports()
    duc.listens()
    assert [morning(scene, day) for day in ("24/11", "28/11", "29/11")] == [0, 0, 0]  # a holiday and a weekend
    duc.hears_nothing()
    huong.hears_nothing()


def test_after_offices_close_it_is_no_morning_any_more(scene, lan, duc):
    lan.reports()
    assert morning(scene, "25/11", 17, 1) == 0
    assert morning(scene, "26/11", 11) == 1  # the program was down in the morning


def test_the_operators_hear_what_waits_for_them(scene, lan, duc, huong):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    duc.picks("Chuyển cơ quan khác", of=code).picks("Sở Xây dựng").picks("Không đúng lĩnh vực")
    duc.says("Thuộc sở").picks("Xác nhận")
    huong.listens()
    morning(scene, "25/11")
    huong.hears("Sáng nay của Tổ vận hành", f"1 phản ánh chờ quyết định (chuyển, gia hạn, xem lại): {code}")


def test_a_case_about_officials_is_in_no_agencys_digest(scene, lan, duc, huong):
    """It was the agency's until it was found to be about officials (R61)."""
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    scene.world.clock.forward(minutes=1)
    wanted = Wanted(Action.CORRECT_CATEGORY, category="official-conduct")
    assert move_by_code(scene.world.tools, code, wanted, dry_run=False).refusal is None
    scene.world.settle()
    assert scene.case(code).case.sensitive
    duc.listens()
    morning(scene, "28/12")
    duc.hears_nothing()


def test_a_group_killed_over_is_told_by_the_next_and_none_twice(scene, lan, duc, huong, monkeypatch):
    """One process dies after the first group: five minutes later another goes on, and nobody hears twice."""
    lan.reports()
    for one in (duc, huong):
        one.listens()
    real = digests._tell

    def dies(tools, group, law, now):
        real(tools, group, law, now)
        raise SystemExit

    monkeypatch.setattr(digests, "_tell", dies)
    with pytest.raises(SystemExit):
        morning(scene, "25/11")
    monkeypatch.setattr(digests, "_tell", real)
    assert morning(scene, "25/11", 7, 31) == 0
    morning(scene, "25/11", 7, 36)
    assert sum("Sáng nay" in text for text in duc.told) == 1
