"""From a chat to the map page and back, with the real program: a link, a position, the next question."""

import pytest
from playwright.sync_api import expect

from bot.sandbox import world
from tests.bot.test_walkthrough import DESKTOP, PATIENCE, WORDS, Phone
from tests.program import Program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory):
    program = Program(tmp_path_factory.mktemp("map"))
    program.start()
    yield program
    assert program.stop() == 0


def test_a_citizen_points_at_the_place_on_the_map_and_goes_on_in_the_chat(page, program):
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 16.4575, "longitude": 107.6227, "accuracy": 10})
    page.set_viewport_size(DESKTOP)
    page.goto(f"{program.address}/sandbox")
    lan = Phone(page, world.LAN, "Nguyễn Thị Lan")
    lan.element.get_by_role("button", name="Bắt đầu").click()
    lan.press("Xin chào", "Gửi phản ánh mới")
    lan.press("có đồng ý không", "Đồng ý")
    lan.newest("gửi ảnh hoặc video")
    lan.write(WORDS)
    lan.send_photo("Đèn đường không sáng")
    question = lan.newest("Sự việc xảy ra ở đâu")
    with page.context.expect_page() as opened:
        question.get_by_role("link", name="Chọn trên bản đồ").click()
    map_page = opened.value
    map_page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(map_page.locator("#spot")).to_have_text("Vị trí đã chọn: Phường An Cựu.")
    map_page.get_by_role("button", name="Gửi vị trí này").click()
    expect(map_page.get_by_role("heading")).to_have_text("Đã nhận vị trí")
    map_page.close()
    lan.newest("Đã ghi vị trí: Phường An Cựu")
    lan.press("Có phải một trong các mục này", "Chiếu sáng")
    expect(lan.newest("Mời anh/chị xem lại trước khi gửi")).to_contain_text("Phường An Cựu", timeout=PATIENCE)
