"""The map page over HTTP: whose link opens it, what it takes, what it refuses, and what a browser may do with it."""

import base64
import hashlib
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.pages import map_page
from bot.words.catalogue import read_texts
from handlers.map_page import MOST
from storage.models import Inbox, table_of
from tests.bot.pages.conftest import OA_ID

INBOX = table_of(Inbox)
AN_CUU = {"lat": "16.457500", "lon": "107.622700"}
VY_DA = {"lat": "16.481500", "lon": "107.624500"}
HANOI = {"lat": "21.03", "lon": "105.85"}


def kept(site):
    with site.world.store.read() as uow:
        return uow.connection.scalars(select(INBOX.c.payload).where(INBOX.c.kind == "page")).all()


def send(site, link, number=1, **form):
    return site.client.post(link, data={"number": str(number), **form})


@pytest.fixture
def lan(site):
    return site.asked("lan")


# --- the straight way ---------------------------------------------------------------------------------------------


def test_a_question_for_the_place_carries_a_link_and_the_link_opens_a_map(site, lan):
    lan.hears("Chọn trên bản đồ: http://127.0.0.1:")
    page = site.client.get(site.link(lan))
    assert page.status_code == 200
    assert 'lang="vi"' in page.text
    assert "Dùng vị trí của tôi" in page.text


def test_a_place_is_kept_and_only_the_chat_decides(site, lan):
    lan.listens()
    answer = send(site, site.link(lan), **AN_CUU, address=" đối diện  số 12 ")
    assert answer.status_code == 303
    assert [json.loads(payload) for payload in kept(site)] == [
        {"draft": 1, "lat": 16.4575, "lon": 107.6227, "address": "đối diện số 12"}
    ]
    lan.hears_nothing()
    site.settle()
    lan.hears("Đã ghi vị trí: Phường An Cựu")


def test_after_sending_the_page_says_to_go_back_and_offers_to_choose_again(site, lan):
    link = site.link(lan)
    answer = send(site, link, **AN_CUU)
    done = site.client.get(link.rsplit("/", 1)[0] + "/" + answer.headers["Location"])
    assert done.status_code == 200
    assert "quay lại cuộc trò chuyện" in done.text
    assert f'href="../{link.rsplit("/", 1)[1]}"' in done.text


def test_on_zalo_the_page_leads_back_to_the_account(site, lan):
    link = site.link(lan)
    assert "zalo.me" not in site.client.get(f"{link}/done").text
    with site.world.store.write() as uow:
        chat = uow.chats.find("plain", lan.chat)
        assert chat
        uow.chats.change(chat.id, platform="zalo")
    done = site.client.get(f"{link}/done").text
    assert re.search(rf'href="https://zalo.me/{OA_ID}">Quay lại Zalo<', done)


def test_pressing_twice_is_sending_once_and_another_place_corrects(site, lan):
    link = site.link(lan)
    assert [send(site, link, **AN_CUU).status_code for _ in range(3)] == [303] * 3
    assert len(kept(site)) == 1
    site.settle()
    again = re.search(r'name="number" value="(\d+)"', site.client.get(link).text)
    assert again
    assert again[1] == "2"
    send(site, link, number=2, **VY_DA)
    site.settle()
    lan.hears("Đã ghi vị trí: Phường Vỹ Dạ")


def test_without_scripts_an_address_is_enough(site, lan):
    page = site.client.get(site.link(lan)).text
    assert "Trình duyệt này không mở được bản đồ" in page
    assert re.search(r'<label for="address">', page)
    assert send(site, site.link(lan), lat="", lon="", address="12 Nguyễn Huệ, phường An Cựu").status_code == 303
    site.settle()
    lan.hears("Đã ghi vị trí: Phường An Cựu")


def test_the_page_speaks_the_language_of_the_chat(site, lan):
    lan.says("/ngonngu").picks("English")
    page = site.client.get(site.link(lan)).text
    assert 'lang="en"' in page
    assert "Use my position" in page
    assert "Chọn" not in page


# --- what is no place ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [{"lat": "0", "lon": "0"}, {"lat": "90.01", "lon": "107.6"}, {"lat": "16.4", "lon": "-180.5"},
     {"lat": "nan", "lon": "107.6"}, {"lat": "16.4", "lon": "inf"}, {"lat": "16.4"}, {"lon": "107.6"},
     {"lat": "16,4", "lon": "107,6"}, {"lat": "x" * 300, "lon": "1"}, {"lat": "1e400", "lon": "1"}],
)  # fmt: skip
def test_a_position_that_cannot_be_is_refused_and_the_form_keeps_what_was_typed(site, lan, form):
    answer = send(site, site.link(lan), **form, address="trước số 12")
    assert answer.status_code == 400
    assert "không có trên bản đồ" in answer.text
    assert 'value="trước số 12"' in answer.text
    assert kept(site) == []


@pytest.mark.parametrize(
    ("form", "words"),
    [({}, "Chưa có vị trí"), ({"address": " \0\n "}, "Chưa có vị trí"), ({"address": "ă" * 201}, "dài 201 ký tự")],
)
def test_a_form_without_a_place_is_refused(site, lan, form, words):
    answer = send(site, site.link(lan), **form)
    assert answer.status_code == 400
    assert words in answer.text
    assert kept(site) == []


def test_a_form_that_is_far_too_large_is_refused(site, lan):
    assert send(site, site.link(lan), address="x" * 100_000).status_code == 413
    assert kept(site) == []


def test_markup_in_what_was_typed_stays_text(site, lan):
    answer = send(site, site.link(lan), lat="0", lon="0", address='"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text


def test_outside_the_province_is_said_on_the_page_and_decided_in_the_chat(site, lan):
    link = site.link(lan)
    told = site.client.post(f"{link}/spot", json={"lat": 21.03, "lon": 105.85}).get_json()
    assert told["warn"]
    assert "nằm ngoài địa bàn thành phố Huế" in told["text"]
    assert send(site, link, **HANOI).status_code == 303
    site.settle()
    lan.hears("nằm ngoài địa bàn thành phố Huế", "Sự việc xảy ra ở đâu")


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "99999999999999999999", "²"])
def test_a_forged_number_of_a_sending_does_no_harm(site, lan, number):
    assert site.client.post(site.link(lan), data={"number": number, **AN_CUU}).status_code == 303
    assert len(kept(site)) == 1


def test_a_link_that_was_used_very_often_says_so(site, lan):
    link = site.link(lan)
    for number in range(MOST):
        assert send(site, link, number + 1, lat=str(16.45 + number / 1000), lon="107.62").status_code == 303
    answer = send(site, link, MOST, **VY_DA)
    assert answer.status_code == 429
    assert "gõ địa chỉ trong cuộc trò chuyện" in answer.text
    assert len(kept(site)) == MOST


def test_what_cannot_be_kept_is_not_lost_in_silence(site, lan, monkeypatch):
    link = site.link(lan)

    def away(*_):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr("handlers.map_page._keep", away)
    answer = send(site, link, **AN_CUU)
    assert answer.status_code == 503
    assert "bấm gửi lại" in answer.text
    assert f'name="lat" value="{AN_CUU["lat"]}"' in answer.text


# --- whose link ---------------------------------------------------------------------------------------------------


def changed(link):
    """The same link with each of some characters changed, cut, and made longer."""
    path, token = link.rsplit("/", 1)
    for place in (0, 5, 20, len(token) - 2):
        yield f"{path}/{token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}"
    yield from (f"{path}/{token[:-1]}", f"{path}/{token}A", f"{path}/x", f"{path}/{'%00' * 3}", f"{path}/ă")


def test_a_forged_link_opens_nothing(site, lan):
    for link in changed(site.link(lan)):
        for answer in (site.client.get(link), send(site, link, **AN_CUU), site.client.get(f"{link}/done")):
            assert answer.status_code == 404
            assert "Liên kết không đúng" in answer.text
            assert "This link is not right" in answer.text
        assert site.client.post(f"{link}/spot", json={"lat": 16.4, "lon": 107.6}).status_code == 400
    assert kept(site) == []


def test_a_link_of_another_page_opens_no_map(site, lan):
    token = site.world.tools.pages.token("case", 1, 1)
    assert site.client.get(f"/m/{token}").status_code == 404


def test_an_expired_link_says_how_to_get_another_and_that_one_works(site, lan):
    link = site.link(lan)
    site.world.clock.at += timedelta(hours=23, minutes=59)
    assert site.client.get(link).status_code == 200
    site.world.clock.at += timedelta(minutes=2)
    for answer in (site.client.get(link), send(site, link, **AN_CUU)):
        assert answer.status_code == 410
        assert "nhắn “bản đồ”" in answer.text
    assert kept(site) == []
    lan.says("bản đồ").hears("Sự việc xảy ra ở đâu")
    assert site.client.get(site.link(lan)).status_code == 200


def test_a_link_of_a_sent_report_says_so(site, lan):
    link = site.link(lan)
    lan.says("12 Nguyễn Huệ, phường An Cựu").picks("Chiếu sáng").picks("Gửi phản ánh").hears("Mã phản ánh")
    answer = site.client.get(link)
    assert answer.status_code == 410
    assert "đã được gửi hoặc đã bỏ" in answer.text


def test_a_page_left_open_until_the_report_was_sent_loses_nothing(site, lan):
    link = site.link(lan)
    lan.says("12 Nguyễn Huệ, phường An Cựu").picks("Chiếu sáng").picks("Gửi phản ánh")
    assert send(site, link, **VY_DA).status_code == 303
    site.settle()
    lan.hears("thuộc về một phản ánh đã gửi hoặc đã bỏ", "đang nói về phản ánh nào")


def test_a_link_opens_nothing_of_what_was_said(site, lan):
    """Whoever a link is passed on to sees neither the place nor the words of the report."""
    link = site.link(lan)
    send(site, link, **AN_CUU, address="đối diện số 12")
    site.settle()
    page = site.client.get(link).text
    for secret in ("16.4575", "số 12", "Đèn đường", "Riêng", lan.chat):
        assert secret not in page


# --- what a browser may do ----------------------------------------------------------------------------------------


def every_address(page):
    return re.findall(r"""(?:src|href|action)=["']([^"']+)""", page)


def test_no_page_asks_anybody_else_for_anything(site, lan):
    link = site.link(lan)
    for page in (site.client.get(link), site.client.get("/m/x"), site.client.get(f"{link}/done")):
        assert not [address for address in every_address(page.text) if "://" in address]
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", page.text)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize(
    "web_settings",
    [{"map_tiles": "https://{s}.tiles.example.vn/{z}/{x}/{y}.png", "map_attribution": "© <b>Bản đồ</b>"}],
)
def test_tiles_are_asked_for_where_they_are_set_and_learn_no_link(site, lan):
    page = site.client.get(site.link(lan))
    assert "img-src 'self' data: https://*.tiles.example.vn;" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "https://{s}.tiles.example.vn/{z}/{x}/{y}.png" in page.text
    assert "© &lt;b&gt;" in page.text


def test_the_files_of_the_page_are_there_small_and_kept_by_browsers(site, lan):
    page = site.client.get(site.link(lan)).text
    for address in [address for address in every_address(page) if address.startswith("static/")]:
        plain = site.client.get(f"/m/{address}")
        small = site.client.get(f"/m/{address}", headers={"Accept-Encoding": "gzip"})
        assert (plain.status_code, small.status_code) == (200, 200)
        assert small.headers["Content-Encoding"] == "gzip"
        assert plain.headers["Vary"] == "Accept-Encoding"
        known = {"If-None-Match": plain.headers["ETag"]}
        assert site.client.get(f"/m/{address}", headers=known).status_code == 304
    for address in ("/m/static/leaflet/LICENSE", "/m/static/map/map.js"):
        assert site.client.get(address).status_code == 200
    for address in ("/m/static/../map_page.py", "/m/static/map/..%2f..%2f__init__.py", "/m/static/vendored.json"):
        assert site.client.get(address).status_code == 404


def test_the_whole_page_is_light(site, lan):
    link = site.link(lan)
    page = site.client.get(link)
    parts = [f"/m/{one}" for one in every_address(page.text) if one.startswith("static/")] + ["/m/areas.json"]
    sizes = [len(site.client.get(one, headers={"Accept-Encoding": "gzip"}).data) for one in parts]
    assert sum(sizes) + len(page.data) < 100_000


def test_what_is_vendored_is_what_was_published():
    record = json.loads((map_page.STATIC / "vendored.json").read_text())
    assert record["leaflet"]["version"].startswith("1.9.")
    for name, digest in record["leaflet"]["files"].items():
        found = hashlib.sha512((map_page.STATIC / name).read_bytes()).digest()
        assert digest == f"sha512-{base64.b64encode(found).decode()}"
    assert "BSD 2-Clause" in (map_page.STATIC / "leaflet" / "LICENSE").read_text()


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{}", b'{"lat":"x","lon":1}', b'{"lat":null,"lon":null}', b"\xff"])
def test_a_question_about_a_point_that_is_none_is_refused(site, lan, body):
    answer = site.client.post(f"{site.link(lan)}/spot", data=body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("point", "words"),
    [((16.4575, 107.6227), "Phường An Cựu"), ((16.466, 107.574), "gần ranh giới"), ((0, 0), "không có trên bản đồ"),
     ((91, 0), "không có trên bản đồ")],
)  # fmt: skip
def test_what_a_point_lies_in(site, lan, point, words):
    told = site.client.post(f"{site.link(lan)}/spot", json=dict(zip(("lat", "lon"), point, strict=True))).get_json()
    assert words in told["text"]


def test_every_word_of_the_script_has_words():
    script = (map_page.STATIC / "map" / "map.js").read_text()
    used = set(re.findall(r"words\.(\w+)", script))
    assert used == {*map_page.IN_SCRIPT, "unmapped"}
    for language in ("vi", "en"):
        assert {f"map.{name}" for name in map_page.IN_SCRIPT} <= read_texts()[language].keys()
