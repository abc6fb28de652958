"""The law of a case on the whole road: more time, merging, going outside, appeal, taking in again, and messages."""

from datetime import timedelta

import pytest

from tests.journeys.scene import AFTER
from workflows.case.model import State


@pytest.fixture
def leader(scene, huong):
    """Named head of the operations team: the leader."""
    one = scene.joins("quang", "nhom-van-hanh")
    scene.confirm(one, None, role="head")
    return one


def taken(lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).hears("Đang xử lý")
    return code


def resolved(lan, duc):
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng đèn").picks("Gửi")
    lan.hears("đã xử lý xong")
    return code


# --- more time (T16, T17, R15) ---------------------------------------------------------------------------------


def test_more_time_is_asked_for_granted_and_told(scene, lan, officer, huong):
    code = taken(lan, officer)
    first = scene.case(code).case.resolve_due
    officer.picks("Xin gia hạn", of=code).hears("Gia hạn đến ngày nào")
    officer.says("1/1/2020").hears("Ngày mới phải sau hạn hiện tại")
    officer.says("để sau").hears("Chưa rõ “để sau” là ngày nào", "Hủy")
    officer.says("31/02").hears("Lịch không có ngày “31/02”")
    officer.says("hôm nay").hears("Ngày mới phải sau hạn hiện tại", "ngày đã gõ là")
    wanted = (first + timedelta(days=20)).date()
    officer.says(f"{wanted:%d/%m/%Y}").hears("Số và tên văn bản")
    officer.says("12/BC-UBND").hears("Vì sao cần gia hạn").picks("Chờ nơi khác").hears("lời xin lỗi và lý do")
    lan.listens()
    huong.listens()
    officer.says("Chưa có cột đèn mới, xin bà con thông cảm").hears("Khi được đồng ý, người dân sẽ nhận", "12/BC-UBND")
    officer.picks("Xác nhận")
    lan.hears_nothing()
    huong.hears("Xin gia hạn đến", "12/BC-UBND")
    huong.picks("Đồng ý gia hạn", of=code).hears("Người dân sẽ nhận ngay", "Chưa có cột đèn mới").picks("Xác nhận")
    lan.hears("cần thêm thời gian", "Chưa có cột đèn mới")
    case = scene.case(code).case
    assert (case.state, case.first_due, case.resolve_due.date()) == (State.SCHEDULED, first, wanted)
    officer.listens()
    scene.forward(seconds=(case.resume_at - scene.world.clock.now()).total_seconds() + 60)
    assert scene.state(code) is State.IN_PROGRESS
    assert any("sắp đến hạn đã gia hạn" in text for text in officer.told)


def test_a_request_that_is_refused_changes_no_date(scene, lan, duc, huong):
    code = taken(lan, duc)
    due = scene.case(code).case.resolve_due
    duc.picks("Xin gia hạn", of=code).says(f"{due + timedelta(days=9):%d/%m/%Y}").says("12/BC").says("Chờ vật tư")
    duc.picks("Xác nhận").listens()
    lan.listens()
    huong.picks("Không gia hạn", of=code).says("Vật tư đã có").picks("Xác nhận")
    duc.hears("không được gia hạn", "Vật tư đã có")
    lan.hears_nothing()
    assert scene.case(code).case.resolve_due == due


def test_more_time_is_not_asked_for_after_the_due_time(scene, lan, duc):
    code = taken(lan, duc)
    scene.forward(days=15)
    duc.says(f"/viec {code}").picks("Xin gia hạn", of=code)
    duc.says("1/3/2099").says("12/BC").says("Chờ vật tư").picks("Xác nhận").hears("Đã quá hạn xử lý")
    assert scene.case(code).case.extension_until is None


# --- several reporters, one case (T7, T29) ----------------------------------------------------------------------


def test_merged_reporters_get_one_answer_and_both_rate(scene, lan, duc, huong):
    nam = scene.citizen("nam")
    master, code = lan.reports(), nam.reports("Đèn ngõ tôi tắt")
    huong.says(f"/viec {code}").picks("Gộp phản ánh", of=code).hears("Mời gõ mã phản ánh")
    huong.says("đèn kia").hears("Chưa thấy mã phản ánh")
    huong.says("PA-2222-2222").hears("Không tìm thấy phản ánh PA-2222-2222")
    huong.says(master).hears(f"Gộp vào {master}").picks("Xác nhận")
    nam.hears("được gộp với phản ánh", master)
    assert scene.state(code) is State.MERGED
    duc.says(f"/viec {master}").hears("2 người cùng phản ánh")
    duc.picks("Nhận xử lý", of=master)
    nam.hears("đang xử lý")
    nam.says(f"/tracuu {master}").picks("Nhắn thêm").says("Tối quá, mong sớm có đèn")
    duc.hears("Tối quá")
    duc.picks("Báo kết quả", of=master).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng đèn").picks("Gửi")
    lan.hears("đã xử lý xong").picks("Hài lòng").hears("còn chờ đánh giá")
    assert scene.state(master) is State.RESOLVED
    nam.hears("đã xử lý xong").picks("Rất hài lòng").hears("đã được đóng")
    assert scene.state(master) is State.CLOSED


def test_a_wrong_merge_is_taken_apart(scene, lan, duc, huong):
    nam = scene.citizen("nam")
    master, code = lan.reports(), nam.reports("Đèn ngõ tôi tắt")
    huong.says(f"/viec {code}").picks("Gộp phản ánh", of=code).says(master).picks("Xác nhận")
    huong.says(f"/viec {code}").picks("Tách riêng", of=code).says("Đây là hai cột đèn").picks("Gửi")
    nam.hears("được tách riêng", "Đây là hai cột đèn", "Hạn xử lý chậm nhất")
    assert scene.state(code) is State.RECEIVED
    assert scene.case(master).case.joined == ()
    lan.listens()
    duc.picks("Nhận xử lý", of=master)
    assert not any(master in text for text in nam.listens().told[-1:])


def test_nobody_merges_into_what_is_finished(scene, lan, duc, huong):
    nam = scene.citizen("nam")
    master, code = resolved(lan, duc), nam.reports("Đèn ngõ tôi tắt")
    huong.says(f"/viec {code}").picks("Gộp phản ánh", of=code).says(master).picks("Xác nhận").hears("đã có kết quả")
    assert scene.state(code) is not State.MERGED


# --- outside, and back (T8, T30) --------------------------------------------------------------------------------


def test_a_matter_for_another_body_is_referred_and_may_come_back(scene, lan, duc, huong):
    code = taken(lan, duc)
    duc.picks("Chuyển cơ quan khác", of=code).picks("Công ty").picks("Nơi khác quản lý").picks("Xác nhận")
    huong.picks("Chuyển ra ngoài", of=code).says("Công ty Điện lực").picks("Thuộc doanh nghiệp")
    huong.says("Gọi 19001909, nêu mã phản ánh").hears("Công ty Điện lực").picks("Gửi")
    lan.hears("thuộc thẩm quyền của Công ty Điện lực", "Gọi 19001909")
    assert scene.state(code) is State.REFERRED_OUT
    huong.says(f"/viec {code}").picks("Nhận trả về", of=code).says("Điện lực cho biết cột đèn của phường").picks("Gửi")
    lan.hears("được tiếp nhận lại", "Hạn xử lý chậm nhất")
    assert scene.state(code) is State.RECEIVED


# --- appeal (T25b, T24, T26) ------------------------------------------------------------------------------------


def upheld(lan, duc, huong):
    code = resolved(lan, duc)
    lan.picks("Chưa giải quyết").says("Đèn vẫn tắt")
    huong.picks("Giữ kết quả", of=code).says("Đã kiểm tra, đèn sáng").picks("Gửi")
    lan.hears("đã xem lại", "đề nghị lãnh đạo")
    return code


def test_an_appeal_goes_to_the_leader_who_closes_for_good(scene, lan, duc, huong, leader):
    code = upheld(lan, duc, huong)
    lan.picks("Gửi lãnh đạo xem").hears("gửi một lần").says("Tối qua vẫn tắt").hears("chuyển đến lãnh đạo")
    huong.hears("đề nghị lãnh đạo")
    huong.picks("Kết thúc", of=code).hears("người có trách nhiệm khác")
    assert scene.state(code) is State.REVIEW_REQUESTED
    leader.says(f"/viec {code}").picks("Kết thúc", of=code).says("Đèn sáng từ ngày 1/12, có ảnh").picks("Gửi")
    lan.hears("trả lời cuối cùng", "Đèn sáng từ ngày 1/12")
    assert scene.state(code) is State.CLOSED
    lan.says(f"/tracuu {code}").does_not_hear("Chưa giải quyết", "Gửi lãnh đạo")


def test_or_orders_rework(scene, lan, duc, huong, leader):
    code = upheld(lan, duc, huong)
    lan.picks("Gửi lãnh đạo xem").says("Tối qua vẫn tắt")
    leader.says(f"/viec {code}").picks("Xử lý lại", of=code)
    lan.hears("được xử lý lại")
    assert (scene.state(code), scene.case(code).case.cycle) == (State.IN_PROGRESS, 2)


# --- the third hop (T13) ----------------------------------------------------------------------------------------


def test_from_the_third_hop_the_leader_decides(scene, lan, duc, huong, leader):
    code = taken(lan, duc)
    lights = scene.officer("long", "nhom-cong-ty", "moi-truong-do-thi")
    for one, to in ((duc, "Công ty"), (lights, "UBND phường An Cựu")):
        one.says(f"/viec {code}").picks("Chuyển cơ quan khác", of=code).picks(to).picks("Nơi khác quản lý")
        one.picks("Xác nhận")
        huong.says(f"/viec {code}").picks("Đồng ý chuyển", of=code).picks(to)
    duc.says(f"/viec {code}").picks("Chuyển cơ quan khác", of=code).picks("Công ty").picks("Nơi khác quản lý")
    duc.picks("Xác nhận")
    huong.says(f"/viec {code}").picks("Đồng ý chuyển", of=code).hears("người có trách nhiệm khác")
    assert scene.state(code) is State.TRANSFER_REQUESTED
    leader.says(f"/viec {code}").picks("Đồng ý chuyển", of=code).picks("Công ty")
    assert (scene.state(code), scene.case(code).case.hops) == (State.ASSIGNED, 3)


# --- taken in again (T27, T28) ----------------------------------------------------------------------------------


def test_a_cancelled_case_is_taken_in_again_when_what_was_missing_is_given(scene, lan, duc, huong):
    code = lan.reports()
    duc.picks("Đề nghị hủy", of=code).picks("Không rõ nội dung").says("Không rõ đèn nào").picks("Xác nhận")
    huong.says(f"/viec {code}").picks("Hủy phản ánh", of=code).picks("Gửi")
    lan.hears("Không rõ đèn nào").says(f"/tracuu {code}").picks("Đề nghị xem lại").says("Cột số 5 trước trường học")
    lan.hears("Đề nghị xem lại phản ánh", "đã được gửi")
    huong.hears("đề nghị xem lại", "Cột số 5").picks("Nhận lại", of=code)
    lan.hears("được tiếp nhận lại", "Hạn xử lý chậm nhất")
    assert scene.state(code) is State.RECEIVED


def test_a_closed_case_is_disputed_within_thirty_days_and_not_after(scene, lan, duc):
    code = resolved(lan, duc)
    lan.picks("Hài lòng").hears("đã được đóng")
    lan.says(f"/tracuu {code}").picks("Chưa giải quyết").says("Hôm nay lại tắt").hears("Xin lỗi")
    assert scene.state(code) is State.REVIEW_REQUESTED
    second = resolved(lan, duc)
    lan.picks("Hài lòng")
    scene.forward(days=40)
    lan.says(f"/tracuu {second}").does_not_hear("Chưa giải quyết")


# --- messages (R74, R79) ----------------------------------------------------------------------------------------


def test_a_message_waits_until_it_is_answered(scene, lan, officer):
    code = taken(lan, officer)
    lan.says(f"/tracuu {code}").picks("Nhắn thêm").says("Bao giờ xong ạ?").hears("UBND phường An Cựu")
    officer.hears("Bao giờ xong ạ?", "Trả lời chậm nhất")
    assert scene.case(code).case.thread_due is not None
    officer.picks("Trả lời người dân", of=code).says("Thứ Sáu này xong").hears("Người dân sẽ nhận").picks("Gửi")
    lan.hears("UBND phường An Cựu trả lời về phản ánh", "Thứ Sáu này xong")
    assert scene.case(code).case.thread_due is None
    officer.says(f"/viec {code}").does_not_hear("Trả lời người dân")


def test_a_message_on_a_closed_case_is_listed_until_it_is_answered(scene, lan, duc):
    code = resolved(lan, duc)
    lan.picks("Hài lòng")
    duc.says("/viec").does_not_hear(code)
    lan.says(f"/tracuu {code}").picks("Nhắn thêm").says("Cho hỏi bóng loại gì?")
    duc.hears("Cho hỏi bóng loại gì?").says("/viec").hears(code)
    duc.says(f"/viec {code}").picks("Trả lời người dân", of=code).says("Đèn LED 100 W").picks("Gửi")
    lan.hears("Đèn LED 100 W")
    duc.says("/viec").does_not_hear(code)
