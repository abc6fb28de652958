"""From a chat to the map page and back, with the real program: a link, a position, the next question."""

import pytest
from playwright.sync_api import Locator, expect

from bot.sandbox import world
from bot.sandbox.zalo.world import NAM
from tests.bot.test_walkthrough import DESKTOP, PATIENCE, WORDS, Phone

pytestmark = pytest.mark.slow


@pytest.fixture
def phones(page, program):
    """The phones, on a device that is in phường An Cựu."""
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 16.4575, "longitude": 107.6227, "accuracy": 10})
    page.set_viewport_size(DESKTOP)
    page.goto(f"{program.address}/sandbox")
    return page


def points(link: Locator) -> None:
    """Follow the link, send where the device is, and close the page."""
    with link.page.context.expect_page() as opened:
        link.click()
    page = opened.value
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(page.locator("#spot")).to_have_text("Vị trí đã chọn: Phường An Cựu.")
    page.get_by_role("button", name="Gửi vị trí này").click()
    expect(page.get_by_role("heading")).to_have_text("Đã nhận vị trí")
    page.close()


def test_on_telegram(phones):
    lan = Phone(phones, world.LAN, "Nguyễn Thị Lan")
    lan.element.get_by_role("button", name="Bắt đầu").click()
    lan.press("Xin chào", "Gửi phản ánh mới")
    lan.press("có đồng ý không", "Đồng ý")
    lan.newest("gửi ảnh hoặc video")
    lan.write(WORDS)
    lan.send_photo("Đèn đường không sáng")
    points(lan.newest("Sự việc xảy ra ở đâu").get_by_role("link", name="Chọn trên bản đồ"))
    lan.newest("Đã ghi vị trí: Phường An Cựu")
    lan.press("Có phải một trong các mục này", "Chiếu sáng")
    expect(lan.newest("Mời anh/chị xem lại trước khi gửi")).to_contain_text("Phường An Cựu", timeout=PATIENCE)


def test_on_zalo_by_numbers(phones):
    nam = Phone(phones, 0, "Phan Văn Nam")
    nam.element = phones.locator(f"#phone-{NAM}")

    def says(words: str) -> None:
        nam.write(words)
        nam.element.get_by_role("textbox", name="Tin nhắn").press("Enter")

    says("xin chào")
    nam.newest("Xin chào")
    says("1")
    nam.newest("có đồng ý không")
    says("1")
    nam.newest("gửi ảnh hoặc video")
    nam.send_photo("Đèn đường không sáng")
    question = nam.newest("Sự việc xảy ra ở đâu")
    expect(question).to_contain_text("bấm dấu + cạnh ô nhắn tin, rồi chọn Vị trí")
    points(question.get_by_role("link"))
    nam.newest("Đã ghi vị trí: Phường An Cựu")
