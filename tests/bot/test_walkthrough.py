"""The README's walk through the sandbox, as a newcomer does it: the real program, the page in a real browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.sandbox import world
from tests.program import Program

pytestmark = pytest.mark.slow

WORDS = "Đèn đường trước số nhà 12 hỏng từ ba tối nay"
RESULT = "Đã thay bóng đèn mới, đèn sáng lại lúc 19 giờ."
PATIENCE = 30_000  # milliseconds that an answer may take on a busy machine
DESKTOP, TELEPHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Phone:
    """One phone of the page; on a small screen its tab is chosen first."""

    def __init__(self, page: Page, chat: int, name: str) -> None:
        self.page, self.name = page, name
        self.element = page.locator(f"#phone-{abs(chat)}")

    def take(self) -> None:
        size = self.page.viewport_size
        if size and size["width"] == TELEPHONE["width"]:
            self.page.get_by_role("tab", name=self.name).click()

    def newest(self, words: str, code: str = "") -> Locator:
        """The newest message with these words, and this code, once it is there."""
        found = self.element.locator(".block", has_text=words).filter(has_text=code).last
        expect(found).to_be_visible(timeout=PATIENCE)
        return found

    def card(self, code: str) -> Locator:
        """A case's card: the first message in which its code stands."""
        return self.element.locator(".block", has_text=code).first

    def press(self, words: str, label: str, code: str = "") -> None:
        """The button under the newest message with these words."""
        self.newest(words, code).get_by_role("button", name=label, exact=True).click()

    def write(self, words: str) -> None:
        self.element.get_by_role("textbox", name="Tin nhắn").fill(words)

    def send_photo(self, sample: str) -> None:
        """A sample photo, with the words in the box as its caption."""
        self.element.get_by_role("button", name="Đính kèm").click()
        self.element.get_by_role("button", name=sample, exact=True).click()
        self.element.get_by_role("button", name="Gửi ảnh", exact=True).click()

    def send_place(self, name: str) -> None:
        self.element.get_by_role("button", name="Gửi vị trí").click()
        self.element.get_by_role("button", name=name).click()


@pytest.mark.parametrize("screen", [DESKTOP, TELEPHONE], ids=["desktop", "telephone"])
def test_the_walk_of_the_readme(page: Page, program: Program, screen):
    page.set_viewport_size(screen)
    page.goto(f"{program.address}/sandbox")
    # Each screen has a citizen of its own, who has not met the program yet.
    lan = Phone(page, *((world.LAN, "Nguyễn Thị Lan") if screen is DESKTOP else (world.MINH, "Trần Văn Minh")))
    ward = Phone(page, world.AN_CUU, "UBND phường An Cựu")
    code = reports(lan)
    ward.take()
    works(ward, code)
    lan.take()
    lan.press(RESULT, "Rất hài lòng")
    lan.newest("Cảm ơn anh/chị đã đánh giá")
    expect(lan.newest(RESULT).get_by_role("button", name="Rất hài lòng")).to_have_count(0)
    ward.take()
    expect(ward.card(code)).to_contain_text("Đánh giá: Rất hài lòng", timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]


def reports(lan: Phone) -> str:
    lan.take()
    lan.element.get_by_role("button", name="Bắt đầu").click()
    lan.press("Xin chào", "Gửi phản ánh mới")
    lan.press("có đồng ý không", "Đồng ý")
    lan.newest("gửi ảnh hoặc video")
    lan.write(WORDS)
    lan.send_photo("Đèn đường không sáng")
    lan.newest("Sự việc xảy ra ở đâu")
    lan.send_place("Phường An Cựu")
    lan.press("Có phải một trong các mục này", "Chiếu sáng")
    lan.press("Mời anh/chị xem lại trước khi gửi", "Gửi phản ánh")
    receipt = lan.newest("Mã phản ánh").inner_text()
    found = re.search(r"PA-\w{4}-\w{4}", receipt)
    assert found and "Trước 17 giờ" in receipt and "chậm nhất" in receipt
    lan.newest("đã được chuyển đến UBND phường An Cựu")
    return found[0]


def works(ward: Phone, code: str) -> None:
    ward.newest(code)
    card = ward.card(code)
    expect(card.locator("img")).to_be_visible()
    expect(card).to_contain_text(WORDS)
    expect(card).not_to_contain_text(re.compile("Lan|Minh"))
    ward.press(code, "Nhận xử lý")
    expect(card).to_contain_text("Đang xử lý · UBND phường An Cựu · Hoàng Văn Đức", timeout=PATIENCE)
    ward.press(code, "Báo kết quả")
    ward.press("Kết quả xử lý thế nào", "Đã khắc phục", code)
    ward.newest("gửi ảnh sau khi xử lý", code).locator(".text").click()
    ward.write(RESULT)
    ward.send_photo("Đèn đã sửa (sau)")
    ward.press("Người dân sẽ nhận kết quả", "Gửi", code)
    expect(ward.newest("Người dân sẽ nhận kết quả", code)).to_contain_text("Đã gửi", timeout=PATIENCE)
