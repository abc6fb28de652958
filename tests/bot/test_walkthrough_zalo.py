"""The README's walk with Zalo on either side, or on both, in a real browser: where no button is, numbers are typed."""

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from bot.sandbox import world
from bot.sandbox.client import SandboxClient
from bot.sandbox.zalo import world as zalo
from tests.program import Program

pytestmark = pytest.mark.slow

WORDS = "Đèn đường trước số nhà 12 hỏng từ ba tối nay"
RESULT = "Đã thay bóng đèn mới, đèn sáng lại lúc 19 giờ."
PATIENCE = 30_000  # milliseconds that an answer may take on a busy machine
DESKTOP = ViewportSize(width=1440, height=900)
TELEPHONE = ViewportSize(width=390, height=844)
Owner = tuple[int | str, str]  # of a phone: the chat and its name
NAM: Owner = (zalo.NAM, "Phan Văn Nam")
LAN: Owner = (world.LAN, "Nguyễn Thị Lan")
AN_CUU: Owner = (world.AN_CUU, "UBND phường An Cựu")
THUAN_HOA: Owner = (zalo.THUAN_HOA, "UBND phường Thuận Hóa")
# Who reports, the name of the place, whose group it is then, how large the screen is.
WALKS = {
    "zalo to telegram": (NAM, "Phường An Cựu", AN_CUU, TELEPHONE),
    "telegram to zalo": (LAN, "Trung tâm Huế", THUAN_HOA, DESKTOP),
    "zalo to zalo": (NAM, "Trung tâm Huế", THUAN_HOA, TELEPHONE),
}


class Phone:
    """One phone of the page; on a small screen its tab is chosen first."""

    def __init__(self, page: Page, chat: int | str, name: str) -> None:
        self.page, self.name = page, name
        self.element = page.locator(f"#phone-{str(chat).removeprefix('-')}")

    @property
    def mine(self) -> Locator:
        return self.element.locator(".block.mine")

    def take(self) -> None:
        size = self.page.viewport_size
        if size and size["width"] == TELEPHONE["width"]:
            self.page.get_by_role("tab", name=self.name).click()

    def newest(self, words: str | re.Pattern[str], code: str = "") -> Locator:
        """The newest message with these words, once it is there: with this code, or else since one's own last."""
        since = "" if code or not self.mine.count() else ":nth-last-child(1 of .block.mine) ~ "
        found = self.element.locator(f"{since}.block:not(.mine)", has_text=words).filter(has_text=code).last
        expect(found).to_be_visible(timeout=PATIENCE)
        return found

    def pick(self, words: str, label: str, code: str = "") -> None:
        """The choice of the newest message with these words: its button, or its number, with the code if it asks so."""
        message = self.newest(words, code)
        text = message.locator(".text").inner_text()
        button = message.get_by_role("button", name=label, exact=True)
        if button.count():
            button.click()
            return
        number = re.search(rf"^(\d+)\. {re.escape(label)}$", text, re.MULTILINE)
        assert number, text
        self.say(f"{code} {number[1]}" if code and f"{code} 1" in text else number[1])

    def write(self, words: str) -> None:
        self.element.get_by_role("textbox", name="Tin nhắn").fill(words)

    def say(self, words: str) -> None:
        before = self.mine.count()
        self.write(words)
        self.element.get_by_role("textbox", name="Tin nhắn").press("Enter")
        expect(self.mine).to_have_count(before + 1)

    def send_photo(self, sample: str) -> None:
        """A sample photo, with the words in the box as its caption."""
        before = self.mine.count()
        self.element.get_by_role("button", name="Đính kèm").click()
        self.element.get_by_role("button", name=sample, exact=True).click()
        self.element.get_by_role("button", name="Gửi ảnh", exact=True).click()
        expect(self.mine).to_have_count(before + 1)

    def send_place(self, name: str) -> None:
        before = self.mine.count()
        self.element.get_by_role("button", name="Đính kèm").click()
        self.element.get_by_role("button", name=name).click()
        expect(self.mine).to_have_count(before + 1)


@pytest.mark.browser
@pytest.mark.parametrize(
    "walk", ["zalo to telegram", "telegram to zalo", pytest.param("zalo to zalo", marks=pytest.mark.soak)]
)
def test_a_walk_with_zalo(page: Page, program: Program, walk: str):
    citizen, place, agency, screen = WALKS[walk]
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.set_viewport_size(screen)
    page.goto(f"{program.address}/sandbox")
    someone, group = Phone(page, *citizen), Phone(page, *agency)
    code = reports(someone, place, agency[1])
    group.take()
    works(group, code, citizen[1].rpartition(" ")[2])
    someone.take()
    someone.pick(RESULT, "Rất hài lòng", code)
    someone.newest("Cảm ơn anh/chị đã đánh giá", code)
    group.take()
    group.newest("Đánh giá: Rất hài lòng", code)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    assert faults == []


def reports(someone: Phone, place: str, agency: str) -> str:
    someone.take()
    first = someone.element.get_by_role("button", name=re.compile("^(Bắt đầu|Quan tâm)$"))
    expect(first.or_(someone.mine).first).to_be_visible()
    if first.is_visible():
        first.click()
    else:  # another walk was this person's first
        someone.say("/start")
    someone.pick("Xin chào", "Gửi phản ánh mới")
    asked = someone.newest(re.compile("có đồng ý không|gửi ảnh hoặc video")).inner_text()
    if "có đồng ý không" in asked:
        someone.pick("có đồng ý không", "Đồng ý")
    someone.newest("gửi ảnh hoặc video")
    someone.write(WORDS)
    someone.send_photo("Đèn đường không sáng")
    someone.newest("Sự việc xảy ra ở đâu")
    someone.send_place(place)
    someone.pick("Có phải một trong các mục này", "Chiếu sáng")
    someone.pick("Mời anh/chị xem lại trước khi gửi", "Gửi phản ánh")
    receipt = someone.newest("Mã phản ánh").inner_text()
    found = re.search(r"PA-\w{4}-\w{4}", receipt)
    assert found
    someone.newest(f"đã được chuyển đến {agency}", found[0])
    return found[0]


def works(group: Phone, code: str, secret: str) -> None:
    card = group.newest(WORDS, code)
    expect(card).not_to_contain_text(secret)
    takes(group, code)
    answers(group, code)


def takes(group: Phone, code: str) -> None:
    group.pick(WORDS, "Nhận xử lý", code)
    group.newest("Đang xử lý", code)


def answers(group: Phone, code: str) -> None:
    group.pick("Báo kết quả", "Báo kết quả", code)
    group.pick("Kết quả xử lý thế nào", "Đã khắc phục", code)
    group.newest("gửi ảnh sau khi xử lý", code).locator(".text").click()
    group.write(RESULT)
    group.send_photo("Đèn đã sửa (sau)")
    group.pick("Người dân sẽ nhận kết quả", "Gửi", code)


def judges(someone: Phone, code: str) -> None:
    someone.pick(RESULT, "Rất hài lòng", code)
    someone.newest("Cảm ơn anh/chị đã đánh giá", code)


# What happens between taking and answering is done by the far end; its clock goes on for whoever follows.


@pytest.fixture
def far_end(program: Program):
    with SandboxClient(program.address) as client:
        yield client


@pytest.fixture
def nam_and_group(page: Page, program: Program) -> tuple[Phone, Phone]:
    page.set_viewport_size(DESKTOP)
    page.goto(f"{program.address}/sandbox")
    return Phone(page, *NAM), Phone(page, *THUAN_HOA)


@pytest.mark.browser
def test_tokens_run_out_on_the_way_and_nobody_notices(nam_and_group: tuple[Phone, Phone], far_end: SandboxClient):
    nam, group = nam_and_group
    code = reports(nam, "Trung tâm Huế", THUAN_HOA[1])
    renewed = far_end.look().zalo["tokens"]["refreshes"]
    far_end.zalo("tokens", do="expire")
    takes(group, code)
    answers(group, code)
    judges(nam, code)
    assert far_end.look().zalo["tokens"]["refreshes"] > renewed


@pytest.mark.browser
def test_after_a_week_of_silence_the_result_waits_for_a_word(
    nam_and_group: tuple[Phone, Phone], far_end: SandboxClient
):
    nam, group = nam_and_group
    code = reports(nam, "Trung tâm Huế", THUAN_HOA[1])
    takes(group, code)
    far_end.advance("+8d")
    answers(group, code)
    group.newest("Chưa chuyển được tin", code)
    expect(nam.element.locator(".block:not(.mine)", has_text=RESULT).filter(has_text=code)).to_have_count(0)
    nam.say("chào")
    judges(nam, code)


@pytest.mark.browser
def test_with_another_channel_linked_the_result_comes_there(nam_and_group: tuple[Phone, Phone], far_end: SandboxClient):
    nam, group = nam_and_group
    lan = Phone(nam.page, *LAN)
    code = reports(nam, "Trung tâm Huế", THUAN_HOA[1])
    nam.say("/lienket")
    linking = re.search(r"/lienket (\S+)", nam.newest("Mã liên kết").inner_text())
    assert linking
    lan.say(linking[0])
    lan.newest("Đã liên kết hai tài khoản")
    takes(group, code)
    far_end.advance("+8d")
    answers(group, code)
    judges(lan, code)
    group.newest("Đánh giá: Rất hài lòng", code)
