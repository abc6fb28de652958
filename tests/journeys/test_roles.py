"""Roles by person: who names whom in the group, enterprises and their supervisors, agencies above, absent heads."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from handlers import absence
from handlers.case_command import Wanted, move_by_code
from handlers.reminding import remind
from tests.at_once import at_once
from tests.journeys.scene import AFTER
from workflows.actions import Action
from workflows.case.model import State


@pytest.fixture
def province(scene):
    """The department stands above An Cựu ward and supervises the company."""
    with scene.world.store.write() as uow:
        above = uow.agencies.by_code("so-xay-dung").id
        uow.agencies.change(uow.agencies.by_code("an-cuu").id, parent_id=above)
        uow.agencies.supervise(uow.agencies.by_code("moi-truong-do-thi").id, above)
    return above


@pytest.fixture
def thao(scene, province):
    """Head of the department above."""
    one = scene.officer("thảo", "nhom-so", "so-xay-dung")
    scene.confirm(one, "so-xay-dung", role="head")
    return one


@pytest.fixture
def binh(scene, duc):
    """Head of An Cựu ward, where đức is an officer."""
    one = scene.joins("bình", "nhom-an-cuu")
    scene.confirm(one, "an-cuu", role="head")
    return one


def number(scene, someone):
    with scene.world.store.read() as uow:
        return uow.people.duties(uow.people.find(scene.world.name, someone.user).id)[0].id


def by_policy(scene, **values):
    """Cases of this world go by another policy from now on."""
    knowledge = scene.world.tools.knowledge
    plain = type(knowledge).law

    def law(uow, case=None):
        found = plain(knowledge, uow, case)
        return replace(found, policy=replace(found.policy, **values))

    knowledge.law = law


# --- proposals (T6, T7) ---------------------------------------------------------------------------------------------


def test_a_unit_proposes_to_cancel_and_the_operators_decide(scene, lan, duc, huong):
    code = lan.reports()
    huong.says(f"/viec {code}")
    assert not huong.offers("Hủy phản ánh")
    duc.picks("Đề nghị hủy", of=code).hears("vì lý do nào").picks("Ngoài phạm vi").hears("người dân sẽ đọc")
    lan.listens()
    huong.listens()
    duc.says("Đây là đường nội bộ").hears("Nếu Tổ vận hành đồng ý").picks("Xác nhận")
    lan.hears_nothing()
    huong.hears("Đơn vị đề nghị hủy (Ngoài phạm vi)", "đường nội bộ")
    huong.says("/viec").hears(code)
    huong.picks("Hủy phản ánh", of=code).hears("Phản ánh sẽ bị hủy (Ngoài phạm vi)", "đường nội bộ").picks("Gửi")
    lan.hears("Ngoài phạm vi", "đường nội bộ")
    assert scene.state(code) is State.CANCELLED


def test_a_proposal_that_is_refused_is_told_to_the_unit_alone(scene, lan, duc, huong):
    code = lan.reports()
    duc.picks("Đề nghị hủy", of=code).picks("Ngoài phạm vi").says("Đường nội bộ").picks("Xác nhận")
    duc.says(f"/viec {code}").listens()
    assert not duc.offers("Đề nghị hủy")
    lan.listens()
    huong.picks("Không đồng ý", of=code).says("Đường này của phường").picks("Xác nhận")
    duc.hears("không đồng ý với đề nghị", "Đường này của phường")
    lan.hears_nothing()
    assert (scene.state(code), scene.case(code).case.proposal) == (State.ASSIGNED, "")
    huong.says("/viec").does_not_hear(code)


def test_a_unit_proposes_a_merge_and_the_operators_make_it(scene, lan, duc, huong):
    nam = scene.citizen("nam")
    master, code = lan.reports(), nam.reports("Đèn ngõ tôi tắt")
    duc.picks("Đề nghị gộp", of=code).says("PA-2222-2222").hears("Không tìm thấy")
    duc.says(master).hears(f"gộp vào {master}").picks("Xác nhận")
    huong.says(f"/viec {code}").hears(f"Đơn vị đề nghị gộp vào {master}")
    huong.picks("Gộp phản ánh", of=code).hears(f"Gộp vào {master}").picks("Xác nhận")
    nam.hears("được gộp với phản ánh", master)
    assert scene.state(code) is State.MERGED


def test_what_waits_for_the_operators_is_on_their_list(scene, lan, duc, huong):
    code = lan.reports()
    huong.says("/viec").does_not_hear(code)
    due = scene.case(code).case.resolve_due
    duc.picks("Nhận xử lý", of=code).picks("Xin gia hạn", of=code).says(f"{due + timedelta(days=9):%d/%m/%Y}")
    duc.says("12/BC")
    if duc.offers("Chờ nơi khác"):
        duc.picks("Chờ nơi khác")
    duc.says("Chờ vật tư").picks("Xác nhận")
    huong.says("/viec").hears(code)


# --- enterprises ------------------------------------------------------------------------------------------------------


def test_an_enterprises_result_waits_for_its_supervisor(scene, lan, thao, huong):
    by_policy(scene, enterprise_check="supervisor")
    long = scene.officer("long", "nhom-cong-ty", "moi-truong-do-thi")
    thao.listens()
    code = lan.reports("Rác đổ trộm đã ba ngày, bốc mùi", "Rác thải")
    thao.hears(code, "đã được giao cho Công ty Môi trường", "duyệt kết quả")
    long.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code)
    thao.listens()
    lan.listens()
    long.picks("Đã khắc phục").sends_photo(AFTER, "Đã dọn sạch").picks("Gửi")
    lan.hears_nothing()
    assert scene.state(code) is State.RESULT_SUBMITTED
    thao.hears("Chờ duyệt kết quả", "Đã dọn sạch")
    thao.picks("Trả lại kết quả", of=code).says("Ảnh chưa rõ").picks("Xác nhận")
    long.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã dọn sạch, chụp lại").picks("Gửi")
    thao.picks("Duyệt kết quả", of=code).picks("Đúng câu hỏi").picks("Xác nhận")
    lan.hears("đã xử lý xong", "chụp lại")
    event = _last(scene, code, "accept_result")
    assert (event.role.value, event.agency_id) == ("supervisor", scene.case(code).case.supervisor_id)


def _last(scene, code, action):
    with scene.world.store.read() as uow:
        events = uow.cases.events(uow.cases.by_code(code).id)
    return next(event for event in reversed(events) if event.action.value == action)


# --- above ------------------------------------------------------------------------------------------------------------


def test_an_agency_above_sees_and_gives_out_its_units_cases_and_nothing_sensitive(scene, lan, duc, binh, thao, huong):
    code = lan.reports()
    thao.says("/viec").hears(code, "↳ UBND phường An Cựu")
    thao.says("/tim đèn đường").hears(code)
    thao.says(f"/viec {code}").hears("Đèn đường")
    assert thao.offers("Giao cấp dưới")
    assert not thao.offers("Nhận xử lý")
    assert not thao.offers("Đề nghị hủy")
    thao.listens()
    duc.says("/viec").hears(code).picks("Nhận xử lý", of=code)
    thao.hears("Đang xử lý", "Đức")  # the card that was asked for goes along
    made = move_by_code(scene.world.tools, code, Wanted(Action.SET_SENSITIVE, text="về cán bộ"), dry_run=False)
    assert made.refusal is None
    scene.world.settle()
    thao.says("/viec").does_not_hear(code)
    thao.says("/tim đèn đường").does_not_hear(code)
    thao.says(f"/viec {code}").does_not_hear("Đèn đường")


def test_more_time_is_granted_by_the_head_of_the_level_above(scene, lan, duc, thao, huong):
    code = lan.reports()
    due = scene.case(code).case.resolve_due
    thao.listens()
    duc.picks("Nhận xử lý", of=code).picks("Xin gia hạn", of=code).says(f"{due + timedelta(days=9):%d/%m/%Y}")
    duc.says("12/BC")
    if duc.offers("Chờ nơi khác"):
        duc.picks("Chờ nơi khác")
    duc.says("Chờ vật tư").picks("Xác nhận")
    thao.hears("xin gia hạn", code)
    thao.says(f"/viec {code}").picks("Đồng ý gia hạn", of=code).picks("Xác nhận")
    lan.hears("cần thêm thời gian")
    huong.listens().picks("Đồng ý gia hạn", of=code).does_not_hear("Người dân sẽ nhận ngay")
    assert (scene.state(code), _last(scene, code, "grant_extension").role.value) == (State.SCHEDULED, "head")


def test_another_agency_beside_sees_nothing(scene, lan, thao):
    other = scene.officer("tú", "nhom-thuan-hoa", "thuan-hoa")
    code = lan.reports()
    other.says("/viec").does_not_hear(code)
    other.says(f"/viec {code}").does_not_hear("Đèn đường")
    other.says("/tim đèn").does_not_hear(code)


# --- delegates, days away -------------------------------------------------------------------------------------------


def test_the_head_confirms_names_and_delegates_in_the_group(scene, duc, binh):
    mai = scene.joins("mai", "nhom-an-cuu")
    mai.says("/viec").hears("đang chờ lãnh đạo")
    duc.says("/canbo").hears("Đức", "Mai", "chờ xác nhận", "Lãnh đạo đơn vị gõ /canbo")
    binh.says("/canbo").hears("Mời chọn một người").picks("Mai").picks("Xác nhận cán bộ").hears("đã được xác nhận")
    mai.says("/viec").does_not_hear("đang chờ lãnh đạo")
    binh.says("/canbo").picks("Mai").picks("Đặt làm đầu mối").hears("là đầu mối")
    binh.says("/canbo").hears("đầu mối").picks("Đức").picks("Ủy quyền").hears("trong bao lâu").picks("3 ngày")
    binh.hears("được ủy quyền của lãnh đạo")
    binh.says("/canbo").hears("được ủy quyền đến hết")
    with scene.world.store.read() as uow:
        [record] = uow.registers.records("staff.delegated", 5)
    assert record["actor"].startswith("person:")


def test_days_that_follow_each_other_are_delegated_one_by_one_and_what_is_to_come_can_be_ended(scene, duc, binh):
    its = number(scene, duc)
    binh.says(f"/canbo {its} 1/12/2026 2/12/2026").hears("được ủy quyền")
    binh.says(f"/canbo {its} 2/12/2026 4/12/2026").hears("đã ủy quyền cho người này")
    binh.says(f"/canbo {its} 3/12/2026 4/12/2026").hears("được ủy quyền")
    binh.says(f"/canbo {its}").picks("Thôi ủy quyền").hears("Đã thôi ủy quyền")
    binh.says(f"/canbo {its}").does_not_hear("được ủy quyền từ")
    assert not binh.offers("Thôi ủy quyền")


@pytest.mark.parametrize("days", ["1/1/0001 5/1/0001", "1/1/0001 31/12/9998"])
def test_days_long_gone_are_refused(scene, duc, binh, days):
    binh.says(f"/canbo {number(scene, duc)} {days}").hears("Chưa ghi được")


def test_only_the_head_names_anybody_and_only_in_their_own_unit(scene, duc, binh, thao):
    duc.says(f"/canbo {number(scene, binh)}").hears("do lãnh đạo đơn vị quyết định")
    duc.presses(f"n:{number(scene, duc)}:focal").hears("do lãnh đạo đơn vị quyết định")
    duc.presses(f"n:{number(scene, binh)}:leave:3").does_not_hear("vắng từ")
    binh.presses(f"n:{number(scene, thao)}:focal").does_not_hear("là đầu mối")
    binh.says("/canbo 999").hears("không có cán bộ mang số này")
    binh.says(f"/canbo {number(scene, duc)} hôm qua").hears("Mời gõ /canbo kèm số")
    binh.says(f"/canbo {number(scene, duc)} 5/12 1/12").hears("Chưa ghi được")


def test_a_delegate_acts_as_head_on_the_days_named_and_not_before_or_after(scene, lan, duc, binh, huong):
    by_policy(scene, result_check="head", transfer_by_focal=False)
    first = (scene.world.clock.now() + timedelta(days=2)).date()
    last = first + timedelta(days=1)
    binh.says(f"/canbo {number(scene, duc)} {first:%d/%m/%Y} {last:%d/%m/%Y}").hears("được ủy quyền")
    binh.says("/canbo").hears("được ủy quyền từ", f"{first:%d/%m/%Y} đến hết")
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục")
    duc.sends_photo(AFTER, "Đã thay bóng").picks("Gửi")
    duc.picks("Duyệt kết quả", of=code).hears("người có trách nhiệm khác")
    assert scene.state(code) is State.RESULT_SUBMITTED
    scene.forward(days=2)
    duc.says(f"/viec {code}").picks("Duyệt kết quả", of=code).picks("Đúng câu hỏi").picks("Xác nhận")
    event = _last(scene, code, "accept_result")
    assert (scene.state(code), event.role.value) == (State.RESOLVED, "head")
    scene.forward(days=3)
    lan.says(f"/tracuu {code}").picks("Chưa giải quyết").says("Vẫn tối")
    duc.says(f"/viec {code}").picks("Xử lý lại", of=code).hears("Chỉ cán bộ có trách nhiệm")
    binh.says(f"/viec {code}").picks("Xử lý lại", of=code)
    assert scene.state(code) is State.IN_PROGRESS


def test_a_head_away_with_no_delegate_is_told_of_and_the_level_above_acts(scene, lan, duc, binh, thao, huong):
    by_policy(scene, result_check="head")
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục")
    duc.sends_photo(AFTER, "Đã thay bóng").picks("Gửi")
    thao.says(f"/viec {code}")
    assert not thao.offers("Duyệt kết quả")
    binh.says(f"/canbo {number(scene, binh)}").picks("Báo vắng").picks("1 tuần").hears("Chưa ai được ủy quyền")
    thao.listens()
    assert absence.watch(scene.world.tools) == 1
    scene.world.settle()
    thao.hears("Lãnh đạo UBND phường An Cựu đang vắng", "do lãnh đạo Sở Xây dựng quyết định")
    scene.forward(hours=1)
    assert absence.watch(scene.world.tools) == 0
    thao.says(f"/viec {code}").picks("Duyệt kết quả", of=code).picks("Đúng câu hỏi").picks("Xác nhận")
    event = _last(scene, code, "accept_result")
    assert (scene.state(code), event.role.value, event.agency_id) == (State.RESOLVED, "head", _id(scene, "so-xay-dung"))
    binh.says("/canbo").picks("Bình").picks("Đã trở lại").hears("đã trở lại")


def test_a_head_who_is_back_early_simply_acts(scene, lan, duc, binh):
    by_policy(scene, result_check="head")
    binh.says(f"/canbo {number(scene, binh)}").picks("Báo vắng").picks("1 tuần")
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục")
    duc.sends_photo(AFTER, "Đã thay bóng").picks("Gửi")
    binh.says(f"/viec {code}").picks("Duyệt kết quả", of=code).picks("Đúng câu hỏi").picks("Xác nhận")
    assert scene.state(code) is State.RESOLVED


def test_without_anybody_above_the_operators_are_told(scene, duc, binh, huong):
    binh.says(f"/canbo {number(scene, binh)}").picks("Báo vắng").picks("3 ngày")
    huong.listens()
    assert absence.watch(scene.world.tools) == 1
    scene.world.settle()
    huong.hears("Lãnh đạo UBND phường An Cựu đang vắng", "Chưa có cấp trên nào")


def _id(scene, code):
    with scene.world.store.read() as uow:
        return uow.agencies.by_code(code).id


def test_named_focal_officers_where_the_policy_wants_them_named(scene, lan, duc, binh):
    by_policy(scene, focal_officers="named")
    code = lan.reports()
    duc.picks("Đề nghị gộp", of=code).hears("người có trách nhiệm khác")
    binh.says("/canbo").picks("Đức").picks("Đặt làm đầu mối")
    duc.says(f"/viec {code}").picks("Đề nghị gộp", of=code).hears("Mời gõ mã phản ánh")


# --- at once ----------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_proposal_taken_up_a_result_and_a_sweep_at_once_leave_one_end(scene, lan, duc, huong):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    duc.picks("Đề nghị hủy", of=code).picks("Ngoài phạm vi").says("Đường nội bộ").picks("Xác nhận")
    huong.picks("Hủy phản ánh", of=code)
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng")
    for one in (huong, duc):
        one.says(one.choice("Gửi"), settle=False)
    world = scene.world
    at_once(world.batch, world.batch, partial(absence.watch, world.tools), partial(remind, world.tools))
    world.settle()
    case = scene.case(code).case
    assert case.state in (State.CANCELLED, State.RESOLVED)
    assert case.proposal == ""
    by_operator = case.state is State.CANCELLED
    winner = "Hương (Tổ vận hành)" if by_operator else "Đức (UBND phường An Cựu)"
    loser = duc if by_operator else huong
    loser.hears("Nội dung vừa soạn chưa được gửi.", f"{code} nay ở bước", f"{winner} thực hiện lúc")
    with world.store.read() as uow:
        ends = [event for event in uow.cases.events(uow.cases.by_code(code).id) if event.move in ("T6", "T19")]
    assert len(ends) == 1


@pytest.mark.both_databases
def test_two_heads_and_a_delegation_that_ends_decide_once(scene, lan, duc, binh):
    by_policy(scene, result_check="head")
    today = scene.world.clock.now().date()
    binh.says(f"/canbo {number(scene, duc)} {today:%d/%m/%Y}").hears("được ủy quyền")
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục")
    duc.sends_photo(AFTER, "Đã thay bóng").picks("Gửi")
    duc.says(f"/viec {code}").picks("Duyệt kết quả", of=code).picks("Đúng câu hỏi")
    binh.says(f"/viec {code}").picks("Duyệt kết quả", of=code).picks("Đúng câu hỏi")
    for one in (duc, binh):
        one.says(one.choice("Xác nhận"), settle=False)
    at_once(scene.world.batch, scene.world.batch)
    scene.world.settle()
    assert scene.state(code) is State.RESOLVED
    scene.forward(days=1)
    duc.says(f"/viec {code}")
    duc.says("1")
    with scene.world.store.read() as uow:
        events = uow.cases.events(uow.cases.by_code(code).id)
    assert [event.action.value for event in events].count("accept_result") == 1
