"""The page of a case in a real browser, on a small telephone and without scripts: from the link to the result."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.journeys.page import PIN
from tests.journeys.scene import SAMPLES
from workflows.case.model import State

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")  # a folder: what the pages look like is kept there


@pytest.fixture
def ready_url(ready_sqlite_url):
    """A browser says nothing about databases."""
    return ready_sqlite_url


@pytest.fixture
def phone(browser: Browser):
    """A telephone whose owner has turned scripts off; nothing of a page may be missing."""
    with browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False, is_mobile=True,
                             device_scale_factor=2, locale="vi-VN") as context:  # fmt: skip
        page = context.new_page()
        faults: list[str] = []
        page.on("requestfailed", lambda failed: faults.append(f"{failed.url} {failed.failure}"))
        page.on("response", lambda answer: faults.append(answer.url) if _missing(answer) else None)
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
        yield page
        assert faults == []


def _missing(answer: Response) -> bool:
    """Something that belongs to a page did not come; a page itself may say no."""
    return answer.status >= 400 and answer.request.resource_type != "document"


def looks(page: Page, name: str) -> None:
    """Nothing is wider than the screen, everything to be pressed is large enough for a thumb."""
    page.wait_for_load_state()  # with its style sheet
    for control in page.locator("button, input:not([type=hidden]), textarea, summary").all():
        if control.is_visible():
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= 44, control.inner_text()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390, control.inner_text()
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_an_officer_finishes_a_case_on_a_telephone(scene, site, lan, duc_at_page, phone):
    duc = duc_at_page
    code = lan.reports("Đèn đường trước số 12 hỏng ba tối nay, trẻ em đi học về rất tối.\nXin phường xem giúp.")
    number = site.gives_pin(duc)
    phone.goto(duc.link(code))
    expect(phone.get_by_role("heading")).to_have_text("Trang dành cho cán bộ")
    looks(phone, "1-door")
    phone.get_by_label("Số cán bộ").fill(str(number))
    phone.get_by_label("Mã PIN hoặc mã một lần").fill("111222")
    phone.get_by_role("button", name="Mở phản ánh").click()
    expect(phone.get_by_role("alert")).to_contain_text("không đúng")
    looks(phone, "2-wrong")
    phone.get_by_text("Chưa có mã PIN").click()
    looks(phone, "3-code")
    phone.get_by_label("Mã PIN hoặc mã một lần").fill(PIN)
    phone.get_by_role("button", name="Mở phản ánh").click()
    expect(phone.get_by_role("heading", name=re.compile(code))).to_be_visible()
    assert phone.locator("img").first.evaluate("one => one.naturalWidth") > 100
    looks(phone, "4-case")
    phone.get_by_role("button", name="Nhận xử lý").click()
    expect(phone.get_by_text("Đang xử lý · UBND phường An Cựu · Đức")).to_be_visible()
    looks(phone, "5-taken")
    phone.get_by_role("button", name="Báo kết quả").click()
    expect(phone.get_by_text("Kết quả xử lý thế nào?")).to_be_visible()
    looks(phone, "6-outcome")
    phone.get_by_role("button", name="Đã khắc phục").click()
    expect(phone.get_by_text("Mời gửi ảnh sau khi xử lý")).to_be_visible()
    looks(phone, "7-words")
    phone.get_by_label("Nội dung").fill("Đã thay bóng đèn, đèn sáng lại lúc 19 giờ.")
    phone.get_by_label("Ảnh (tối đa 5 ảnh)").set_input_files(SAMPLES / "lamp-after.jpg")
    phone.get_by_role("button", name="Tiếp tục").click()
    expect(phone.get_by_text("Người dân sẽ nhận kết quả")).to_be_visible()
    looks(phone, "8-preview")
    phone.get_by_role("button", name="Gửi", exact=True).click()
    expect(phone.get_by_text("✅ Đã gửi.")).to_be_visible()
    looks(phone, "9-sent")
    phone.reload()
    expect(phone.get_by_role("heading", name=re.compile(code))).to_be_visible()
    expect(phone.get_by_role("heading", name="Ảnh kết quả")).to_be_visible()
    scene.world.settle()
    phone.reload()
    shown = phone.locator("h2:has-text('Ảnh kết quả') + .photos img")
    expect(shown).to_have_count(1)
    assert shown.evaluate("one => one.naturalWidth > 1.5 * one.naturalHeight"), "before and after in one picture"
    looks(phone, "9b-side-by-side")
    lan.hears("đã xử lý xong", "Đã thay bóng đèn")
    assert scene.state(code) is State.RESOLVED
    phone.get_by_text("Ghi chú nội bộ").first.click()
    looks(phone, "10-done")


def test_the_long_choices_fit_a_telephone_too(scene, site, lan, duc_at_page, phone):
    code = lan.reports()
    number = site.gives_pin(duc_at_page)
    phone.goto(duc_at_page.link(code) + "?lang=en")
    phone.get_by_label("Officer number").fill(str(number))
    phone.get_by_label("PIN or one-time code").fill(PIN)
    phone.get_by_role("button", name="Open the report").click()
    phone.get_by_role("button", name="Correct category").click()
    looks(phone, "11-category")
    phone.get_by_label("Search by a few words").fill("rác")
    phone.get_by_role("button", name="Search", exact=True).click()
    looks(phone, "12-found")
    phone.get_by_role("button", name="Cancel", exact=True).click()
    phone.get_by_role("button", name="Ask for transfer").click()
    looks(phone, "13-agencies")


def test_a_dead_link_says_what_to_do(scene, site, lan, duc_at_page, phone):
    link = duc_at_page.link(lan.reports())
    scene.forward(days=8)
    phone.goto(link)
    expect(phone.get_by_role("heading")).to_have_text("Liên kết không còn dùng được")
    looks(phone, "14-closed")
