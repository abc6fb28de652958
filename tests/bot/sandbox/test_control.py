"""The control API: the world is seen as it changes, only the page's own origin may act, and wishes are checked."""

import io

import pytest
import requests
from PIL import Image

from bot.sandbox import samples, world
from bot.sandbox.client import SandboxError
from bot.sandbox.world import bot_token


def test_the_first_day(people):
    seen = people.look()
    assert seen.people[world.LAN]["name"] == "Nguyễn Thị Lan"
    group = seen.chats[world.AN_CUU]
    assert (group["title"], group["bot_status"], len(group["members"])) == ("UBND phường An Cựu", "member", 2)
    assert seen.chats[world.CONSTRUCTION]["type"] == "supergroup"


def test_only_what_changed_is_told(people, address):
    version = people.look().version
    message = people.citizen(world.LAN).says("chào")
    state = requests.get(f"{address}/sandbox/api/state", {"since": version}, timeout=5).json()
    assert [m["message_id"] for m in state["messages"]] == [message]
    assert [chat["id"] for chat in state["chats"]] == [world.LAN]
    again = requests.get(f"{address}/sandbox/api/state", {"since": state["version"]}, timeout=5).json()
    assert (again["messages"], again["chats"], again["people"]) == ([], [], [])


@pytest.mark.parametrize("headers", [{}, {"X-Sandbox": "0"}, {"X-Sandbox": "1", "Origin": "http://evil.example"}])
def test_foreign_pages_cannot_act(address, headers):
    wish = {"act": "text", "chat": world.LAN, "person": world.LAN, "text": "x"}
    assert requests.post(f"{address}/sandbox/api/act", json=wish, headers=headers, timeout=5).status_code == 403


def test_the_page_allows_no_foreign_script(address):
    page = requests.get(f"{address}/sandbox", timeout=5)
    assert page.status_code == 200 and "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text and "style=" not in page.text
    assert requests.get(f"{address}/sandbox/static/../server.py", timeout=5).status_code == 404


def test_the_token_is_nowhere_on_the_page(people, address, state_dir):
    people.citizen(world.LAN).sends_photo("lamp")
    state = requests.get(f"{address}/sandbox/api/state", timeout=5).text
    assert bot_token(state_dir).split(":")[1] not in state
    assert (state_dir / "sandbox-token").stat().st_mode & 0o077 == 0


def test_media_are_shown_and_uploads_taken(people, tmp_path):
    lan = people.citizen(world.LAN)
    lan.sends_photo("lamp")
    picture = tmp_path / "my.png"
    Image.new("RGB", (2000, 1000), "red").save(picture)
    lan.uploads("photo", picture, mime="image/png")
    first, second = (m["media"] for m in people.look().in_chat(world.LAN))
    assert Image.open(io.BytesIO(people.media(first["thumb"]))).size == (320, 240)
    assert (second["width"], second["height"]) == (1280, 640)


def test_a_file_of_another_kind_is_never_shown_by_the_browser(people, address):
    page = ("a.html", b"<script>alert(1)</script>", "text/html")
    people.act("document", chat=world.LAN, person=world.LAN, files=[page])
    url = people.look().in_chat(world.LAN)[-1]["media"]["url"]
    answer = requests.get(address + url, timeout=5)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"act": "fly"}, "unknown act"),
        ({"act": "text", "chat": world.LAN, "person": world.MINH, "text": "x"}, "somebody else's"),
        ({"act": "text", "chat": world.AN_CUU, "person": world.LAN, "text": "x"}, "not a member"),
        ({"act": "text", "chat": world.LAN, "person": world.LAN, "text": " "}, "not empty"),
        ({"act": "text", "chat": 5, "person": world.LAN, "text": "x"}, "no such chat"),
        ({"act": "photo", "chat": world.LAN, "person": world.LAN, "samples": ["moon"]}, "no such sample"),
        ({"act": "location", "chat": world.LAN, "person": world.LAN, "lat": 99, "lon": 0}, "latitude"),
        ({"act": "location", "chat": world.LAN, "person": world.LAN, "lat": "x", "lon": 0}, "number"),
        ({"act": "set_topics", "chat": world.AN_CUU}, "upgrade the group first"),
        ({"act": "edit", "chat": world.LAN, "person": world.LAN, "message": 99, "text": "x"}, "own messages"),
    ],
)
def test_impossible_wishes(people, wish, words):
    with pytest.raises(SandboxError, match=words):
        people._post("act", wish)


def test_new_people_and_groups(people):
    first, second = people.add_people("Hoa", "Bình")
    group = people.add_group("Tổ dân phố 5", [first, second], kind="supergroup")
    people.as_person(group, second).says("chào")
    assert people.look().in_chat(group)[0]["from"]["name"] == "Bình"


def test_a_long_text_leaves_in_pieces(people):
    people.citizen(world.LAN).says("ă" * 10_000)
    assert [len(m["text"]) for m in people.look().in_chat(world.LAN)] == [4096, 4096, 1808]


def test_an_upgraded_group_is_followed(people):
    duc = people.as_person(world.AN_CUU, world.DUC)
    duc.says("trước")
    people.act("upgrade", chat=world.AN_CUU)
    duc.says("sau")
    assert [m["text"] for m in people.look().in_chat(world.AN_CUU)] == ["", "sau"]


def test_limits_are_checked(people):
    assert people.limits()["chat_per_second"] == 1.0
    for wish in ({"speed": 3}, {"chat_burst": 0}, {"chat_burst": "x"}):
        with pytest.raises(SandboxError):
            people.limits(**wish)


def test_the_clock(people):
    assert people.advance("+3d")["offset_seconds"] == 3 * 86400
    with pytest.raises(SandboxError, match="write a step"):
        people.advance("soon")


def test_samples_are_small_and_one_has_coordinates():
    for name, (file, _, kind, _, _) in samples.FILES.items():
        data = samples.upload(name).data
        assert len(data) < 60_000, file
        if kind in ("photo", "document"):
            exif = Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)
            assert bool(exif) is (name == "pothole-gps")
