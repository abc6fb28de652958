"""Zalo's phones on the page, in a real browser: the OA's chat and its group, at the width of a telephone too."""

import re

import pytest
from playwright.sync_api import expect

from bot.sandbox.zalo.world import BINH, NAM, THUAN_HOA

pytestmark = pytest.mark.browser

BUTTONS = [
    {"title": "Phản ánh mới", "type": "oa.query.hide", "payload": "#new"},
    {"title": "Xem trên web", "type": "oa.open.url", "payload": {"url": "https://example.gov.vn/"}},
    {"title": "Gọi tổng đài", "type": "oa.open.phone", "payload": {"phone_code": "84123456789"}},
]


@pytest.fixture
def phones(page, address):
    """The open page; no error may have been written to its console."""
    faults = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}/sandbox")
    yield page
    assert faults == []


def phone(page, chat):
    return page.locator(f"#phone-{chat}")


def test_a_citizen_follows_and_taps(phones, zalo, people, hook):
    nam = phone(phones, NAM)
    expect(nam.locator(".window")).to_have_text("OA chưa được nhắn trước")
    nam.get_by_role("button", name="Quan tâm").click()
    expect(nam.locator(".window")).to_contain_text("Nhắn miễn phí đến")
    payload = {"type": "template", "payload": {"buttons": BUTTONS}}
    assert (
        zalo.message(NAM, {"text": "Xin chào <b>anh</b> https://example.gov.vn", "attachment": payload})["error"] == 0
    )
    expect(nam.locator(".bubble .text")).to_have_text("Xin chào <b>anh</b> https://example.gov.vn")
    expect(nam.locator(".bubble .text a")).to_have_attribute("href", "https://example.gov.vn")
    expect(nam.locator(".bubble .button")).to_have_text(["Phản ánh mới", "Xem trên web ↗", "Gọi tổng đài ☎"])
    nam.get_by_role("button", name="Phản ánh mới").click()
    people.wait_for(lambda _: [event for event in hook.events() if event.get("message", {}).get("text") == "#new"])
    expect(nam.locator(".block.mine")).to_have_count(0)  # what a hidden button says is not seen
    nam.get_by_role("textbox", name="Tin nhắn").fill("1")
    nam.get_by_role("textbox", name="Tin nhắn").press("Enter")
    expect(nam.locator(".block.mine .text")).to_have_text("1")


def test_photos_places_and_details(phones, zalo, people, hook):
    nam = phone(phones, NAM)
    nam.get_by_role("button", name="Quan tâm").click()
    nam.get_by_role("button", name="Đính kèm").click()
    expect(nam.get_by_text("trực tiếp")).to_have_count(0)
    nam.get_by_role("button", name="Đèn đường không sáng").click()
    nam.get_by_role("button", name="Ổ gà trên đường").click()
    nam.get_by_role("button", name="Gửi ảnh", exact=True).click()
    expect(nam.locator(".pictures.n1 img")).to_have_count(2)  # no albums on Zalo
    nam.get_by_role("button", name="Đính kèm").click()
    nam.get_by_role("button", name="Trung tâm Huế").click()
    expect(nam.locator(".place")).to_contain_text("16.46370, 107.59090")
    element = {"title": "Thông tin liên hệ", "subtitle": "Để phản hồi", "image_url": "https://example.gov.vn/a.png"}
    request = {"type": "template", "payload": {"template_type": "request_user_info", "elements": [element]}}
    zalo.message(NAM, {"attachment": request})
    nam.get_by_role("button", name="Chia sẻ thông tin").click()
    people.wait_for(lambda _: [event for event in hook.events() if event["event_name"] == "user_submit_info"])


def test_a_group_of_the_oa(phones, zalo, people):
    group = phone(phones, THUAN_HOA)
    assert zalo.in_group(THUAN_HOA, {"text": "PA-1\n1. Nhận xử lý"})["error"] == 0
    expect(group.locator(".sender")).to_contain_text("OA")
    group.get_by_role("combobox", name="Bạn là").select_option(label="Bùi Thị Bình")
    group.locator(".bubble").click()
    group.get_by_role("textbox", name="Tin nhắn").fill("PA-1 1")
    group.get_by_role("textbox", name="Tin nhắn").press("Enter")
    expect(group.locator(".block.mine .quote")).to_contain_text("Nhận xử lý")
    assert people.look().in_chat(THUAN_HOA)[-1]["from"]["id"] == BINH
    people.act("disable_group", chat=THUAN_HOA)
    expect(group.locator(".gate")).to_contain_text("hết hạn")
    group.get_by_role("button", name="Gia hạn nhóm").click()
    expect(group.locator(".gate")).to_be_hidden()


def test_windows_close_and_the_account_says_what_is_wrong(phones, people, zalo):
    nam = phone(phones, NAM)
    people.citizen(NAM).follows()
    people.advance("+3d")
    expect(nam.locator(".window")).to_contain_text("Nhắn có phí đến")
    people.advance("+5d")
    expect(nam.locator(".window")).to_contain_text("quá 7 ngày")
    phones.locator("#tool-zalo summary").click()
    phones.get_by_role("button", name="Thu hồi quyền").click()
    expect(phones.locator("#zalo-tokens")).to_have_text("không còn mã nào dùng được")
    phones.get_by_role("button", name="Cấp cặp mã khác").click()
    expect(phones.locator("#zalo-pair")).to_contain_text("refresh_token")
    phones.get_by_role("button", name="Tắt nhận tin").click()
    expect(nam.locator(".gate")).to_contain_text("đã tắt nhận tin")
    phones.get_by_role("button", name="EN").click()
    expect(nam.locator(".gate")).to_contain_text("You refuse")
    expect(phones.locator("#zalo-tokens")).to_have_text(re.compile("24 h left|25 h left"))


def test_faults_of_zalo_are_switched_on_the_page(phones, people, zalo):
    people.citizen(NAM).follows()
    phones.locator("#tool-faults summary").click()
    form = phones.locator("#fault-form")
    form.locator("[name=kind]").select_option("code")
    form.locator("[name=method]").select_option("zalo:message/cs")
    form.locator("[name=count]").fill("1")
    phones.get_by_role("button", name="Bật", exact=True).click()
    expect(phones.locator("#fault-list li")).to_contain_text("Zalo · message/cs")
    assert [zalo.text(NAM, "x")["error"] for _ in range(2)] == [-230, 0]
    expect(phones.locator("#fault-list li")).to_have_count(0)


def test_on_a_telephone(phones, people, zalo):
    people.citizen(NAM).follows()
    zalo.text(NAM, "Đường dẫn dài: https://example.gov.vn/" + "a" * 200)
    phones.set_viewport_size({"width": 390, "height": 844})
    phones.get_by_role("tab", name="Phan Văn Nam").click()
    nam = phone(phones, NAM)
    expect(nam.locator(".text")).to_be_visible()
    assert phones.evaluate("document.documentElement.scrollWidth") == 390
    assert nam.locator(".bubble").evaluate("element => element.getBoundingClientRect().right") <= 390
    phones.locator("#tool-zalo summary").click()
    expect(phones.locator("#zalo-facts")).to_be_visible()
    assert phones.evaluate("document.documentElement.scrollWidth") == 390
