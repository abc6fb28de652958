"""Journeys on the platform Telegram: the real client over HTTP against the sandbox's Bot API server."""

import json
import logging
import threading
from datetime import datetime

import pytest
from werkzeug.serving import make_server

from bot import rehearsal
from bot.platforms.telegram.client import Telegram
from bot.platforms.telegram.door import TelegramOptions
from bot.sandbox import world as sandbox
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import create_app
from handlers.case_command import Wanted, move_by_code
from handlers.digests import send_digests
from handlers.receive import Received, receive
from handlers.reminding import remind
from storage.models import Inbox, table_of
from tests.world import World
from workflows.actions import Action
from workflows.case.calendar import VIETNAM
from workflows.case.model import State

SPOT = (16.4575, 107.6227)  # in the sample's phường An Cựu
INBOX = table_of(Inbox)


class Stage:
    """One world with Telegram as its platform; updates are fetched, worked and answered by ``goes_on``."""

    def __init__(self, url, folder):
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.server = make_server("127.0.0.1", 0, create_app(folder / "far"), threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        address = f"http://127.0.0.1:{self.server.server_port}"
        self.people = SandboxClient(address)
        self.people.limits(rates=False)
        self.world = World(url, folder)
        options = TelegramOptions(sandbox.bot_token(folder / "far"), f"{address}/sandbox/telegram")
        self.telegram = Telegram(options, self.world.words)
        self.telegram.me()
        self.world.tools.platforms["telegram"] = self.telegram
        rehearsal.prepare(self.world.store, self.world.clock.now())
        self.offset = 0
        self.updates = []

    def close(self):
        self.people.close()
        self.telegram.close()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.world.close()

    def goes_on(self):
        """Everything that happened is told, worked and answered; photos and albums get their few seconds."""
        for _ in range(3):
            for update in self.telegram.get_updates(self.offset or None, 0):
                self.offset = json.loads(update)["update_id"] + 1
                self.updates.append(update)
                receive(self.world.tools, self.telegram, update.encode())
            self.world.forward(seconds=3)

    def one(self, chat, person):
        return Actor(self, chat, person)

    @property
    def case(self):
        with self.world.store.read() as uow:
            return uow.cases.listing()[-1].case


class Actor:
    """Somebody with a phone."""

    def __init__(self, stage, chat, person):
        self.stage, self.person, self.chat = stage, stage.people.as_person(chat, person), chat

    def __getattr__(self, act):
        def do(*args, **more):
            getattr(self.person, act)(*args, **more)
            self.stage.goes_on()
            return self

        return do

    def presses(self, label):
        self.person.presses_words(label, timeout=0)
        self.stage.goes_on()
        return self

    @property
    def told(self):
        return [message["text"] for message in self.stage.people.look().from_bot(self.chat)]

    def hears(self, *parts):
        for part in parts:
            assert any(part in text for text in self.told), f"not heard: {part}\n" + "\n---\n".join(self.told[-4:])
        return self

    def last(self, words):
        """The id of the newest message of the bot with these words."""
        said = [one for one in self.stage.people.look().from_bot(self.chat) if words in one["text"]]
        assert said, f"not heard: {words}\n" + "\n---\n".join(self.told[-4:])
        return said[-1]["message_id"]


@pytest.fixture
def stage(ready_url, tmp_path):
    stage = Stage(ready_url, tmp_path)
    yield stage
    stage.close()


@pytest.fixture
def lan(stage):
    return stage.one(sandbox.LAN, sandbox.LAN)


@pytest.fixture
def duc(stage):
    return stage.one(sandbox.AN_CUU, sandbox.DUC)


@pytest.fixture
def reported(lan):
    lan.starts().presses("Gửi phản ánh mới").presses("Đồng ý")
    lan.sends_photo("lamp", caption="Đèn đường trước số nhà 12 hỏng").sends_location(*SPOT).presses("Chiếu sáng")
    return lan.presses("Gửi phản ánh").hears("Mã phản ánh", "được chuyển đến")


def test_from_photo_to_closed_with_rating(stage, lan, duc, reported):
    code = stage.case.code
    duc.hears(code, "Đèn đường trước số nhà 12")
    duc.presses("Nhận xử lý").hears("Đang xử lý")
    duc.presses("Báo kết quả").presses("Đã khắc phục")
    duc.sends_photo("lamp-after", caption="Đã thay bóng đèn mới", reply_to=duc.last("ảnh sau khi xử lý"))
    duc.hears("Người dân sẽ nhận").presses("Gửi")
    lan.hears("đã xử lý xong", "Đã thay bóng đèn mới").presses("Rất hài lòng").hears("Cảm ơn")
    assert stage.case.state is State.CLOSED
    assert stage.case.rating == 5
    secrets = (str(sandbox.LAN), "Nguyễn Thị Lan", "Lan Nguyễn")
    for chat in (sandbox.AN_CUU, sandbox.OPERATORS, sandbox.CONSTRUCTION):
        for message in stage.people.look().from_bot(chat):
            assert not [secret for secret in secrets if secret in json.dumps(message, ensure_ascii=False)]


def test_each_press_is_acknowledged_once_right_before_its_answer(stage, lan, monkeypatch):
    asked, acknowledge, send = [], stage.telegram.acknowledge, stage.telegram.send
    monkeypatch.setattr(stage.telegram, "acknowledge", lambda *press: (asked.append("press"), acknowledge(*press)))
    monkeypatch.setattr(stage.telegram, "send", lambda outgoing: (asked.append("message"), send(outgoing))[1])
    lan.starts().presses("Gửi phản ánh mới").presses("Đồng ý")
    assert asked == ["message", "press", "message", "press", "message"]


def test_the_card_is_one_message_that_is_kept_up_to_date(stage, lan, duc, reported):
    code = stage.case.code
    duc.presses("Nhận xử lý")
    cards = [text for text in duc.told if text.startswith(code) and "Hạn:" in text]
    assert len(cards) == 1
    assert "Đang xử lý" in cards[0]


def test_a_question_is_answered_by_replying(stage, lan, duc, reported):
    duc.presses("Nhận xử lý").presses("Hỏi người dân")
    duc.says("Cột đèn số mấy?", reply_to=duc.last("Mời ghi câu hỏi")).presses("Gửi")
    lan.hears("Cột đèn số mấy?").says("Số 14", reply_to=lan.last("Cột đèn số mấy?"))
    duc.hears("Người dân trả lời", "Số 14")
    assert stage.case.state is State.IN_PROGRESS


def test_a_forwarded_or_forged_button_does_nothing_for_a_stranger(stage, lan, duc, reported):
    code = stage.case.code
    minh = stage.one(sandbox.MINH, sandbox.MINH).starts()
    card = duc.last(code)
    with stage.world.store.read() as uow:
        case_id = uow.cases.by_code(code).id
    for data in (f"d:{case_id}:claim", f"k:{case_id}:withdraw", f"k:{case_id}:rate:1"):
        minh.person.presses(minh.last(""), data, forge=True)
        stage.one(sandbox.AN_CUU, sandbox.MINH).person.presses(card, data, forge=True)
        stage.goes_on()
    assert stage.case.state is State.ASSIGNED
    assert not any("Đèn đường trước" in text for text in minh.told)
    assert any("không có trong nhóm" in toast["text"] for toast in stage.people.look().toasts.values())


def test_a_group_becomes_a_supergroup_and_goes_on(stage, lan, duc, reported):
    code = stage.case.code
    duc.person.act("upgrade")
    stage.goes_on()
    moved = stage.one(stage.people.look().chats[sandbox.AN_CUU]["migrated_to"], sandbox.DUC)
    moved.hears(code).presses("Nhận xử lý")
    assert stage.case.state is State.IN_PROGRESS


def test_a_forum_gets_a_topic_for_each_case(stage, lan):
    huy = stage.one(sandbox.CONSTRUCTION, sandbox.HUY)
    huy.person.act("promote_bot")
    huy.person.act("set_topics", on=True, promote=True)
    stage.goes_on()
    huy.says("chào cả nhóm")
    lan.starts().presses("Gửi phản ánh mới").presses("Đồng ý").sends_photo("lamp", caption="Đèn đường hỏng ba tối nay")
    lan.says("Đường Nguyễn Tất Thành").presses("Chiếu sáng")
    lan.presses("Gửi phản ánh").hears("Mã phản ánh")
    code = stage.case.code
    chat = stage.people.look().chats[sandbox.CONSTRUCTION]
    assert any(code in topic["name"] for topic in chat["topics"])
    huy.presses("Nhận xử lý")
    assert stage.case.state is State.IN_PROGRESS


def test_the_same_updates_once_more_change_nothing(stage, lan, duc, reported):
    before = (len(lan.told), len(duc.told))
    for update in stage.updates:
        assert receive(stage.world.tools, stage.telegram, update.encode()) is Received.KNOWN
    stage.goes_on()
    assert (len(lan.told), len(duc.told)) == before


@pytest.mark.parametrize(("kind", "more"), [("429", {"value": 2}), ("500", {"after": True}), ("drop", {}), ("500", {})])
def test_faults_of_the_far_end_delay_and_lose_nothing(stage, lan, kind, more):
    lan.starts().presses("Gửi phản ánh mới")
    stage.people.fault(kind, method="sendMessage", count=2, **more)
    lan.presses("Đồng ý")
    stage.world.forward(minutes=1)
    stage.world.forward(minutes=1)
    said = [text for text in lan.told if "gửi ảnh hoặc video" in text]
    assert 1 <= len(said) <= (3 if more.get("after") else 1)


def test_an_album_of_three_is_one_answer(stage, lan):
    lan.starts().presses("Gửi phản ánh mới").presses("Đồng ý")
    before = len(lan.told)
    lan.sends_photo("lamp", "pothole", "rubbish", caption="Nhiều việc ở hẻm này")
    assert len(lan.told) == before + 1
    lan.hears("3 ảnh")


def test_words_voice_video_and_contacts(stage, lan):
    lan.starts().presses("Gửi phản ánh mới").presses("Đồng ý")
    lan.person.act("contact")
    stage.goes_on()
    lan.hears("không nhận danh bạ")
    lan.person.act("sticker", samples=["sticker"])
    stage.goes_on()
    lan.hears("chưa đọc được")
    lan.sends_video().hears("Sự việc xảy ra ở đâu")


# --- reports about officials (R61) -----------------------------------------------------------------------------------


@pytest.fixture
def line(stage):
    """The group of the sandbox that is the inspection line's here."""
    with stage.world.store.write() as uow:
        uow.agencies.change(uow.agencies.by_code("so-xay-dung").id, kind="inspection", vi="Thanh tra tỉnh")
    stage.world.tools.knowledge.forget()
    return stage.one(sandbox.CONSTRUCTION, sandbox.HUY)


def test_a_report_about_officials_by_taps_from_the_question_to_the_answer(stage, lan, duc, line):
    lan.starts().presses("Gửi phản ánh mới").presses("Đồng ý")
    lan.sends_photo("lamp", caption="Hồ sơ đất nộp ba tháng, cán bộ hẹn mãi").sends_location(*SPOT)
    lan.presses("Chậm trễ")
    lan.hears("có nói về việc làm của cán bộ, cơ quan nhà nước không?").presses("Có")
    lan.hears("Chỉ bộ phận thanh tra xem").presses("UBND phường An Cựu").presses("Gửi phản ánh")
    line.hears("Hồ sơ đất", "Nói về: UBND phường An Cựu")
    line.presses("Nhận xử lý").presses("Báo kết quả").presses("Đã giải thích")
    line.says("Đã yêu cầu trả hồ sơ.", reply_to=line.last("Mời ghi")).presses("Gửi")
    lan.hears("Thanh tra tỉnh đã trả lời", "Đã yêu cầu trả hồ sơ").presses("Hài lòng")
    assert stage.case.state is State.CLOSED
    for group in (sandbox.AN_CUU, sandbox.OPERATORS):
        assert not any("Hồ sơ đất" in text for text in stage.one(group, sandbox.DUC).told)


@pytest.mark.parametrize("photos", [("lamp",), ("lamp", "pothole", "rubbish")])
def test_found_out_later_words_and_photos_are_gone_from_the_group(stage, lan, duc, line, photos):
    lan.starts().presses("Gửi phản ánh mới").presses("Đồng ý")
    lan.sends_photo(*photos, caption="Đèn đường trước số nhà 12 hỏng").sends_location(*SPOT).presses("Chiếu sáng")
    lan.presses("Gửi phản ánh")
    duc.hears(stage.case.code, "Đèn đường trước").presses("Nhận xử lý").presses("Hỏi người dân")
    duc.says("Cột số mấy?", reply_to=duc.last("Mời ghi câu hỏi")).presses("Gửi")
    lan.says("Số 14", reply_to=lan.last("Cột số mấy?"))
    moved = move_by_code(stage.world.tools, stage.case.code, Wanted(Action.SET_SENSITIVE), dry_run=False)
    assert moved.refusal is None
    stage.goes_on()
    left = stage.people.look().from_bot(sandbox.AN_CUU)
    about = [one for one in left if stage.case.code in one["text"]]
    assert [one["text"] for one in about] == [f"{stage.case.code}: phản ánh không còn do đơn vị xử lý."]
    assert not [one for one in left if one.get("media") or "Đèn đường" in one["text"] or "Số 14" in one["text"]]
    line.hears(stage.case.code, "Đèn đường trước")


def morning(stage, day, hour=8):
    """What comes by itself at this hour of a day of 2026."""
    number, month = map(int, day.split("/"))
    stage.world.clock.at = datetime(2026, month, number, hour, tzinfo=VIETNAM)
    remind(stage.world.tools)
    send_digests(stage.world.tools)
    stage.goes_on()


def test_reminders_the_digest_and_a_card_that_says_how_late_it_is(stage, lan, duc, reported):
    code = stage.case.code
    duc.presses("Nhận xử lý")
    morning(stage, "30/11")
    duc.hears("Còn 1 ngày làm việc đến hạn xử lý: hết ngày thứ Ba, 01/12/2026")
    morning(stage, "2/12")
    duc.hears("Đã quá hạn xử lý 1 ngày làm việc", f"1 phản ánh quá hạn: {code}")
    lan.hears("đã quá hạn", "UBND phường An Cựu xin lỗi")
    morning(stage, "9/12")
    cards = [text for text in duc.told if text.startswith(code) and "Đèn đường trước" in text]
    assert len(cards) == 1, "it is edited where it stands"
    assert "Mức quá hạn: 2× thời hạn" in cards[0]


def test_a_promise_by_buttons_and_replies(stage, lan, duc, reported):
    duc.presses("Nhận xử lý").presses("Báo kết quả").presses("Hẹn ngày xử lý")
    duc.presses("Thứ 6, 27/11")
    duc.says("Thứ Sáu có bóng mới.", reply_to=duc.last("Mời")).presses("Gửi")
    lan.hears("Ngày hẹn làm xong: hết ngày thứ Sáu, 27/11/2026")
    morning(stage, "28/11", 9)
    lan.hears("Ngày đã hẹn", "đã qua")
    duc.presses("Đã làm như hẹn").says("Đã thay bóng.", reply_to=duc.last("Đã làm gì?")).presses("Gửi")
    lan.hears("trễ hơn ngày hẹn", "Đã thay bóng.")
