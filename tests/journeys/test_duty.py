"""Duty in the groups: who has it, taking over and handing on, what a shift inherits, and shifts that nobody has."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from handlers.shift_watch import watch_shifts
from storage.roster import RosterStore
from tests.at_once import at_once
from tests.journeys.test_urgent import in_danger
from workflows.duty.shifts import Shift

HOUR = timedelta(hours=1)


@pytest.fixture
def chi(scene, duc):
    """Another officer of An Cựu ward."""
    one = scene.joins("chi", "nhom-an-cuu")
    scene.confirm(one, "an-cuu")
    return one.says("/viec").listens()


@pytest.fixture
def head(scene, duc):
    """The head of An Cựu ward."""
    one = scene.joins("mai", "nhom-an-cuu")
    scene.confirm(one, "an-cuu", role="head")
    return one.says("/viec").listens()


def shift(scene, someone, begins=-1.0, hours=8.0, stand_in=None, agency="an-cuu", note=""):
    """A shift that begins so many hours from now; its number."""
    world = scene.world
    now = world.clock.now()
    with world.store.write() as uow:
        unit = uow.agencies.by_code(agency).id if agency else None
        first, second = (uow.people.find(world.name, one.user).id if one else None for one in (someone, stand_in))
        new = Shift(0, unit, now + begins * HOUR, now + (begins + hours) * HOUR, first, second, note=note)
        return RosterStore(uow).add(new)


def kept(scene, number):
    with scene.world.store.read() as uow:
        return RosterStore(uow).get(number)


def watch(scene, **later):
    scene.world.clock.forward(**later)
    told = watch_shifts(scene.world.tools)
    scene.world.settle()
    return told


# --- /truc ---------------------------------------------------------------------------------------------------------


def test_who_is_on_duty_now_and_next(scene, duc, chi):
    duc.says("/truc").hears("không có ca trực nào", "Chưa có ca sau")
    shift(scene, duc.says("/viec"), stand_in=chi)
    shift(scene, chi, begins=7)
    chi.says("/truc").hears("Đang trực đến 16 giờ", "Đức", "Người thay: Chi", "Ca sau, từ 16 giờ", "Nhận thay ca")


def test_the_stand_in_takes_over_by_a_button(scene, duc, chi):
    number = shift(scene, duc.says("/viec"), stand_in=chi)
    chi.says("/truc").says("1").hears("Chi nhận ca trực đến")
    assert kept(scene, number).on_duty_id is not None
    duc.says("/truc").hears("Chi")
    chi.says("/truc").says("1").hears("đang giữ ca này")
    duc.says("/truc").says("1").hears("Đức nhận ca trực")  # the one of the plan takes it back


def test_a_colleague_takes_nothing_from_who_has_it_but_the_head_may(scene, duc, chi, head):
    number = shift(scene, duc.says("/viec"))
    chi.says("/truc").says("1").hears("Ca này đã có người")
    assert kept(scene, number).on_duty_id is None
    head.says("/truc").says("1").hears("Mai nhận ca trực")


def test_who_is_on_duty_hands_on_to_the_stand_in_and_nobody_else_does(scene, duc, chi):
    number = shift(scene, duc.says("/viec"), stand_in=chi)
    nam = scene.joins("nam", "nhom-an-cuu")
    scene.confirm(nam, "an-cuu")
    nam.says("/truc").says("2").hears("Chỉ người đang trực (Đức)")
    duc.says("/truc").says("2").hears("Chi trực thay đến")
    assert kept(scene, number).has_it == kept(scene, number).stand_in_id


def test_an_empty_shift_is_anybodys_of_the_unit_and_nobody_elses(scene, duc, chi, huong):
    number = shift(scene, None)
    huong.says("/truc").hears("không có ca trực nào")
    huong.presses(f"s:{number}:take").hears("Không tìm thấy ca trực này")
    stranger = scene.joins("khach", "nhom-an-cuu")
    stranger.presses(f"s:{number}:take").hears("xác nhận")
    assert kept(scene, number).has_it is None
    chi.says("/truc").hears("chưa có người").says("1").hears("Chi nhận ca trực")


@pytest.mark.parametrize("data", ["s:0:take", "s:99999:take", "s:1:drop", "s:x:take", "s:", "s:1", "b:on", "b:off:1"])
def test_forged_buttons_change_no_shift(scene, duc, data):
    number = shift(scene, duc.says("/viec"))
    duc.presses(data)
    assert kept(scene, number).on_duty_id is None


def test_a_shift_that_is_over_changes_hands_no_more(scene, duc, chi):
    number = shift(scene, duc.says("/viec"), stand_in=chi, hours=2)
    scene.forward(hours=2)
    chi.presses(f"s:{number}:take").hears("ca đã hết")


@pytest.mark.both_databases
def test_two_take_an_empty_shift_at_once_and_one_has_it(scene, duc, chi):
    number = shift(scene, None)
    for one in (duc.says("/viec"), chi):
        scene.world.line(one.chat, one.user, name=one.name, group=True, press=f"s:{number}:take", settle=False)
    at_once(scene.world.batch, scene.world.batch)
    scene.world.settle()
    told = "\n".join(duc.told)
    assert told.count("nhận ca trực đến") == 1
    assert kept(scene, number).on_duty_id is not None


# --- a shift begins ------------------------------------------------------------------------------------------------


def test_a_shift_opens_with_what_it_inherits_and_the_note_of_the_one_before(scene, lan, duc, chi, huong):
    shift(scene, duc.says("/viec"), begins=-7, hours=8)
    shift(scene, chi, begins=1, hours=8)
    code = in_danger(lan)
    huong.picks("Đánh dấu khẩn", of=code)
    scene.citizen("minh").reports()
    lan.says(f"/tracuu {code}").picks("Nhắn thêm").says("Dây vẫn còn đó")
    duc.says("/bangiao").hears("kèm nội dung")
    duc.says("/bangiao Đã rào cọc ở số 12, chờ điện lực").hears("Đã ghi bàn giao")
    assert watch(scene) == 1  # the first one, late: nothing ran when it began
    assert watch(scene, minutes=30) == 0
    duc.listens()
    assert watch(scene, minutes=30) == 1
    duc.hears("Ca trực của UBND phường An Cựu bắt đầu", "Người trực: Chi", "Ca trước bàn giao: “Đã rào cọc ở số 12")
    duc.hears(f"Khẩn, chưa xong: 1 ({code})", "chưa trả lời: 1")
    assert watch(scene, minutes=5) == 0


def test_nothing_to_inherit_is_said_too(scene, duc):
    shift(scene, duc.says("/viec"))
    duc.listens()
    assert watch(scene) == 1
    duc.hears("Người trực: Đức", "Không có việc khẩn")


def test_the_operators_have_shifts_of_their_own(scene, lan, huong):
    shift(scene, huong.says("/viec"), agency=None)
    code = lan.reports()  # its unit has no group, and nobody has to act on it here: it is not theirs to inherit
    huong.listens()
    assert watch(scene) == 1
    huong.hears("Ca trực của Tổ vận hành bắt đầu", "Hương").does_not_hear(code)


def test_a_sensitive_report_is_in_no_shifts_inheritance(scene, lan, duc, huong):
    code = lan.reports("Cán bộ phường vòi vĩnh khi làm giấy tờ", "Sách nhiễu")
    shift(scene, duc.says("/viec"))
    duc.listens()
    watch(scene)
    duc.does_not_hear(code)
    duc.says("/truc").does_not_hear(code)


# --- a shift that nobody has ---------------------------------------------------------------------------------------


def test_an_empty_shift_is_told_ahead_once_to_the_head_and_the_operators(scene, duc, head, huong):
    shift(scene, None, begins=20)
    duc.listens()
    huong.listens()
    assert watch(scene, hours=7) == 0
    assert watch(scene, hours=2) == 1
    duc.hears("chưa có người", "Mời Mai phân công")
    huong.hears("Ca trực của UBND phường An Cựu", "chưa có người")
    assert watch(scene, hours=1) == 0


def test_a_shift_of_somebody_who_left_is_empty(scene, duc, chi, huong):
    shift(scene, chi, begins=5)
    assert watch(scene) == 0
    with scene.world.store.write() as uow:
        duty = uow.people.duties(uow.people.find(scene.world.name, chi.user).id)[0]
        uow.people.change_staff(duty.id, status="removed")
    huong.listens()
    assert watch(scene) == 1
    huong.hears("chưa có người")


def test_a_retired_units_roster_is_quiet(scene, duc, huong):
    shift(scene, None, begins=2)
    shift(scene, duc.says("/viec"))
    with scene.world.store.write() as uow:
        uow.agencies.change(uow.agencies.by_code("an-cuu").id, active=False)
    huong.listens()
    assert watch(scene) == 0
    huong.hears_nothing()


@pytest.mark.both_databases
def test_four_sweeps_at_once_tell_once(scene, duc, huong):
    shift(scene, duc.says("/viec"))
    shift(scene, None, begins=5)
    duc.listens()
    at_once(*[partial(watch_shifts, scene.world.tools)] * 4)
    scene.world.settle()
    new = "\n".join(duc.told[duc._from :])
    assert (new.count("bắt đầu"), new.count("chưa có người")) == (1, 1)
