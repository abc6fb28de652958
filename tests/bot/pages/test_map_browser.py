"""The map page in a real browser: where the device is, a pin by finger and keys, nothing from elsewhere."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

IN_AN_CUU = {"latitude": 16.4575, "longitude": 107.6227, "accuracy": 12}
IN_HANOI = {"latitude": 21.03, "longitude": 105.85, "accuracy": 30}
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def device(browser, site):
    """Open a telephone's page with a given position; no error may be written, and nobody else be asked."""
    faults, contexts = [], []

    def opened(link, *, position=IN_AN_CUU, allowed=True, **options):
        options = {"viewport": PHONE, "has_touch": True, "locale": "vi-VN"} | options
        context = browser.new_context(geolocation=position, permissions=["geolocation"] if allowed else [], **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith(site.address) else None)
        page.goto(site.address + link)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def lan(site):
    return site.asked("lan")


def drawn(page):
    """Wait until the areas are on the map."""
    expect(page.locator("#map[data-areas]")).to_be_visible()
    return page


def test_the_position_of_the_device_becomes_the_place(site, lan, device):
    page = drawn(device(site.link(lan)))
    expect(page.get_by_role("button", name="Gửi vị trí này")).to_be_disabled()
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(page.locator("#spot")).to_have_text("Vị trí đã chọn: Phường An Cựu.")
    expect(page.locator("#accuracy")).to_contain_text("12 m")
    page.get_by_role("button", name="Gửi vị trí này").click()
    expect(page.get_by_role("heading")).to_have_text("Đã nhận vị trí")
    expect(page.locator("body")).to_contain_text("quay lại cuộc trò chuyện")
    site.settle()
    lan.hears("Đã ghi vị trí: Phường An Cựu")
