"""From the first photo to the closed case, and every other way a case ends."""

import pytest

from tests.journeys.scene import AFTER, LAMP
from workflows.case.model import State

pytestmark = pytest.mark.both_databases


@pytest.fixture
def duc(officer):
    """Every journey is gone in the group and at the page."""
    return officer


def finishes(duc, code, words="Đã thay bóng đèn, đèn sáng lại lúc 19 giờ."):
    duc.picks("Báo kết quả", of=code).hears("Kết quả xử lý thế nào")
    duc.picks("Đã khắc phục").hears("Mời gửi ảnh sau khi xử lý")
    duc.sends_photo(AFTER, words).hears("Người dân sẽ nhận kết quả", words)
    duc.picks("Gửi")


def test_from_photo_to_closed_with_rating(scene, lan, huong, duc):
    code = lan.reports()
    lan.hears("Trước 17 giờ", "Hạn xử lý chậm nhất", "đã được chuyển đến UBND phường An Cựu")
    duc.hears(code, "Đèn đường trước số 12", "12 Nguyễn Huệ", "Ảnh kèm theo: 1", "1. Nhận xử lý")
    lan.listens()
    duc.picks("Nhận xử lý", of=code).hears("Đang xử lý", "Đức")
    lan.hears("UBND phường An Cựu đã nhận phản ánh", code).listens()
    finishes(duc, code)
    lan.hears("đã xử lý xong", "Đã thay bóng đèn", "Ảnh trước và sau", "Rất hài lòng")
    lan.picks("Rất hài lòng").hears("Cảm ơn anh/chị đã đánh giá", "đã được đóng")
    duc.hears("Đã đóng")
    assert scene.state(code) is State.CLOSED
    assert scene.case(code).case.rating == 5
    huong.hears_nothing()


def test_everything_at_once_asks_only_for_what_is_missing(scene, lan, duc):
    lan.agrees().sends_photo(LAMP, "Đèn đường hỏng, 12 Nguyễn Huệ, phường An Cựu")
    lan.hears("Sự việc xảy ra ở đâu").does_not_hear("mô tả ngắn gọn")


def test_the_agency_asks_and_the_citizen_answers(scene, lan, duc):
    code = lan.reports()
    lan.listens()
    duc.picks("Nhận xử lý", of=code)
    duc.picks("Hỏi người dân", of=code).hears("Mời ghi câu hỏi")
    lan.listens()
    duc.says("Cột đèn số mấy ạ?").hears("Người dân sẽ nhận câu hỏi", "Cột đèn số mấy")
    lan.hears_nothing()
    duc.picks("Gửi").hears("Chờ người dân bổ sung")
    lan.hears("UBND phường An Cựu hỏi về phản ánh", "Cột đèn số mấy ạ?")
    duc.listens()
    lan.says("Cột số 14, trước quán cà phê").hears("đã được chuyển đến UBND phường An Cựu")
    duc.hears("Người dân trả lời", "Cột số 14", "Đang xử lý")
    assert scene.state(code) is State.IN_PROGRESS


def test_not_solved_goes_back_once_and_is_closed_then(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    finishes(duc, code)
    duc.listens()
    lan.picks("Chưa giải quyết").hears("Mời anh/chị cho biết điều gì chưa được")
    lan.says("Đèn chỉ sáng một đêm rồi tắt").hears("đã được chuyển lại cho UBND phường An Cựu")
    duc.hears("Người dân chưa đồng ý", "Đèn chỉ sáng một đêm", "Đề nghị xử lý lại")
    scene.confirm(duc, "an-cuu", "head")
    duc.says(f"/viec {code}").hears("1. Xử lý lại")
    lan.listens()
    duc.picks("Xử lý lại", of=code)
    lan.hears("được xử lý lại")
    finishes(duc, code, "Đã thay cả dây điện.")
    lan.hears("Đã thay cả dây điện").picks("Hài lòng").hears("đã được đóng")
    assert scene.state(code) is State.CLOSED
    assert scene.case(code).case.rating == 4


def test_transfer_with_a_reason_is_decided_by_the_operators(scene, lan, huong, duc):
    huy = scene.officer("huy", "nhom-so-xay-dung", "so-xay-dung")
    code = lan.reports()
    lan.listens()
    huong.listens()
    duc.picks("Chuyển cơ quan khác", of=code).hears("đến đơn vị nào")
    duc.picks("Sở Xây dựng").hears("Vì sao cần chuyển")
    duc.picks("Nơi khác quản lý").hears("Đề nghị chuyển đến Sở Xây dựng")
    huong.hears_nothing()
    duc.picks("Xác nhận").hears("Đề nghị chuyển cơ quan khác")
    lan.hears("đề nghị chuyển phản ánh", "Nơi khác quản lý")
    huong.hears(code, "Đề nghị chuyển", "Sở Xây dựng")
    huy.hears_nothing()
    huong.picks("Đồng ý chuyển", of=code).hears("Đơn vị được đề nghị đứng đầu")
    duc.listens()
    huong.picks("Sở Xây dựng")
    huy.hears(code, "Đèn đường trước số 12", "Nhận xử lý")
    duc.hears(code, "hiện do Sở Xây dựng xử lý").does_not_hear("Đèn đường trước số 12")
    lan.hears("đã được chuyển đến Sở Xây dựng", "Hạn xử lý không đổi")
    duc.says(f"{code} 1").hears("không thuộc nhóm này").does_not_hear("Đèn đường trước số 12")
    assert scene.case(code).case.state is State.ASSIGNED


def test_a_refused_transfer_stays_where_it_was(scene, lan, huong, duc):
    code = lan.reports()
    duc.picks("Chuyển cơ quan khác", of=code).picks("Sở Xây dựng").picks("Không đúng lĩnh vực").picks("Xác nhận")
    duc.listens()
    huong.picks("Không chuyển", of=code).says("Đèn ngõ do phường quản lý").hears("Không chuyển").picks("Xác nhận")
    duc.hears("không được chuyển", "Đèn ngõ do phường quản lý")
    assert scene.state(code) is State.IN_PROGRESS


def test_cancelled_with_a_reason_and_words(scene, lan, huong, duc):
    code = lan.reports(category="Chậm trễ")
    huong.picks("Hủy phản ánh", of=code).hears("vì lý do nào")
    huong.picks("Ngoài phạm vi").hears("Mời ghi lời giải thích")
    lan.listens()
    huong.says("Việc này do cơ quan trung ương giải quyết.").hears("Phản ánh sẽ bị hủy").picks("Gửi")
    lan.hears("không thể xử lý tiếp", "Ngoài phạm vi", "cơ quan trung ương")
    assert scene.state(code) is State.CANCELLED


def test_withdrawn_by_its_reporter(scene, lan, duc):
    code = lan.reports()
    duc.listens()
    lan.says("/cuatoi").hears(code).picks(code).hears("Đã chuyển xử lý")
    lan.picks("Rút phản ánh").hears("muốn rút phản ánh").picks("Rút phản ánh").hears("đã được rút")
    duc.hears(code, "Người dân đã rút")
    assert scene.state(code) is State.CANCELLED


def test_two_cases_in_one_chat_and_the_bot_asks_which(scene, lan, duc):
    first = lan.reports("Đèn đường số 12 hỏng")
    second = lan.reports("Đèn đường số 40 hỏng")
    for code, question in ((first, "Cột số mấy?"), (second, "Ngõ số mấy?")):
        duc.picks("Nhận xử lý", of=code).picks("Hỏi người dân", of=code).says(question).picks("Gửi")
    lan.says("Số 14").hears("đang nói về phản ánh nào", first, second)
    lan.picks(first).hears("đã được chuyển đến UBND phường An Cựu")
    assert scene.state(first) is State.IN_PROGRESS
    assert scene.state(second) is State.NEED_INFO


def test_a_wrong_category_and_a_wrong_place_are_corrected_from_the_card(scene, lan, duc):
    code = lan.reports()
    duc.picks("Sửa lĩnh vực", of=code).hears("thuộc lĩnh vực nào").says("rác").picks("Rác")
    assert scene.case(code).case.category == "rubbish"
    duc.picks("Sửa vị trí", of=code).hears("Sự việc xảy ra ở đâu").says("45 Hùng Vương")
    duc.picks("Giữ địa bàn cũ")
    duc.picks("Nhận xử lý", of=code).hears("45 Hùng Vương", "Rác")
    with scene.world.store.read() as uow:
        moves = [event.action.value for event in uow.cases.events(scene.case(code).id)]
    assert {"correct_category", "correct_place"} <= set(moves)
