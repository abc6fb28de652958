"""What the bot is told: by getUpdates and by webhook, in order, until taken, and no more than it may hear."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Conflict

from bot.sandbox import world
from bot.sandbox.delivery import Delivery
from bot.sandbox.server import open_store, start_delivery
from bot.sandbox.store import Store


@pytest.fixture
def lan(people):
    return people.citizen(world.LAN)


@pytest.fixture
def duc(people):
    return people.as_person(world.AN_CUU, world.DUC)


def fetch(bot, call, **more):
    """What waits now, confirmed."""
    found = call(bot.get_updates(timeout=0, **more))
    if found:
        call(bot.get_updates(offset=found[-1].update_id + 1, timeout=0))
    return list(found)


def test_updates_stay_until_confirmed(bot, call, lan):
    lan.starts("to-7")
    first = call(bot.get_updates())
    assert first[0].message.text == "/start to-7"
    assert first[0].message.entities[0].type == "bot_command"
    assert [u.update_id for u in call(bot.get_updates())] == [first[0].update_id]
    lan.says("hai")
    left = call(bot.get_updates(offset=first[0].update_id + 1))
    assert [u.message.text for u in left] == ["hai"]


def test_a_long_poll_ends_with_the_first_news(bot, call, lan):
    timer = threading.Timer(0.3, lan.says, ["chào"])
    timer.start()
    assert call(bot.get_updates(timeout=20))[0].message.text == "chào"
    timer.join()


def test_kinds_that_must_be_asked_for(bot, call, people, duc):
    people.act("promote_bot", chat=world.AN_CUU)
    people.act("join", chat=world.AN_CUU, person=world.MINH)
    kinds = [(u.my_chat_member, u.chat_member, u.message) for u in fetch(bot, call)]
    assert [tuple(bool(part) for part in kind) for kind in kinds] == [
        (True, False, False),
        (False, False, True),
    ]
    fetch(bot, call, allowed_updates=["chat_member"])
    people.act("leave", chat=world.AN_CUU, person=world.MINH)
    moved = fetch(bot, call)
    assert [u.chat_member.new_chat_member.status for u in moved] == ["left"]


def test_privacy_mode(bot, call, duc):
    sent = call(bot.send_message(world.AN_CUU, "PA-7K3M-9QXC"))
    duc.says("chuyện riêng")
    duc.says("/viec")
    duc.says("/viec@SomeOtherBot")
    duc.says(f"nhờ @{world.BOT_USERNAME} xem")
    duc.says("đã xử lý", reply_to=sent.message_id)
    heard = [u.message.text for u in fetch(bot, call)]
    assert heard == ["/viec", f"nhờ @{world.BOT_USERNAME} xem", "đã xử lý"]


def test_an_administrator_hears_everything(bot, call, people, duc):
    people.act("promote_bot", chat=world.AN_CUU)
    duc.says("chuyện riêng")
    assert [u.message.text for u in fetch(bot, call) if u.message] == ["chuyện riêng"]


def test_an_album_comes_in_pieces(bot, call, lan):
    lan.sends_photo("lamp", "pothole", "rubbish", caption="Ba ảnh")
    got = [u.message for u in fetch(bot, call)]
    assert len(got) == 3 and len({m.media_group_id for m in got}) == 1
    assert [m.caption for m in got] == ["Ba ảnh", None, None]
    assert all(m.photo[-1].width == 1024 for m in got)


def test_every_kind_of_message(bot, call, lan):
    lan.sends_voice()
    lan.sends_video()
    lan.sends_document("pothole-gps")
    lan.sends_location(16.46, 107.59)
    lan.act("venue", lat=16.46, lon=107.59, title="Chợ", address="Huế")
    lan.act("contact")
    lan.act("sticker", samples=["sticker"])
    got = [u.message for u in fetch(bot, call)]
    assert [bool(m) for m in got] == [True] * 7
    assert got[0].voice and got[1].video and got[2].document.mime_type == "image/jpeg"
    assert got[3].location and got[4].venue and got[5].contact.user_id == world.LAN and got[6].sticker


def test_a_live_location_moves_as_edits(bot, call, lan):
    message = lan._said("live_location", lat=16.46, lon=107.59)
    lan.act("move_live", message=message, lat=16.47, lon=107.6)
    first, second = fetch(bot, call)
    assert first.message.location.to_dict()["live_period"] == 900
    assert second.edited_message.message_id == message and second.edited_message.location.latitude == 16.47


def test_edits_and_blocks(bot, call, lan, people):
    message = lan.says("môt")
    lan.edits(message, "một")
    people.act("block", person=world.LAN)
    people.act("unblock", person=world.LAN)
    got = fetch(bot, call)
    assert got[1].edited_message.text == "một"
    assert [u.my_chat_member.new_chat_member.status for u in got[2:]] == ["kicked", "member"]


def test_a_group_becomes_a_supergroup(bot, call, people):
    new = people.act("upgrade", chat=world.AN_CUU)["chat"]
    old_says, new_says = (u.message for u in fetch(bot, call))
    assert (old_says.chat.id, old_says.migrate_to_chat_id) == (world.AN_CUU, new)
    assert (new_says.chat.id, new_says.migrate_from_chat_id) == (new, world.AN_CUU)


def test_anonymous_administrators_write_as_the_group(bot, call, people, duc):
    people.act("set_anonymous", chat=world.AN_CUU, person=world.DUC)
    duc.says("/viec")
    message = fetch(bot, call)[0].message
    assert message.from_user.id == 1087968824 and message.sender_chat.id == world.AN_CUU


def test_buttons_true_and_forged(bot, call, people, lan, duc):
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Nhận", callback_data="take")]])
    sent = call(bot.send_message(world.AN_CUU, "thẻ", reply_markup=markup))
    duc.presses(sent.message_id, "take")
    stranger = people.as_person(world.AN_CUU, world.LAN)
    stranger.presses(sent.message_id, "close:9", forge=True)
    with pytest.raises(Exception, match="no such button"):
        duc.presses(sent.message_id, "close:9")
    with pytest.raises(Exception, match="not a member"):
        stranger.presses(sent.message_id, "take")
    got = [(u.callback_query.from_user.id, u.callback_query.data) for u in fetch(bot, call)]
    assert got == [(world.DUC, "take"), (world.LAN, "close:9")]
    people.advance("+1d")
    duc.presses(sent.message_id, "take")
    people.advance("+151s")
    assert fetch(bot, call) == []


# -- webhook ------------------------------------------------------------------------------------------


@dataclass
class Hook:
    """The bot's own web server, which can be told to fail."""

    address: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    fail: Any = None

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]

    def wait(self, count: int) -> None:
        until = time.monotonic() + 15
        while len(self.got) < count:
            assert time.monotonic() < until, self.got
            time.sleep(0.01)


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hook.secrets.append(self.headers.get("X-Telegram-Bot-Api-Secret-Token"))
            hook.got.append(update)
            self.send_response(hook.fail(update) if hook.fail else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hook.address = f"http://127.0.0.1:{server.server_port}/hooks/telegram"
    yield hook
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def delivery(state_dir) -> Iterator[None]:
    running = start_delivery(state_dir)
    yield
    running.stop()


def test_webhook_carries_the_secret(bot, call, lan, hook, delivery, people):
    call(bot.set_webhook(hook.address, secret_token="s-1"))
    with pytest.raises(Conflict):
        call(bot.get_updates())
    lan.says("chào")
    hook.wait(1)
    assert (hook.texts(), hook.secrets) == (["chào"], ["s-1"])
    people.wait_for(lambda seen: seen.bot["pending"] == 0)
    assert call(bot.get_webhook_info()).url == hook.address


def test_a_failing_update_holds_up_its_own_chat_only(bot, call, lan, people, hook, delivery):
    people.limits(retry_base_seconds=0.05)
    refusals = iter([503, 503, 500])
    hook.fail = lambda update: next(refusals, 200) if update["message"]["text"] == "một" else 200
    call(bot.set_webhook(hook.address, secret_token="s"))
    lan.says("một")
    lan.says("hai")
    people.citizen(world.MINH).says("ba")
    hook.wait(6)
    texts = hook.texts()
    assert [text for text in texts if text != "ba"] == ["một"] * 4 + ["hai"]
    assert len({update["update_id"] for update in hook.got}) == 3
    assert "500" in call(bot.get_webhook_info()).last_error_message


def test_two_processes_do_not_deliver_twice(bot, call, lan, people, hook, delivery, state_dir):
    other = Delivery(Store(state_dir)).start()
    call(bot.set_webhook(hook.address, secret_token="s"))
    for number in range(20):
        lan.says(str(number))
    hook.wait(20)
    people.wait_for(lambda seen: seen.bot["pending"] == 0)
    other.stop()
    assert hook.texts() == [str(number) for number in range(20)]


def test_updates_expire(bot, call, lan, people, state_dir):
    lan.says("cũ")
    people.advance("+25h")
    lan.says("mới")
    assert [u.message.text for u in fetch(bot, call)] == ["mới"]
    with open_store(state_dir).read() as tx:
        assert tx.all("SELECT * FROM updates") == []
