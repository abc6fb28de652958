"""Storm mode: what people read, whom a notice reaches, what stands first, and many reports that become one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.cases import ADMINISTRATOR
from handlers.storm_merge import merge
from handlers.storming import PURPOSE, begin, end, named, plan
from tests.journeys.test_urgent import in_danger
from workflows.case.model import State
from workflows.effects import Lane
from workflows.notifier.table import Importance, rule_of
from workflows.storm.mode import Storm

WORDS = "Bão số 5 đang vào bờ, mời bà con ở trong nhà"
HOUR = timedelta(hours=1)


@pytest.fixture
def storm(scene):
    """Switched on for An Cựu ward by command, telling nobody."""
    return on(scene, tell=False)


def on(scene, *, area="an-cuu", until=None, tell=True):
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        begun = begin(uow, Storm(0, area, WORDS, "Storm", now, until), "cli", now, tell=tell)
        uow.flush(now)
    scene.world.tools.knowledge.forget_storms()
    scene.world.settle()
    return begun.storm


def off(scene, storm):
    with scene.world.store.write() as uow:
        assert end(uow, storm.id, "cli", scene.world.clock.now())
    scene.world.tools.knowledge.forget_storms()


def planned(scene, storm, category=""):
    with scene.world.store.read() as uow:
        return plan(uow, storm, category)


def merged(scene, storm):
    done = merge(scene.world.tools, planned(scene, storm), "cli", ADMINISTRATOR)
    scene.world.settle()
    return done


# --- what people read ----------------------------------------------------------------------------------------------


def test_the_banner_stands_at_the_start_and_in_the_receipt(scene, lan, storm):
    lan.says("/start").hears(WORDS, "Gửi phản ánh mới")
    lan.picks("Gửi phản ánh mới").picks("Đồng ý")
    code = lan.reports()
    lan.hears("Mã phản ánh", code, WORDS)


def test_elsewhere_and_afterwards_nothing_is_read(scene, lan, storm):
    minh = scene.citizen("minh")
    off(scene, storm)
    lan.says("/start").does_not_hear(WORDS)
    lan.reports()
    lan.does_not_hear(WORDS)
    on(scene, area="thuan-hoa", until=scene.world.clock.now() + 2 * HOUR)
    minh.agrees()
    minh.reports()
    minh.does_not_hear(f"⚠️ Phường An Cựu: {WORDS}")
    scene.world.forward(hours=2, minutes=1)
    minh.says("/start").does_not_hear(WORDS)


# --- who waits -----------------------------------------------------------------------------------------------------


def test_whoever_waits_there_hears_once_and_nobody_else(scene, lan, duc, huong):
    minh, nam = scene.citizen("minh"), scene.citizen("nam")
    first = lan.reports()
    lan.reports("Cột điện nghiêng")
    gone = minh.reports()
    minh.says(f"/tracuu {gone}").picks("Rút phản ánh").picks("Rút phản ánh").hears("đã được rút")
    nam.agrees()
    for one in (lan, minh, nam):
        one.listens()
    on(scene)
    lan.hears(WORDS, "vẫn được giữ và xử lý")
    assert sum(WORDS in text for text in lan.told) == 1
    minh.hears_nothing()
    nam.hears_nothing()
    assert scene.state(first) is State.ASSIGNED


def test_the_notice_waits_behind_everything_and_costs_nothing():
    rule = rule_of(Lane.BROADCAST, PURPOSE)
    assert (rule.importance, rule.pays, rule.bundle) == (Importance.LOW, False, "broadcast")


def test_a_report_about_officials_is_not_counted_among_those_who_wait(scene, lan, duc, huong):
    lan.reports("Cán bộ phường vòi vĩnh khi làm giấy tờ", "Sách nhiễu")
    lan.listens()
    storm = on(scene, area="")
    lan.hears_nothing()
    assert planned(scene, storm) == ()


# --- from the operators' group -------------------------------------------------------------------------------------


def test_an_operator_switches_it_on_after_a_look_and_off_again(scene, lan, duc, huong):
    lan.reports()
    lan.listens()
    huong.says("/bao").hears("đang tắt", "mời gõ /bao")
    huong.says(f"/bao phường An Cựu: {WORDS}").hears("Bật chế độ bão cho Phường An Cựu", WORDS, "1. Bật", "2. Hủy")
    lan.hears_nothing()
    huong.says("1").hears("Đã bật chế độ bão cho Phường An Cựu", "được báo: 1")
    lan.hears(WORDS)
    huong.says("/bao").hears("Đang bật cho Phường An Cựu").says("1").hears("Đã tắt chế độ bão")
    lan.says("/start").does_not_hear(WORDS)


def test_for_the_whole_province_and_not_after_all(scene, lan, duc, huong):
    huong.says(f"/bao {WORDS}").hears("Bật chế độ bão cho Toàn").says("2").hears("Chưa bật")
    huong.says("/bao").hears("đang tắt")
    huong.says("/bao phường Nào Đó: Bão").hears("Chưa rõ “phường Nào Đó”")
    huong.says("/bao " + "b" * 501).hears("tối đa 500")


def test_before_it_goes_one_reads_whom_it_leaves_out_and_that_marks_are_missing(scene, huong):
    huong.says(f"/bao {WORDS}").hears("Tin này không đến", "điện thoại", "về cán bộ").does_not_hear("không dấu")
    huong.says("/bao Bao so 5 dang vao bo").hears("gõ không dấu", "1. Bật", "2. Hủy").says("2").hears("Chưa bật")


def test_a_second_one_for_the_same_area_is_not_switched_on(scene, lan, huong):
    huong.says(f"/bao phường An Cựu: {WORDS}").says("1").hears("Đã bật")
    huong.says("/bao phường An Cựu: Nước đang lên").hears(WORDS, "đang bật sẵn", "1. Tắt").does_not_hear("1. Bật")
    huong.says("/bao Nước đang lên").hears("1. Bật").says("1").hears("Đã bật chế độ bão cho Toàn")
    huong.says("/bao phường An Cựu: Nước đang lên").says("1").hears("Đã tắt")
    huong.says("/bao phường An Cựu: Nước đang lên").says("1").hears("Đã bật chế độ bão cho Phường An Cựu")


def test_of_two_operators_who_switch_the_same_on_one_is_told_that_it_is_on(scene, huong):
    huong.says(f"/bao {WORDS}")
    on(scene, area="", tell=False)
    huong.says("1").hears("đang bật sẵn", "1. Tắt").does_not_hear("Đã bật")
    huong.says("1").hears("Đã tắt chế độ bão")
    huong.says(f"/bao {WORDS}")
    on(scene, area="", tell=False)
    huong.picks("Bật").hears("đang bật sẵn", "1. Tắt")


@pytest.mark.parametrize("attack", ["/bao Bão to rồi", "/bao"])
def test_a_unit_switches_nothing(scene, duc, huong, attack):
    duc.says(attack).hears("Chỉ Tổ vận hành")
    for data in ("b:on", "b:off:1", "b:stop"):
        duc.presses(data).hears("Chỉ Tổ vận hành")


@pytest.mark.parametrize("data", ["b:on", "b:off:x", "b:off:99", "b:", "b:stop"])
def test_a_press_without_a_preview_switches_nothing(scene, lan, huong, data):
    huong.presses(data)
    lan.says("/start").does_not_hear(WORDS)


# --- urgent first --------------------------------------------------------------------------------------------------


def test_urgent_first_only_while_it_storms(scene, lan, duc, huong):
    late = scene.citizen("minh").reports()
    scene.forward(days=12)
    code = in_danger(lan)
    huong.picks("Đánh dấu khẩn", of=code)
    listed = duc.says("/viec").told[-1]
    assert listed.index(late) < listed.index(code)
    storm = on(scene, tell=False)
    listed = duc.says("/viec").told[-1]
    assert listed.index(code) < listed.index(late)
    off(scene, storm)
    listed = duc.says("/viec").told[-1]
    assert listed.index(late) < listed.index(code)


# --- many reports, one matter --------------------------------------------------------------------------------------


def test_reports_of_one_matter_become_one_and_each_person_hears_once(scene, lan, duc, huong):
    before = scene.citizen("truoc").reports()
    scene.forward(minutes=1)
    storm = on(scene, tell=False)
    master = lan.reports()
    minh = scene.citizen("minh")
    codes = [minh.reports(), minh.reports("Cột đèn đổ")]
    with scene.world.store.read() as uow:
        [would] = named(uow, planned(scene, storm))
    assert (would.master, sorted(would.others)) == (master, sorted(codes))
    assert scene.state(codes[0]) is State.ASSIGNED  # a plan merges nothing
    minh.listens()
    [done] = merged(scene, storm)
    assert (done.master, done.refused) == (master, ())
    assert [scene.state(code) for code in codes] == [State.MERGED, State.MERGED]
    assert scene.state(before) is State.ASSIGNED  # sent before the storm
    told = [text for text in minh.told[minh._from :] if "được gộp" in text]
    assert len(told) == 1 and all(code in told[0] for code in codes) and master in told[0]
    duc.says(f"/viec {master}").hears("2 người cùng")
    with scene.world.store.read() as uow:
        moves = [event.move for event in uow.cases.events(scene.case(codes[0]).id)]
    assert moves[-1] == "T7"
    assert merged(scene, storm) == []  # and the second time there is nothing left


def test_what_changed_meanwhile_is_refused_by_the_table_and_the_rest_goes_on(scene, lan, duc, huong):
    storm = on(scene, tell=False)
    lan.reports()
    minh, nam = scene.citizen("minh"), scene.citizen("nam")
    first, second = minh.reports(), nam.reports()
    found = planned(scene, storm)
    duc.picks("Nhận xử lý", of=first)
    duc.picks("Báo kết quả", of=first).picks("Đã giải thích").says("Đã kiểm tra").picks("Gửi")
    [done] = merge(scene.world.tools, found, "cli", ADMINISTRATOR)
    scene.world.settle()
    assert [code for code, _ in done.refused] == [first]
    assert scene.state(second) is State.MERGED


def test_an_urgent_report_is_never_merged_away(scene, lan, duc, huong):
    storm = on(scene, tell=False)
    minh = scene.citizen("minh")
    ordinary = minh.reports()
    code = in_danger(lan)
    huong.picks("Đánh dấu khẩn", of=code)
    merged(scene, storm)
    assert scene.case(code).case.urgent and scene.state(code) is not State.MERGED
    assert scene.state(ordinary) is State.MERGED
