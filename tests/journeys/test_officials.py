"""Reports about what officials do: a calm question, one line that reads them, and every other door shut (R61)."""

from datetime import timedelta

import pytest

from handlers.areas import retire_area
from tests.journeys.attacks import Secret, attack, days_go_by, never_told
from tests.journeys.page import LINK
from tests.journeys.scene import ADDRESS, LAMP
from workflows.case.model import Role, State

WORDS = "Hồ sơ đất nộp ba tháng, cán bộ hẹn mãi không trả"
PARTS = ("Hồ sơ đất", "hẹn mãi", "Chậm trễ", "Nguyễn Huệ")


def make_line(scene, code="thanh-tra", vi="Thanh tra thành phố", parent=None):
    """As ``agencies add --kind inspection`` does."""
    with scene.world.store.write() as uow:
        above = uow.agencies.by_code(parent).id if parent else None
        made = uow.agencies.add(code, vi, vi, "inspection", above, vi.casefold(), scene.world.clock.now())
    scene.world.tools.knowledge.forget()
    return made


@pytest.fixture
def line(scene):
    """The inspection line's id."""
    return make_line(scene)


@pytest.fixture
def thu(scene, line):
    """An inspector, in the line's group."""
    return scene.officer("thu", "nhom-thanh-tra", "thanh-tra")


def secret_of(scene, code, **more):
    return Secret(code, scene.case(code).id, PARTS, "hồ sơ đất", **more)


# --- the citizen ------------------------------------------------------------------------------------------------------


def test_words_about_officials_lead_to_one_calm_question_and_who_will_see_it(scene, lan, thu, huong, duc):
    lan.agrees().says("/phananh").sends_photo(LAMP, WORDS).says(ADDRESS).says("Đất đai").picks("Đất đai")
    lan.hears("Phản ánh này có nói về việc làm của cán bộ, cơ quan nhà nước không?", "chỉ bộ phận thanh tra được xem")
    lan.does_not_hear("tố cáo")
    lan.says("1").hears("Chỉ bộ phận thanh tra xem và xử lý phản ánh này", "Phản ánh nói về đơn vị nào?", "Không rõ")
    lan.picks("UBND phường An Cựu").hears("xem lại trước khi gửi", "🔒 Về việc làm của cán bộ", "UBND phường An Cựu")
    duc.listens()
    huong.listens()
    lan.picks("Gửi phản ánh").hears("Mã phản ánh", "Thanh tra thành phố")
    thu.hears("Hồ sơ đất", "Nói về: UBND phường An Cựu", "chỉ bộ phận thanh tra xem và xử lý")
    duc.hears_nothing()
    huong.hears_nothing()


def test_a_no_keeps_it_ordinary(scene, lan, thu, duc):
    thu.listens()
    code = lan.reports("Cán bộ phường hẹn mãi chưa thay bóng đèn", officials="Không")
    assert not scene.case(code).case.sensitive
    duc.hears(code, "hẹn mãi chưa thay")
    thu.hears_nothing()


def test_ordinary_words_are_not_asked(scene, lan, duc):
    lan.reports()
    assert not any("việc làm của cán bộ, cơ quan" in text for text in lan.told)


def test_the_answer_is_changed_at_the_review_by_one_tap(scene, lan, thu, duc):
    lan.agrees().says("/phananh").sends_photo(LAMP, WORDS).says(ADDRESS).says("Đất đai").picks("Đất đai").picks("Có")
    lan.picks("Không rõ").hears("🔒").picks("Đổi người xem").hears("có nói về việc làm").picks("Không")
    lan.hears("Không nói về việc làm của cán bộ").does_not_hear("🔒").picks("Gửi phản ánh")


def test_who_chose_the_field_of_officials_but_says_no_is_looked_at_by_an_operator_first(scene, lan, thu, huong, duc):
    for one in (duc, thu):
        one.listens()
    code = lan.reports("Giờ làm việc một cửa thế nào?", category="Thái độ phục vụ", officials="Không")
    assert scene.state(code) is State.RECEIVED
    huong.hears(code)
    duc.hears_nothing()
    thu.hears_nothing()


def test_a_unit_may_be_typed_and_what_we_do_not_know_is_kept_as_written(scene, lan, thu):
    lan.agrees().says("/phananh").sends_photo(LAMP, WORDS).says(ADDRESS).says("Đất đai").picks("Đất đai").picks("Có")
    lan.says("Trạm y tế Hương Hồ").hears("Đã ghi tên đơn vị: “Trạm y tế Hương Hồ”").picks("Gửi phản ánh")
    thu.hears("Nói về: Trạm y tế Hương Hồ")


def test_a_typed_name_that_fits_units_we_know_is_offered(scene, lan, thu):
    lan.agrees().says("/phananh").sends_photo(LAMP, WORDS).says(ADDRESS).says("Đất đai").picks("Đất đai").picks("Có")
    lan.says("an cuu").hears("muốn nói đơn vị nào", "UBND phường An Cựu").picks("UBND phường An Cựu")
    lan.hears("Đơn vị được nói đến: UBND phường An Cựu")


def test_more_words_at_the_question_are_kept_and_nonsense_asks_again(scene, lan, thu):
    lan.agrees().says("/phananh").sends_photo(LAMP, WORDS).says(ADDRESS).says("Đất đai").picks("Đất đai")
    lan.says("ừm").hears("Phản ánh này có nói về")
    lan.says("Lần nào lên cũng bảo tuần sau quay lại").hears("Phản ánh này có nói về").says("có")
    lan.says("x" * 200).hears("tối đa 100 ký tự").picks("Không rõ").hears("Lần nào lên cũng bảo")


def test_in_english_and_the_line_reads_its_own_language(scene, lan, thu):
    lan.agrees().says("/lang").picks("English").says("/report").sends_photo(LAMP, "The official was rude to my father")
    lan.says(ADDRESS)
    lan.says("land").picks("Land") if not lan.offers("Yes") else None
    lan.hears("Is this report about what officials or a public body did?", "only the inspection unit will see it")
    lan.says("yes").hears("Only the inspection unit sees and handles this report").says("I do not know")
    lan.hears("🔒 About what officials did").says("1").hears("PA-")
    thu.hears("The official was rude", "chỉ bộ phận thanh tra xem và xử lý")


def test_its_sender_cannot_be_pressed_to_take_it_back(scene, lan, thu):
    code = lan.reports(WORDS, category="Chậm trễ")
    lan.presses(f"k:{scene.case(code).id}:withdraw")
    assert scene.state(code) is State.ASSIGNED


def test_words_about_officials_in_an_ordinary_case_are_told_where_they_are_not_seen(scene, lan, thu, duc):
    code = lan.reports()
    lan.says(f"/tracuu {code}").picks("Nhắn thêm").says("Cán bộ phường thái độ hách dịch khi tôi hỏi")
    lan.hears("mời gửi thành phản ánh mới", "đơn vị được nói đến sẽ không thấy")
    lan.says(f"/tracuu {code}").picks("Nhắn thêm").says("Bóng thứ hai cũng tắt")
    lan.does_not_hear("phản ánh mới")
    about = lan.reports(WORDS, category="Chậm trễ")
    lan.says(f"/tracuu {about}").picks("Nhắn thêm").says("Cán bộ lại hẹn mãi").does_not_hear("mời gửi thành")
    thu.hears("Cán bộ lại hẹn mãi")


# --- the inspection line ----------------------------------------------------------------------------------------------


def test_the_line_handles_it_with_the_ordinary_moves(scene, lan, thu, huong, duc):
    code = lan.reports(WORDS, category="Chậm trễ", unit="UBND phường An Cựu")
    huong.listens()
    duc.listens()
    thu.picks("Nhận xử lý", of=code).hears("Đang xử lý", "Thu")
    thu.picks("Hỏi người dân", of=code).says("Hồ sơ nộp ngày nào?").picks("Gửi")
    lan.hears("Hồ sơ nộp ngày nào?").says("Ngày 12/8")
    thu.hears("Ngày 12/8").picks("Báo kết quả", of=code).picks("Đã giải thích")
    lan.listens()
    thu.says("Đã yêu cầu trả hồ sơ trong tuần này.").picks("Gửi")
    lan.hears("Thanh tra thành phố đã trả lời", "trong tuần này").picks("Hài lòng")
    assert scene.state(code) is State.CLOSED
    huong.hears_nothing()
    duc.hears_nothing()
    with scene.world.store.read() as uow:
        roles = {event.role for event in uow.cases.events(scene.case(code).id) if event.person_id}
    assert roles == {Role.CITIZEN, Role.INSPECTION}


def test_a_line_also_answers_for_ordinary_cases_that_it_is_given(scene, lan, thu, huong, duc):
    code = lan.reports()
    huong.says(f"/viec {code}")
    thu.says(f"{code} 1").does_not_hear("Đang xử lý")


def test_a_line_without_a_group_leaks_nothing_to_the_operators(scene, line, lan, huong, duc):
    code = lan.reports(WORDS, category="Chậm trễ")
    assert scene.case(code).case.agency_id == line
    lan.says(f"/tracuu {code}").hears("Thanh tra thành phố")
    never_told(scene, huong.chat, *PARTS)


def test_an_ordinary_case_is_not_offered_to_the_line(scene, lan, thu, huong, duc):
    code = lan.reports()
    duc.says(f"/viec {code}").picks("Chuyển cơ quan khác", of=code).hears("Sở Xây dựng").does_not_hear("Thanh tra")
    duc.says("thanh tra").does_not_hear("Thanh tra thành phố")


def test_two_lines_the_operators_choose_and_see_only_that_it_is_there(scene, lan, thu, huong, duc):
    make_line(scene, "thanh-tra-so", "Thanh tra sở")
    hai = scene.officer("hải", "nhom-thanh-tra-so", "thanh-tra-so")
    huong.listens()
    code = lan.reports(WORDS, category="Chậm trễ")
    huong.hears(f"🔒 {code}", "chưa giao bộ phận thanh tra", "Nội dung chỉ bộ phận thanh tra được xem")
    huong.says("/viec").hears(code, "🔒")
    huong.picks("Chuyển xử lý", of=code).hears("Thanh tra sở", "Thanh tra thành phố").does_not_hear("An Cựu")
    huong.picks("Thanh tra sở")
    hai.hears("Hồ sơ đất")
    never_told(scene, huong.chat, *PARTS)
    never_told(scene, thu.chat, *PARTS)
    huong.says(f"/viec {code}").does_not_hear("🔒")


def test_a_line_under_the_unit_that_it_is_about_never_gets_it(scene, lan, huong, duc):
    make_line(scene, "thanh-tra-phuong", "Thanh tra phường", parent="an-cuu")
    inside = scene.officer("bình", "nhom-thanh-tra-phuong", "thanh-tra-phuong")
    code = lan.reports(WORDS, category="Chậm trễ", unit="UBND phường An Cựu")
    assert scene.case(code).case.agency_id is None
    huong.hears(code, "chưa giao").picks("Chuyển xử lý", of=code).does_not_hear("Thanh tra phường")
    inside.hears_nothing()
    never_told(scene, inside.chat, *PARTS)


def test_naming_the_unit_takes_the_case_from_it(scene, lan, thu, huong):
    code = lan.reports(WORDS, category="Chậm trễ")
    thu.picks("Đơn vị nói đến", of=code).says("thanh tra").picks("Thanh tra thành phố")
    assert scene.case(code).case.agency_id is None
    thu.hears(f"{code}: phản ánh không còn do đơn vị xử lý")
    huong.hears(code, "chưa giao bộ phận thanh tra")
    never_told(scene, huong.chat, *PARTS)


# --- found out later --------------------------------------------------------------------------------------------------


def test_found_out_later_it_leaves_the_unit_without_a_trace_to_come(scene, lan, thu, huong, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    duc.listens()
    lan.listens()
    huong.says(f"/viec {code}").picks("Sửa lĩnh vực", of=code).says("chậm trễ").picks("Chậm trễ")
    duc.hears(f"{code}: phản ánh không còn do đơn vị xử lý").does_not_hear("Đèn đường", "Thanh tra")
    thu.hears(code, "Đèn đường")
    lan.hears("từ nay chỉ bộ phận thanh tra xem")
    assert scene.case(code).case.holder_id is None


def test_a_route_of_what_the_area_has_become_leads_to_the_line(scene, lan, thu, line, huong, duc):
    make_line(scene, "thanh-tra-so", "Thanh tra sở")
    code = lan.reports()
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        retire_area(uow, "an-cuu", now, ["thuan-hoa"], now)
        uow.agencies.add_route(None, "thuan-hoa", line)
    scene.world.tools.knowledge.forget()
    huong.says(f"/viec {code}").picks("Sửa lĩnh vực", of=code).says("chậm trễ").picks("Chậm trễ")
    thu.hears(code, "Đèn đường")
    assert scene.case(code).case.agency_id == line


def test_found_not_to_be_it_comes_back_with_a_reason(scene, lan, thu, huong, duc):
    code = lan.reports("Cán bộ hẹn mãi, đèn vẫn hỏng", officials="Có")
    thu.picks("Không về cán bộ", of=code).says("Nội dung là đèn hỏng").picks("Xác nhận")
    lan.hears("được xử lý như phản ánh khác")
    huong.hears(code, "đèn vẫn hỏng")
    assert not scene.case(code).case.sensitive


def test_another_field_does_not_open_it(scene, lan, thu, huong, duc):
    code = lan.reports(WORDS, category="Chậm trễ")
    thu.picks("Sửa lĩnh vực", of=code).says("chiếu sáng").picks("Chiếu sáng")
    case = scene.case(code).case
    assert (case.category, case.sensitive, case.sealed) == ("lighting", True, True)
    never_told(scene, huong.chat, "Hồ sơ đất")


def test_an_officer_of_a_unit_cannot_hide_a_case_that_way(scene, lan, thu, huong, duc):
    code = lan.reports()
    duc.picks("Sửa lĩnh vực", of=code).says("chậm trễ").picks("Chậm trễ").hears("chỉ Tổ vận hành mới chọn được")
    assert not scene.case(code).case.sensitive


def test_merged_cases_go_together(scene, lan, thu, huong, duc):
    first, second = lan.reports(), lan.reports("Đèn đường số 14 cũng hỏng")
    huong.says(f"/viec {second}").picks("Gộp", of=second).says(first).picks("Xác nhận")
    assert scene.state(second) is State.MERGED
    duc.listens()
    huong.says(f"/viec {first}").picks("Sửa lĩnh vực", of=first).says("chậm trễ").picks("Chậm trễ")
    assert [scene.case(one).case.sensitive for one in (first, second)] == [True, True]
    duc.says(f"/viec {second}").does_not_hear("số 14")


# --- every door -------------------------------------------------------------------------------------------------------


@pytest.fixture
def code(scene, lan, thu, huong, duc):
    """The code of a report about An Cựu ward, with the line."""
    return lan.reports(WORDS, category="Chậm trễ", unit="UBND phường An Cựu")


def test_the_accused_unit_gets_in_by_no_door(scene, code, duc):
    duc.listens()
    attack(scene, duc, secret_of(scene, code))
    never_told(scene, duc.chat, *PARTS)


def test_the_operators_get_in_by_no_door(scene, code, huong):
    huong.listens()
    attack(scene, huong, secret_of(scene, code))
    never_told(scene, huong.chat, *PARTS)


def test_another_agency_and_a_strange_group_get_in_by_no_door(scene, code):
    huy = scene.officer("huy", "nhom-so-xay-dung", "so-xay-dung").listens()
    attack(scene, huy, secret_of(scene, code))
    never_told(scene, huy.chat, *PARTS)
    stranger = scene.joins("ai đó", "nhom-la")
    stranger.says("chào").listens()
    attack(scene, stranger, secret_of(scene, code))


def test_whoever_stands_above_the_line_and_the_unit_gets_in_by_no_door(scene, code):
    with scene.world.store.write() as uow:
        now = scene.world.clock.now()
        above = uow.agencies.add("ubnd-tinh", "UBND tỉnh", "Province", "agency", None, "ubnd tinh", now)
        for unit in ("an-cuu", "thanh-tra"):
            uow.agencies.change(uow.agencies.by_code(unit).id, parent_id=above)
    scene.world.tools.knowledge.forget()
    an = scene.officer("an", "nhom-ubnd-tinh", "ubnd-tinh").listens()
    scene.confirm(an, "ubnd-tinh", role="head")
    attack(scene, an, secret_of(scene, code))
    never_told(scene, an.chat, *PARTS)


def test_a_strange_citizen_gets_in_by_no_door(scene, code):
    minh = scene.citizen("minh").agrees().listens()
    attack(scene, minh, secret_of(scene, code))


def test_somebody_of_the_unit_who_is_also_in_the_lines_group_is_told_nothing_that_they_ask_for(scene, code, thu):
    nam = scene.joins("nam", thu.chat)
    scene.confirm(nam, "thanh-tra")
    scene.confirm(nam, "an-cuu")
    nam.says(f"/viec {code}").does_not_hear(*PARTS)
    nam.says("/tim hồ sơ đất").does_not_hear(*PARTS, code)
    nam.says("/viec").does_not_hear(code)
    nam.presses(f"d:{scene.case(code).id}:claim").does_not_hear(*PARTS)
    assert scene.state(code) is State.ASSIGNED
    thu.says("/viec").hears(code)


def test_no_page_opens_it_for_anybody(scene, site, code, duc, thu, huong):
    case_id = scene.case(code).id
    with scene.world.store.read() as uow:
        chats = [uow.chats.find("plain", one.chat).id for one in (duc, thu, huong)]
    for chat in chats:
        site.visits(site.pages.case_address(chat, case_id, timedelta(days=1))).reads("Liên kết không còn dùng được")
    assert not [text for one in (duc, thu, huong) for text in one.told if code in text and LINK.search(text)]


def test_an_officer_of_the_unit_may_report_and_follow_their_own_case(scene, thu, duc):
    own = scene.citizen("đức-riêng")
    own.user = duc.user
    code = own.reports(WORDS, category="Chậm trễ", unit="UBND phường An Cựu")
    own.says(f"/tracuu {code}").hears(code, "Thanh tra thành phố")
    attack(scene, duc.listens(), secret_of(scene, code))


def test_of_its_own_accord_the_bot_tells_nobody_but_the_line(scene, lan, thu, huong, duc):
    """Mornings, reminders, a call-out: the unit does not even hear the code; the line does."""
    code = lan.reports(WORDS, category="Chậm trễ", unit="UBND phường An Cựu")
    thu.picks("Đánh dấu khẩn", of=code)
    if "Xác nhận" in thu.told[-1]:
        thu.says("Người dân cần gấp").picks("Xác nhận")
    for one in (duc, huong, thu):
        one.listens()
    days_go_by(scene)
    duc.does_not_hear(code, *PARTS)
    huong.does_not_hear(*PARTS)
    thu.hears(code)


def test_the_operators_are_reminded_of_what_waits_for_them_and_of_no_more(scene, lan, thu, huong, duc):
    make_line(scene, "thanh-tra-so", "Thanh tra sở")
    code = lan.reports(WORDS, category="Chậm trễ")
    huong.listens()
    days_go_by(scene, 4)
    huong.hears(code).does_not_hear(*PARTS)
    duc.listens()
    never_told(scene, huong.chat, *PARTS)
    never_told(scene, duc.chat, code)


def test_who_helped_or_supervised_loses_it_with_the_unit(scene, lan, thu, huong, duc):
    huy = scene.officer("huy", "nhom-so-xay-dung", "so-xay-dung")
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Nhờ phối hợp", of=code).says("xây dựng").picks("Sở Xây dựng")
    duc.says("25/12").says("Nhờ kiểm tra cột").picks("Xác nhận")
    huy.hears(code, "Đèn đường")
    huy.listens()
    huong.says(f"/viec {code}").picks("Sửa lĩnh vực", of=code).says("chậm trễ").picks("Chậm trễ")
    huy.hears(f"{code}: phản ánh không còn do đơn vị xử lý").does_not_hear("Đèn đường")
    attack(scene, huy.listens(), Secret(code, scene.case(code).id, ("Đèn đường", "Chậm trễ"), "đèn đường"))


def test_what_a_unit_proposed_is_not_shown_to_the_line(scene, lan, thu, huong, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Chuyển cơ quan khác", of=code).picks("Công an tỉnh")
    duc.picks("Lý do khác").says("Việc này không phải của chúng tôi").picks("Xác nhận")
    thu.listens()
    huong.says(f"/viec {code}").picks("Sửa lĩnh vực", of=code).says("chậm trễ").picks("Chậm trễ")
    thu.hears(code).does_not_hear("không phải của chúng tôi", "Công an")


def test_doors_find_what_is_not_secret(scene, lan, duc):
    """The attack itself can fail: on an ordinary case the same doors tell."""
    code = lan.reports()
    with pytest.raises(AssertionError):
        attack(scene, duc.listens(), Secret(code, scene.case(code).id, ("Đèn đường",), "đèn đường"))
