"""Who may see what: sensitive reports, other agencies' cases, strangers, and the reporter's identity."""

import pytest

from tests.journeys.scene import LAMP
from workflows.case.model import State


@pytest.fixture
def sensitive(scene, lan, huong, duc):
    """The code of a report about an official's delay (R61)."""
    duc.listens()
    huong.listens()
    code = lan.reports("Hồ sơ đất nộp ba tháng chưa được trả", category="Chậm trễ")
    huong.hears(code, "chỉ Tổ vận hành xem và xử lý")
    duc.hears_nothing()
    return code


def test_a_sensitive_report_is_not_found_by_an_agency(scene, duc, sensitive):
    for attack in (f"/tim {sensitive}", "/tim hồ sơ đất", "/viec", f"/viec {sensitive}", sensitive, f"{sensitive} 1"):
        duc.says(attack).does_not_hear("Hồ sơ đất", "Chậm trễ", "Mới tiếp nhận")
    assert scene.state(sensitive) is State.RECEIVED


@pytest.mark.parametrize("verb", ["claim", "submit_result", "assign", "cancel", "ask", "card", "block", "note"])
def test_forged_buttons_move_no_sensitive_case(scene, duc, sensitive, verb):
    case_id = scene.case(sensitive).id
    duc.presses(f"d:{case_id}:{verb}").does_not_hear("Hồ sơ đất")
    duc.says("lời nào đó").does_not_hear("Hồ sơ đất")
    assert scene.state(sensitive) is State.RECEIVED
    assert scene.case(sensitive).case.agency_id is None


def test_the_operators_cannot_hand_a_sensitive_report_over(scene, huong, duc, sensitive):
    """With no inspection line they keep it: no unit is offered, and a button made by hand leads to none."""
    assert huong.offers("Tổ trực tiếp xử lý") and not huong.offers("Chuyển xử lý")
    with scene.world.store.read() as uow:
        unit = uow.agencies.by_code("an-cuu").id
    huong.presses(f"d:{scene.case(sensitive).id}:assign:{unit}").hears("Đã chuyển xử lý · Tổ vận hành")
    duc.hears_nothing()
    assert scene.case(sensitive).case.agency_id is None


def test_a_category_that_becomes_sensitive_is_taken_away_from_the_agency(scene, lan, huong, duc):
    code = lan.reports()
    duc.listens()
    huong.says(f"/viec {code}").picks("Sửa lĩnh vực", of=code).says("chậm trễ").picks("Chậm trễ")
    duc.does_not_hear("Đèn đường trước số 12")
    duc.says(f"/tim {code}").does_not_hear("Đèn đường")
    assert scene.case(code).case.sensitive


def test_another_agency_sees_nothing_of_a_case(scene, lan, duc):
    huy = scene.officer("huy", "nhom-so-xay-dung", "so-xay-dung")
    code = lan.reports()
    case_id = scene.case(code).id
    for attack in (f"/tim {code}", "/tim đèn đường", "/viec", f"/viec {code}", f"{code} 1", code):
        huy.says(attack).does_not_hear("Đèn đường trước")
    huy.presses(f"d:{case_id}:claim")
    assert scene.state(code) is State.ASSIGNED


def test_a_citizen_cannot_use_the_button_of_another(scene, lan, duc):
    minh = scene.citizen("minh")
    code = lan.reports()
    case_id = scene.case(code).id
    minh.agrees()
    for data in (f"k:{case_id}:withdraw", f"k:{case_id}:rate:1", f"k:{case_id}:show", f"k:{case_id}:answer"):
        minh.presses(data).does_not_hear(code, "Đèn đường")
    minh.says(f"/tracuu {code}").hears("Không thấy mã").does_not_hear("Đèn đường")
    assert scene.state(code) is State.ASSIGNED


def test_a_stranger_in_no_linked_group_is_told_how_to_link(scene, lan, duc):
    code = lan.reports()
    stranger = scene.joins("ai đó", "nhom-la")
    stranger.presses(f"d:{scene.case(code).id}:claim").does_not_hear("Đèn đường")
    stranger.says(f"/tim {code}").does_not_hear("Đèn đường")
    stranger.says("/viec").does_not_hear(code)
    assert scene.state(code) is State.ASSIGNED


def test_a_pending_member_is_refused_until_confirmed(scene, lan, duc):
    code = lan.reports()
    mai = scene.joins("mai", duc.chat)
    mai.says(f"{code} 1").hears("đang chờ lãnh đạo đơn vị hoặc quản trị viên xác nhận")
    assert scene.state(code) is State.ASSIGNED
    scene.confirm(mai, "an-cuu")
    mai.says(f"{code} 1").hears("Đang xử lý", "Mai")


def test_who_left_the_group_is_refused_at_once(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    scene.world.plain.far_end.absent.add((duc.chat, duc.user))
    duc.happens("left")
    duc.picks("Hỏi người dân", of=code).hears("không có trong nhóm này")


def test_who_left_unnoticed_is_refused_when_the_cache_ends(scene, lan, duc):
    code = lan.reports()
    scene.world.plain.far_end.absent.add((duc.chat, duc.user))
    scene.forward(minutes=2)
    duc.picks("Nhận xử lý", of=code).hears("không có trong nhóm này")
    assert scene.state(code) is State.ASSIGNED


def test_of_two_officers_at_once_one_wins_and_the_other_is_told_who(scene, lan, duc):
    code = lan.reports()
    mai = scene.joins("mai", duc.chat)
    scene.confirm(mai, "an-cuu")
    claim = f"d:{scene.case(code).id}:claim"
    duc.presses(claim)
    mai.presses(claim).hears("Đức (UBND phường An Cựu) đã nhận phản ánh này lúc")
    with scene.world.store.read() as uow:
        claims = [one for one in uow.cases.events(scene.case(code).id) if one.action.value == "claim"]
    assert len(claims) == 1


def test_a_plain_answer_to_a_card_is_a_note_that_the_citizen_never_sees(scene, lan, duc):
    code = lan.reports()
    lan.listens()
    duc.says(f"{code} Đã gọi điện lực, họ hẹn chiều mai").hears("đã ghi chú nội bộ", "người dân không thấy")
    lan.hears_nothing()


def test_a_blocked_reporter_is_told_why_and_danger_still_passes(scene, lan, huong, duc):
    code = lan.reports()
    huong.says(f"/chan {code}").hears("Chặn người gửi trong bao lâu").picks("7 ngày")
    lan.listens()
    huong.says("Gửi nhiều tin rác").hears("Người gửi sẽ nhận lý do").picks("Gửi").hears("tạm không gửi được")
    lan.hears("chưa thể gửi phản ánh mới", "Gửi nhiều tin rác")
    lan.says("/phananh").hears("chưa thể gửi phản ánh mới")
    lan.says("Có người bị điện giật, dây điện đứt xuống đường").hears("113", "114", "115")
    lan.does_not_hear("chưa thể gửi")
    scene.forward(days=8)
    lan.says("/huy").says("/phananh").does_not_hear("chưa thể gửi phản ánh mới")
    with scene.world.store.read() as uow:
        assert [record["what"] for record in uow.registers.records("person.blocked", 5)] == ["person.blocked"]


def test_an_agency_cannot_block_anybody(scene, lan, duc):
    code = lan.reports()
    duc.says(f"/chan {code}").does_not_hear("Chặn người gửi trong bao lâu")
    with scene.world.store.read() as uow:
        assert uow.people.blocked(scene.world.clock.now()) == []


def test_an_anonymous_administrator_is_refused(scene, lan, duc):
    code = lan.reports()
    duc.says(f"{code} 1", anonymous=True).hears("tắt chế độ quản trị viên ẩn danh")
    assert scene.state(code) is State.ASSIGNED


def test_a_person_who_is_blocked_by_nobody_may_send_five_and_then_is_told_the_limit(scene, lan, duc):
    limit = scene.world.tools.limits.reports_per_day
    for number in range(limit):
        lan.reports(f"Đèn đường số {number + 1} hỏng")
    lan.says("/phananh").hears(f"đã gửi {limit} phản ánh trong một ngày")
    scene.forward(days=1, minutes=1)
    lan.says("/phananh").does_not_hear("trong một ngày")


def test_a_button_of_last_week_says_so_and_goes_on(scene, lan, duc):
    lan.agrees().sends_photo(LAMP)
    old = "c:1:photo:skip"
    scene.forward(days=8)
    lan.presses(old).hears("Lựa chọn này đã cũ")
