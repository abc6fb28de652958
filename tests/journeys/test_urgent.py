"""What is urgent: proposed by the words, accepted by a tap, called out by name until taken, told until safe."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from handlers.call_out import call_out
from storage.duties import DutyStore
from storage.roster import RosterStore
from tests.at_once import at_once
from tests.journeys.scene import ADDRESS
from workflows.case.model import State
from workflows.duty.shifts import Shift

HOUR = timedelta(hours=1)
DANGER = "Dây điện đứt rơi xuống đường, có người bị điện giật"


@pytest.fixture
def chi(scene, duc):
    """The head of An Cựu ward, who also talks to the bot alone."""
    one = scene.joins("chi", "nhom-an-cuu")
    scene.confirm(one, "an-cuu", role="head")
    return one.says("/viec").listens()


def on_duty(scene, someone, agency="an-cuu", hours=12.0, stand_in=None):
    """A shift that has begun; who has it."""
    world = scene.world
    now = world.clock.now()
    with world.store.write() as uow:
        unit = uow.agencies.by_code(agency).id if agency else None
        people = [uow.people.find(world.name, one.user).id if one else None for one in (someone, stand_in)]
        return RosterStore(uow).add(Shift(0, unit, now - HOUR, now + hours * HOUR, people[0], people[1]))


def sweep(scene, **later):
    scene.world.clock.forward(**later)
    said = call_out(scene.world.tools)
    scene.world.settle()
    return said


def in_danger(lan, words=DANGER):
    """A report whose words are of danger; its code."""
    if not any("Cảm ơn anh/chị." in text for text in lan.told):
        lan.agrees()
    lan.says("/phananh").sends_photo(text=words).hears("114").picks("Tiếp tục").says(ADDRESS)
    if not lan.offers("Chiếu sáng"):
        lan.says("Chiếu sáng")
    lan.picks("Chiếu sáng").hears("xem lại trước khi gửi").picks("Gửi phản ánh").hears("Mã phản ánh")
    return lan.heard_code()


def urgent(scene, lan, huong):
    code = in_danger(lan)
    huong.picks("Đánh dấu khẩn", of=code)
    assert scene.case(code).case.urgent
    return code


def test_danger_is_proposed_to_the_operators_and_one_tap_accepts(scene, lan, duc, huong):
    huong.listens()
    code = in_danger(lan)
    huong.hears(code, "dấu hiệu nguy hiểm", "1. Đánh dấu khẩn")
    assert scene.state(code) is State.ASSIGNED  # it went to its unit at once: the proposal holds nobody up
    huong.says(f"{code} 1").hears("KHẨN", "báo tình hình cho người dân trước")
    case = scene.case(code).case
    assert case.urgent and case.urgent_due - case.urgent_at == 2 * HOUR


def test_the_danger_words_of_a_category_propose_it_too(scene, lan, duc, huong):
    huong.listens()
    lan.agrees()
    code = in_danger(lan, "Hố tử thần giữa đường")  # of the category of roads (storage/seed/categories.yaml)
    huong.hears(code, "dấu hiệu nguy hiểm", "1. Đánh dấu khẩn")


def test_without_danger_nothing_is_proposed(scene, lan, duc, huong):
    huong.listens()
    lan.reports()
    huong.hears_nothing()


def test_the_one_on_duty_and_the_head_are_called_until_somebody_answers(scene, lan, duc, chi, huong):
    on_duty(scene, duc.says("/viec"))  # by this we know the name
    code = urgent(scene, lan, huong)
    duc.listens()
    assert sweep(scene) == 1
    duc.hears("Việc khẩn, lần gọi 1", "Đức, Chi", code)
    assert sweep(scene) == 0  # not twice for one moment
    assert sweep(scene, minutes=9) == 0
    duc.listens()
    assert sweep(scene, minutes=1) == 1
    duc.hears("lần gọi 2").picks("Đã nhận", of=code)
    duc.hears("Đang xử lý")
    assert sweep(scene, hours=1) == 0
    assert scene.state(code) is State.IN_PROGRESS


def test_who_had_it_already_is_called_and_a_second_one_hears_who_was_quicker(scene, lan, duc, chi, huong):
    on_duty(scene, chi)
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    scene.world.forward(hours=10)
    huong.says(f"/viec {code}").picks("Đánh dấu khẩn", of=code).says("Có người bị điện giật").picks("Xác nhận")
    duc.listens()
    sweep(scene)
    duc.hears("Mời Chi nhận ngay")
    chi.picks("Đã nhận", of=code)
    assert scene.case(code).case.taken_at is not None
    duc.presses(f"d:{scene.case(code).id}:take_call").hears("Chi (UBND phường An Cựu) đã nhận việc khẩn này")
    assert sweep(scene, hours=1) == 0


def test_a_head_who_is_away_is_not_called_but_the_delegate_is(scene, lan, duc, chi, huong):
    delegate = scene.joins("lan-anh", "nhom-an-cuu")
    scene.confirm(delegate, "an-cuu")
    delegate.says("/viec")
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        unit = uow.agencies.by_code("an-cuu").id
        by_name = {row["name"]: row["id"] for row in uow.people.staff(unit)}
        duties = DutyStore(uow)
        duties.leave(by_name["Chi"], now - HOUR, now + 48 * HOUR, now, "cli")
        duties.delegate(by_name["Chi"], by_name["Lan-Anh"], now - HOUR, now + 48 * HOUR, now, "cli")
    urgent(scene, lan, huong)
    duc.listens()
    sweep(scene)
    duc.hears("Mời Lan-Anh nhận ngay").does_not_hear("Chi nhận", "Chi,")


def test_nobody_answers_and_those_above_are_told_again_and_again(scene, lan, duc, huong):
    code = urgent(scene, lan, huong)
    huong.listens()
    for _ in range(3):
        sweep(scene, minutes=10)
    huong.does_not_hear("chưa nhận việc khẩn")
    sweep(scene, minutes=10)
    huong.hears(f"chưa nhận việc khẩn {code} sau 3 lần gọi")
    huong.listens()
    for _ in range(3):
        sweep(scene, minutes=10)
    huong.hears("sau 6 lần gọi")


def test_the_operator_on_duty_is_named_and_the_unit_above_hears(scene, lan, duc, huong):
    with scene.world.store.write() as uow:
        parent = uow.agencies.by_code("so-xay-dung").id
        uow.agencies.change(uow.agencies.by_code("an-cuu").id, parent_id=parent)
    nam = scene.officer("nam", "nhom-so", "so-xay-dung")
    on_duty(scene, huong.says("/viec"), agency=None)
    code = urgent(scene, lan, huong)
    huong.listens()
    nam.listens()
    for _ in range(4):
        sweep(scene, minutes=10)
    huong.hears("Đề nghị Hương liên hệ ngay", code)
    nam.hears("chưa nhận việc khẩn", code)


def test_by_night_and_on_sunday_all_the_same(scene, lan, duc, huong):
    scene.world.clock.at += timedelta(days=6, hours=17)  # Sunday, two at night
    urgent(scene, lan, huong)
    duc.listens()
    assert sweep(scene) == 1
    duc.hears("Việc khẩn, lần gọi 1", "Đơn vị chưa có người trực")


def test_whoever_talks_to_the_bot_alone_is_called_there_too(scene, lan, duc, huong):
    private = scene.alone(duc)
    on_duty(scene, duc)
    code = urgent(scene, lan, huong)
    private.listens()
    sweep(scene)
    private.hears(f"Việc khẩn {code}", "1. Đã nhận").says("1").hears("đã nhận việc khẩn", code)
    assert scene.state(code) is State.IN_PROGRESS
    duc.hears("Đang xử lý")
    assert sweep(scene, hours=1) == 0


def test_a_call_is_answered_alone_only_by_whoever_may_in_the_group(scene, lan, duc, chi, huong):
    code = urgent(scene, lan, huong)
    number = scene.case(code).id
    stranger = scene.citizen("minh").agrees()
    stranger.presses(f"u:{number}").hears("Không nhận được ở đây")
    lan.presses(f"u:{number}").hears("Không nhận được ở đây")
    for data in ("u:99999", "u:x", "u:", "u:1:claim"):
        stranger.presses(data)
    pending = scene.joins("moi", "nhom-an-cuu").says("/viec")
    scene.alone(pending).presses(f"u:{number}").hears("Không nhận được ở đây")
    assert scene.state(code) is State.ASSIGNED
    private = scene.alone(chi)
    duc.picks("Nhận xử lý", of=code)
    private.presses(f"u:{number}").hears("Đức (UBND phường An Cựu) đã nhận việc khẩn này")


# --- word to the citizen -------------------------------------------------------------------------------------------


def test_the_citizen_hears_at_each_turn_until_it_is_safe(scene, lan, duc, huong):
    code = urgent(scene, lan, huong)
    duc.picks("Đã nhận" if scene.case(code).case.claimed_at else "Nhận xử lý", of=code)
    lan.listens()
    duc.picks("Báo tình hình", of=code).hears("Đang đến", "Đã có mặt", "Đã rào chắn")
    duc.picks("Đang đến").hears("Người dân sẽ nhận tin về tình hình", "đang đến hiện trường")
    lan.hears_nothing()
    duc.picks("Gửi")
    lan.hears("báo tình hình về phản ánh khẩn", code, "đang đến hiện trường")
    first = scene.case(code).case
    assert first.urgent_due - first.interim_at == 4 * HOUR
    duc.picks("Báo tình hình", of=code).says("Đã cắt điện đoạn đường, đang nối lại dây").picks("Gửi")
    lan.hears("Đã cắt điện đoạn đường")
    duc.picks("Đã an toàn", of=code).says("Dây đã được thu lại, không còn nguy hiểm").hears("Báo đã an toàn")
    duc.picks("Gửi")
    lan.hears("đã an toàn", "không còn nguy hiểm")
    huong.hears(code, "đã an toàn")
    case = scene.case(code).case
    assert (case.urgent, case.urgent_due, case.state) == (True, None, State.IN_PROGRESS)
    assert sweep(scene, hours=30) == 0


def test_late_word_is_seen_once_by_everybody_who_answers_for_it(scene, lan, duc, chi, huong):
    code = urgent(scene, lan, huong)
    duc.picks("Nhận xử lý", of=code)
    huong.listens()
    duc.listens()
    assert sweep(scene, hours=2, minutes=1) == 1
    duc.hears("quá giờ báo tình hình", "Đề nghị Chi chỉ đạo ngay")
    huong.hears(f"{code}: quá giờ báo tình hình", "KHẨN · quá giờ")
    assert sweep(scene, hours=1) == 0
    huong.listens().says("/viec")
    duc.picks("Báo tình hình", of=code).picks("Đã có mặt").picks("Gửi")
    assert sweep(scene, hours=4, minutes=1) == 1  # the next word is owed, and late, in its turn


def test_a_message_of_two_cases_on_the_list_puts_what_is_urgent_first(scene, lan, duc, huong):
    minh = scene.citizen("minh")
    ordinary = minh.reports()
    code = urgent(scene, lan, huong)
    duc.says("/viec").hears("KHẨN")
    listed = duc.told[-1]
    assert listed.index(code) < listed.index(ordinary)


def test_the_same_at_the_page_of_the_case(scene, lan, duc_at_page, huong):
    officer = duc_at_page
    code = urgent(scene, lan, huong)
    officer.picks("Nhận xử lý", of=code)
    officer.picks("Báo tình hình", of=code).picks("Đang đến").hears("Người dân sẽ nhận tin về tình hình")
    lan.listens()
    officer.picks("Gửi")
    lan.hears("báo tình hình về phản ánh khẩn", "đang đến hiện trường")


# --- faults --------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_four_sweeps_at_once_call_once(scene, lan, duc, huong):
    code = urgent(scene, lan, huong)
    duc.listens()
    at_once(*[partial(call_out, scene.world.tools)] * 4)
    scene.world.settle()
    assert sum("lần gọi 1" in text for text in duc.told) == 1
    assert not any("lần gọi 2" in text for text in duc.told)
    assert scene.case(code).case.urgent


@pytest.mark.both_databases
def test_a_claim_and_a_round_at_once_leave_one_claim_and_no_call_after_it(scene, lan, duc, huong):
    code = urgent(scene, lan, huong)
    scene.world.line(duc.chat, duc.user, name=duc.name, group=True, text=f"{code} 1", settle=False)
    at_once(partial(scene.world.drain.batch, lease=False), partial(call_out, scene.world.tools))
    scene.world.settle()
    assert scene.state(code) is State.IN_PROGRESS
    assert sum("lần gọi" in text for text in duc.told) <= 1
    assert sweep(scene, minutes=20) == 0


def test_killed_between_writing_and_sending_says_it_once(scene, lan, duc, huong):
    urgent(scene, lan, huong)
    duc.listens()
    assert call_out(scene.world.tools) == 1  # written, and the process is gone before anything is sent
    assert call_out(scene.world.tools) == 0
    scene.world.settle()
    assert sum("lần gọi 1" in text for text in duc.told) == 1


# --- what is nobody's business -------------------------------------------------------------------------------------


def test_a_sensitive_case_calls_nobody_and_is_late_for_nobody_else(scene, lan, duc, chi, huong):
    on_duty(scene, duc)
    code = lan.reports("Cán bộ phường vòi vĩnh khi làm giấy tờ", "Sách nhiễu")
    duc.listens()
    chi.listens()
    case = scene.case(code)
    assert case.case.sensitive and case.case.agency_id is None
    huong.says(f"/viec {code}").picks("Đánh dấu khẩn", of=code).says("Có đe dọa").picks("Xác nhận")
    assert scene.case(code).case.urgent
    sweep(scene, minutes=1)
    huong.listens()
    sweep(scene, hours=3)
    duc.hears_nothing()
    chi.hears_nothing()
    huong.hears(f"{code}: quá giờ")


def test_a_plain_reply_to_a_call_stays_inside(scene, lan, duc, huong):
    code = urgent(scene, lan, huong)
    sweep(scene)
    lan.listens()
    duc.says(f"{code} đang họp, mười phút nữa tôi đi")
    assert scene.state(code) is State.ASSIGNED
    lan.hears_nothing()
