"""Personal data in words: a citizen's is hidden from the groups, an officer's does not leave them."""

from __future__ import annotations

import pytest

from tests.journeys.scene import ADDRESS, AFTER, LAMP
from workflows.case.model import State

PHONE, CARD, PLATE = "0912 345 678", "046085001234", "75A-123.45"


def reports_with_a_number(lan) -> str:
    words = f"Đèn hỏng, gọi {PHONE} gặp Lan, CCCD {CARD}, xe {PLATE} tông vào cột"
    return lan.reports(words)


@pytest.fixture
def checked_at_the_end(scene):
    """No group ever reads what a citizen wrote of themselves."""
    yield
    for group in scene.groups:
        said = "\n".join(scene.world.said(group))
        assert not [one for one in (PHONE, CARD, PLATE, "0912345678") if one in said], said


def test_a_group_reads_what_a_citizen_wrote_without_numbers(scene, lan, officer, huong, checked_at_the_end):
    code = reports_with_a_number(lan)
    officer.hears("gọi [số điện thoại đã ẩn] gặp Lan", "CCCD [số giấy tờ đã ẩn]", "xe [biển số xe đã ẩn] tông")
    officer.picks("Nhận xử lý", of=code)
    officer.picks("Hỏi người dân", of=code).says("Đèn nào ạ?").picks("Gửi")
    lan.says(f"Cột số 7, gọi {PHONE} em chỉ")
    officer.hears("gọi [số điện thoại đã ẩn] em chỉ")
    huong.says(f"/viec {code}").hears("[số điện thoại đã ẩn]")
    lan.says("/dulieu").hears(PHONE, CARD)


def test_nobody_finds_a_report_by_a_number_in_it(scene, lan, duc, huong):
    code = reports_with_a_number(lan)
    for one in (duc, huong):
        for query in ("0912 345 678", "0912345678", "0912", "345", CARD, PLATE, "123.45"):
            one.says(f"/tim {query}").does_not_hear(code)
        one.says("/tim đèn hỏng").hears(code)


def test_an_address_with_a_number_is_hidden_too(scene, lan, duc):
    lan.agrees().says("/phananh").sends_photo(LAMP, "Đèn hỏng")
    lan.says(f"{ADDRESS}, gọi {PHONE}")
    lan.says("Chiếu sáng")
    if lan.offers("Chiếu sáng"):
        lan.picks("Chiếu sáng")
    lan.picks("Gửi phản ánh")
    duc.hears("12 Nguyễn Huệ", "[số điện thoại đã ẩn]").does_not_hear(PHONE)


def test_a_result_with_personal_data_is_held_back_and_sent_without_it(scene, lan, officer):
    code = lan.reports()
    officer.picks("Nhận xử lý", of=code)
    officer.picks("Báo kết quả", of=code).picks("Đã khắc phục")
    officer.sends_photo(AFTER, f"Đã thay bóng. Ai cần gọi anh Ba {PHONE}.")
    officer.hears(f"gọi anh Ba ⚠️【{PHONE}】", "Chỗ đánh dấu là thông tin cá nhân")
    assert not officer.offers("Gửi")
    lan.listens()
    officer.picks("Ẩn thông tin này").hears("gọi anh Ba [số điện thoại đã ẩn]").picks("Gửi")
    lan.hears("đã xử lý xong", "gọi anh Ba [số điện thoại đã ẩn]").does_not_hear(PHONE)
    assert scene.state(code) is State.RESOLVED


def test_the_officer_may_reword_instead(scene, lan, officer):
    code = lan.reports()
    officer.picks("Nhận xử lý", of=code)
    officer.picks("Hỏi người dân", of=code).says(f"Anh chị gọi lại {PHONE} được không?").hears(f"⚠️【{PHONE}】")
    officer.picks("Sửa").says("Đèn ở cột số mấy ạ?").does_not_hear("Chỗ đánh dấu")
    officer.picks("Gửi")
    lan.hears("Đèn ở cột số mấy ạ?")


def test_a_letter_may_name_an_office_a_result_may_not(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    duc.picks("Hỏi người dân", of=code).says("Mời gọi UBND phường (0234) 3822 123 để rõ hơn").picks("Gửi")
    lan.hears("(0234) 3822 123")
    lan.says("Đã gọi")
    duc.picks("Báo kết quả", of=code).picks("Đã giải thích").says("Có gì gọi (0234) 3822 123")
    duc.hears("⚠️【(0234) 3822 123】").picks("Hủy")


def test_the_number_of_a_document_is_looked_at_too(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    until = scene.case(code).case.resolve_due.replace(year=2027)
    duc.picks("Xin gia hạn", of=code).says(f"{until:%d/%m/%Y}").says(f"12/BC, liên hệ {PHONE}").says("Chờ vật tư")
    duc.hears(f"12/BC, liên hệ ⚠️【{PHONE}】").picks("Ẩn thông tin này")
    duc.hears("12/BC, liên hệ [số điện thoại đã ẩn]").picks("Xác nhận")
    assert scene.case(code).case.extension_until is not None
