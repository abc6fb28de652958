"""Who is late is reminded, step by step upwards; cards tell how late; citizens hear before they ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from handlers import days_off, reminding
from handlers.reminding import look, remind
from tests.at_once import at_once
from tests.journeys.scene import AFTER, Someone
from workflows.case.calendar import VIETNAM
from workflows.case.model import State

# The world stands at Monday 23/11/2026, 09:00; the 24th is a public holiday. A report of that day, passed on at once,
# is due until the end of Tuesday 01/12.


def until(scene, day, hour=9, step=timedelta(hours=1)):
    """Let time go by hour by hour up to an hour of a day of 2026; what is due is looked after."""
    number, month = map(int, day.split("/"))
    end, world = datetime(2026, month, number, hour, tzinfo=VIETNAM), scene.world
    for one in scene.people:
        one.listens()
    while world.clock.now() < end:
        world.clock.at = min(world.clock.now() + step, end)
        world.settle()
        remind(world.tools)
        world.settle()


def count(someone: Someone, words: str) -> int:
    return sum(words in text for text in someone.told)


@pytest.fixture
def case(lan, duc):
    """A report that An Cựu ward has taken on."""
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).listens()
    return code


def test_the_ladder_rung_by_rung(scene, case, duc, huong):
    huong.listens()
    until(scene, "30/11", 7)
    duc.hears_nothing()
    until(scene, "30/11", 8)
    duc.hears(case, "Còn 1 ngày làm việc đến hạn xử lý: hết ngày thứ Ba, 01/12/2026").listens()
    until(scene, "1/12", 9)
    duc.hears("Hôm nay đến hạn xử lý: hết ngày thứ Ba, 01/12/2026").does_not_hear("Kính báo").listens()
    until(scene, "2/12", 9)
    duc.hears("Đã quá hạn xử lý 1 ngày làm việc").does_not_hear("Kính báo").listens()
    until(scene, "4/12", 9)
    duc.hears("Kính báo lãnh đạo UBND phường An Cựu", "quá hạn xử lý 3 ngày làm việc").listens()
    huong.does_not_hear("quá hạn")
    until(scene, "8/12", 9)
    huong.hears("Kính báo lãnh đạo", "quá hạn xử lý 5 ngày làm việc", "UBND phường An Cựu")
    duc.does_not_hear("Kính báo")
    until(scene, "24/12", 9)
    assert [count(duc, words) for words in ("Còn 1 ngày", "Hôm nay đến hạn xử lý", "Kính báo")] == [1, 1, 1]


def test_the_citizen_hears_halfway_and_when_the_date_has_passed(scene, case, lan, duc):
    lan.listens()
    until(scene, "26/11", 9)
    lan.hears_nothing()
    until(scene, "27/11", 21)
    lan.hears(case, "vẫn đang ở bước: Đang xử lý", "UBND phường An Cựu", "hết ngày thứ Ba, 01/12/2026").listens()
    until(scene, "2/12", 6)
    lan.hears_nothing()
    until(scene, "2/12", 8)
    lan.hears(case, "đã quá hạn", "UBND phường An Cựu", "xin lỗi").listens()
    until(scene, "20/12", 8)
    lan.does_not_hear(case)


def test_whoever_heard_something_lately_is_not_told_that_nothing_moves(scene, lan, duc):
    code = lan.reports()
    until(scene, "26/11", 16)
    duc.picks("Nhận xử lý", of=code)
    lan.hears("đã nhận phản ánh")
    until(scene, "1/12", 20)
    lan.does_not_hear("vẫn đang ở bước")


def test_while_the_citizen_is_asked_nobody_is_reminded(scene, case, lan, duc):
    until(scene, "27/11", 8)
    duc.picks("Hỏi người dân", of=case).says("Cột số mấy?").picks("Gửi").listens()
    until(scene, "2/12", 6)
    duc.does_not_hear("đến hạn xử lý")
    lan.does_not_hear("vẫn đang ở bước", "quá hạn")


def test_who_is_overdue_shows_on_the_card_and_in_the_list(scene, case, duc, lan):
    until(scene, "1/12", 23)
    assert not any("Mức quá hạn" in text for text in duc.told)
    until(scene, "2/12", 8)
    assert any(f"{case} · " in text and "Mức quá hạn: 1× thời hạn" in text for text in duc.told)
    until(scene, "9/12", 8)
    duc.says("/viec").hears(case, "quá hạn 2×")
    duc.says(case).hears("Mức quá hạn: 2× thời hạn")
    until(scene, "16/12", 8)
    duc.says("/viec").hears(case, "quá hạn 3×")
    lan.says(f"/tracuu {case}").hears("Đã quá hạn xử lý")


def test_after_a_long_stop_only_the_highest_rung_is_said(scene, case, lan, duc, huong):
    """The program was down until after the fifth day; nobody hears the four rungs before."""
    for one in (duc, huong, lan):
        one.listens()
    scene.world.clock.at = datetime(2026, 12, 8, 9, tzinfo=VIETNAM)
    for _ in range(3):
        remind(scene.world.tools)
        scene.world.forward(minutes=5)
    huong.hears("quá hạn xử lý 5 ngày làm việc")
    assert count(huong, "Kính báo lãnh đạo") == 1
    duc.does_not_hear("Kính báo", "Hôm nay đến hạn")
    lan.hears("đã quá hạn").does_not_hear("vẫn đang ở bước")
    assert count(lan, "quá hạn") == 1


def test_what_comes_in_quiet_hours_or_on_a_day_off_waits_for_the_morning(scene, case, lan, duc):
    scene.world.clock.at = datetime(2026, 12, 5, 22, tzinfo=VIETNAM)  # a Saturday night
    lan.listens()
    remind(scene.world.tools)
    scene.world.settle()
    duc.hears_nothing()
    lan.hears_nothing()
    until(scene, "6/12", 12)  # Sunday: the citizen may hear, the office is closed
    lan.hears("đã quá hạn")
    duc.does_not_hear("quá hạn xử lý")
    until(scene, "7/12", 8)
    duc.hears("Kính báo lãnh đạo", "quá hạn xử lý 4 ngày làm việc")


def test_what_is_urgent_does_not_wait(scene, case, lan, duc, huong):
    huong.says(case).picks("Đánh dấu khẩn", of=case).says("Dây điện rơi").picks("Xác nhận")
    scene.world.clock.at = datetime(2026, 12, 5, 22, tzinfo=VIETNAM)
    for one in (lan, duc):
        one.listens()
    remind(scene.world.tools)
    scene.world.settle()
    duc.hears("Kính báo lãnh đạo")
    lan.hears("quá hạn")


def test_the_head_hears_in_private_where_they_have_written_to_us(scene, case, lan, duc):
    phong = scene.joins("phong", duc.chat)
    phong.says("/viec")
    scene.confirm(phong, "an-cuu", "head")
    private = scene.alone(phong)
    duc.listens()
    scene.world.clock.at = datetime(2026, 12, 4, 9, tzinfo=VIETNAM)
    remind(scene.world.tools)
    scene.world.settle()
    private.hears("Kính báo lãnh đạo UBND phường An Cựu", case, "quá hạn xử lý 3 ngày làm việc")
    duc.does_not_hear("Kính báo")


def test_the_unit_above_hears_where_there_is_one(scene, case, lan, duc, huong):
    with scene.world.store.write() as uow:
        above, below = uow.agencies.by_code("thuan-hoa"), uow.agencies.by_code("an-cuu")
        uow.agencies.change(below.id, parent_id=above.id)
    binh = scene.officer("bình", "nhom-tren", "thuan-hoa")
    for one in (binh, huong):
        one.listens()
    scene.world.clock.at = datetime(2026, 12, 8, 9, tzinfo=VIETNAM)
    remind(scene.world.tools)
    scene.world.settle()
    binh.hears("đơn vị cấp trên của UBND phường An Cựu", case, "5 ngày làm việc")
    binh.does_not_hear("Đèn đường")
    huong.does_not_hear("Kính báo")


def test_the_operators_are_reminded_to_pass_on_and_the_citizen_hears_of_that_delay_too(scene, lan, huong):
    scene.world.drain.tools = replace(scene.world.tools, auto_assign=False)
    code = lan.reports()
    assert scene.state(code) is State.RECEIVED
    huong.listens()
    until(scene, "25/11", 8)
    huong.hears("Hôm nay đến hạn chuyển đến cơ quan xử lý: 17 giờ thứ Tư, 25/11/2026").listens()
    until(scene, "25/11", 18)
    lan.hears(code, "chưa được chuyển đến cơ quan xử lý đúng hạn", "xin lỗi")
    until(scene, "30/11", 8)
    huong.hears("Kính báo lãnh đạo", "Đã quá hạn chuyển đến cơ quan xử lý")


def test_a_message_has_a_ladder_of_its_own(scene, case, lan, duc):
    lan.says(f"/tracuu {case}").picks("Nhắn thêm").says("Bao giờ xong?")
    duc.hears("Bao giờ xong?").listens()
    until(scene, "25/11", 9)
    duc.hears("Hôm nay đến hạn trả lời tin nhắn của người dân").listens()
    until(scene, "26/11", 9)
    duc.hears("Đã quá hạn trả lời tin nhắn của người dân")
    duc.picks("Trả lời người dân", of=case).says("Trong tuần này").picks("Gửi").listens()
    until(scene, "27/11", 20)
    duc.does_not_hear("tin nhắn của người dân")


def test_what_is_finished_is_left_alone(scene, case, lan, duc):
    duc.picks("Báo kết quả", of=case).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng").picks("Gửi").listens()
    lan.listens()
    until(scene, "4/12", 9)
    duc.hears_nothing()
    lan.does_not_hear("quá hạn", "vẫn đang ở bước")
    with scene.world.store.write() as uow:
        assert uow.cases.to_look_at(scene.world.clock.now() + timedelta(days=900), 10) == []


def test_a_holiday_that_becomes_known_later_moves_the_reminders_and_not_the_date(scene, case, duc, lan):
    """Tết, a storm: the day before the due day is off, so its reminder comes a working day earlier."""
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        days_off.add(uow, date(2026, 11, 30), "Nghỉ bão", "Công điện 9", now.date(), now)
    scene.world.tools.knowledge.forget()
    until(scene, "27/11", 9)
    duc.hears("Còn 1 ngày làm việc đến hạn xử lý: hết ngày thứ Ba, 01/12/2026").listens()
    until(scene, "30/11", 20)
    duc.hears_nothing()
    assert scene.case(case).case.resolve_due.astimezone(VIETNAM).day == 1


@pytest.mark.both_databases
def test_four_looks_at_once_say_a_thing_once(scene, case, duc):
    scene.world.clock.at = datetime(2026, 12, 2, 9, tzinfo=VIETNAM)
    at_once(*[partial(look, scene.world.tools)] * 4)
    scene.world.settle()
    assert count(duc, "Đã quá hạn xử lý") == 1


def test_a_kill_between_leaves_nothing_half_said(scene, case, lan, duc, monkeypatch):
    """The process dies when the reminder is written and the citizen's notice is not: the next one says both, once."""
    real = reminding._tell

    def dies(*args):
        raise SystemExit

    monkeypatch.setattr(reminding, "_tell", dies)
    scene.world.clock.at = datetime(2026, 12, 2, 9, tzinfo=VIETNAM)
    for one in (lan, duc):
        one.listens()
    with pytest.raises(SystemExit):
        look(scene.world.tools)
    scene.world.settle()
    duc.hears_nothing()
    monkeypatch.setattr(reminding, "_tell", real)
    for _ in range(2):
        look(scene.world.tools)
        scene.world.settle()
    assert (count(duc, "Đã quá hạn xử lý"), count(lan, "đã quá hạn")) == (1, 1)


def test_a_case_that_cannot_be_read_holds_up_no_other(scene, lan, duc):
    broken, sound = lan.reports(), scene.citizen("mai").reports()
    assert scene.case(broken).id < scene.case(sound).id
    store, kept = scene.world.store, "select facts from cases where id = (select min(id) from cases)"
    with store.write() as uow:
        facts = uow.connection.plain.exec_driver_sql(kept).scalar()
        uow.connection.plain.exec_driver_sql("update cases set facts = '{}' where id = (select min(id) from cases)")
    scene.world.clock.at = datetime(2026, 12, 2, 9, tzinfo=VIETNAM)
    duc.listens()
    look(scene.world.tools)
    scene.world.settle()
    duc.hears(sound, "Đã quá hạn xử lý").does_not_hear(broken)
    with store.write() as uow:
        uow.connection.plain.execute(text("update cases set facts = :facts where facts = '{}'"), {"facts": facts})


def test_the_first_date_passes_while_a_later_one_was_approved(scene, case, lan, duc, huong):
    duc.picks("Xin gia hạn", of=case).says("15/12").says("12/BC-UBND").says("Còn chờ vật tư").picks("Xác nhận")
    huong.says(case).picks("Đồng ý gia hạn", of=case).picks("Xác nhận")
    lan.hears("Hạn mới: hết ngày thứ Ba, 15/12/2026").listens()
    until(scene, "2/12", 6)
    lan.does_not_hear("Hạn đầu tiên")
    until(scene, "2/12", 8)
    lan.hears("Hạn đầu tiên", "xin lỗi", "Hạn mới đã được duyệt: hết ngày thứ Ba, 15/12/2026").does_not_hear("quá hạn")
    until(scene, "14/12", 9)
    duc.hears("Còn 1 ngày làm việc đến hạn xử lý: hết ngày thứ Ba, 15/12/2026")
