"""The page with phones, in a real browser: it lives without reloading, on a desk and on a telephone."""

import re

import pytest
import requests
from playwright.sync_api import expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.sandbox import world
from bot.sandbox.zalo import world as zalo

pytestmark = pytest.mark.browser


@pytest.fixture
def api(address, state_dir):
    """Call a method of the Bot API and give its result; no event loop runs beside the browser's own."""

    root = f"{address}/sandbox/telegram/bot{world.bot_token(state_dir)}"

    def call(method, **params):
        answer = requests.post(f"{root}/{method}", json=params, timeout=10).json()
        assert answer["ok"], answer
        return answer["result"]

    return call


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
    return page.locator(f"#phone-{chat if isinstance(chat, str) else abs(chat)}")


def test_a_talk(phones, api, people):
    lan = phone(phones, world.LAN)
    lan.get_by_role("button", name="Bắt đầu").click()
    expect(lan.locator(".bubble")).to_have_text(re.compile("/start"))
    button = InlineKeyboardMarkup([[InlineKeyboardButton("Phản ánh mới", callback_data="new")]])
    api("sendMessage", chat_id=world.LAN, text="<b>Xin chào</b>", parse_mode="HTML", reply_markup=button.to_dict())
    expect(lan.locator(".bubble b")).to_have_text("Xin chào")
    lan.get_by_role("button", name="Phản ánh mới").click()
    pressed = people.wait_for(lambda _: [u for u in api("getUpdates") if "callback_query" in u])[0]
    api("answerCallbackQuery", callback_query_id=pressed["callback_query"]["id"], text="Đã ghi nhận")
    expect(lan.locator(".toast")).to_have_text("Đã ghi nhận")
    lan.locator(".bubble").last.click()
    expect(lan.locator(".quoted")).to_contain_text("Xin chào")
    lan.get_by_role("textbox", name="Tin nhắn").fill("Chào <bot>")
    lan.get_by_role("textbox", name="Tin nhắn").press("Enter")
    expect(lan.locator(".block.mine .text").last).to_have_text("Chào <bot>")
    assert api("getUpdates")[-1]["message"]["reply_to_message"]["text"] == "Xin chào"


def test_photos_and_places(phones, api, people):
    people.citizen(world.LAN).starts()
    keys = ReplyKeyboardMarkup([[KeyboardButton("Gửi vị trí", request_location=True)], ["Bỏ qua"]])
    api("sendMessage", chat_id=world.LAN, text="Ở đâu?", reply_markup=keys.to_dict())
    lan = phone(phones, world.LAN)
    lan.get_by_role("button", name="Gửi vị trí").click()
    lan.get_by_role("button", name="Phường An Cựu").click()
    expect(lan.locator(".place")).to_contain_text("16.45750, 107.62270")
    lan.get_by_role("button", name="Đính kèm").click()
    lan.get_by_role("button", name="Đèn đường không sáng").click()
    lan.get_by_role("button", name="Ổ gà trên đường").click()
    lan.get_by_role("button", name="Gửi ảnh").click()
    expect(lan.locator(".pictures.n2 img")).to_have_count(2)
    lan.get_by_role("button", name="Bỏ qua").click()
    expect(lan.locator(".text").last).to_have_text("Bỏ qua")


def test_a_group_seen_by_two_people(phones, people):
    group = phone(phones, world.AN_CUU)
    group.get_by_role("textbox", name="Tin nhắn").fill("đã nhận")
    group.get_by_role("button", name="Gửi").click()
    expect(group.locator(".block.mine")).to_have_count(1)
    group.get_by_role("combobox", name="Bạn là").select_option(label="Đỗ Thị Mai")
    expect(group.locator(".block.mine")).to_have_count(0)
    expect(group.locator(".sender")).to_have_text("Hoàng Văn Đức")
    people.act("upgrade", chat=world.AN_CUU)
    people.as_person(world.AN_CUU, world.DUC).says("nhóm mới")
    expect(group.locator(".text").last).to_have_text("nhóm mới")


def test_tools(phones, people):
    phones.get_by_text("Sự cố").first.click()
    phones.get_by_role("button", name="Bật").click()
    expect(phones.locator("#fault-list li")).to_have_count(1)
    phones.get_by_role("button", name="Tắt hết").click()
    expect(phones.locator("#fault-list li")).to_have_count(0)
    phones.locator("#tool-clock summary").click()
    phones.get_by_role("button", name="+3 ngày").click()
    expect(phones.locator("#clock-offset")).to_contain_text("3 ngày")
    phones.locator("#tool-group summary").click()
    phones.get_by_role("button", name="Xóa bot").click()
    expect(phone(phones, world.OPERATORS).locator(".gate")).to_contain_text("Bot không còn")
    phones.get_by_role("button", name="EN").click()
    expect(phone(phones, world.OPERATORS).locator(".gate")).to_contain_text("no longer")


def test_on_a_telephone_phones_are_tabs(phones, people):
    phones.set_viewport_size({"width": 390, "height": 844})
    expect(phones.locator(".phone:visible")).to_have_count(1)
    people.as_person(world.AN_CUU, world.MAI).says("có việc")
    tab = phones.get_by_role("tab", name="UBND phường An Cựu")
    expect(tab.locator(".count")).to_have_text("1")
    phones.get_by_role("tab", name="Nguyễn Thị Lan").press("ArrowRight")
    expect(phone(phones, zalo.NAM)).to_be_visible()
    tab.click()
    expect(phone(phones, world.AN_CUU).locator(".text")).to_have_text("có việc")
    assert phones.evaluate("document.documentElement.scrollWidth") == 390
