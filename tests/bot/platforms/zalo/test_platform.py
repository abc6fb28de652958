"""The platform Zalo OA before a far end that keeps Zalo's limits, and errs when told to."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs
from werkzeug.wrappers import Response

from bot.platforms.zalo.platform import Zalo
from handlers.ports import File, Outgoing, QuotaSpent, SendLater, SendNever, SendUnknown, WindowClosed
from tests.bot.platforms.fake_zalo import ACCESS, CS, GROUP, FakeZalo, error
from tests.bot.platforms.zalo import payloads as zalo
from tests.bot.platforms.zalo.payloads import DUC, LAN
from tests.bot.platforms.zalo.test_media import noise
from workflows.messages import Line, Message, choice, say, text

NOW = datetime(2026, 11, 23, tzinfo=UTC)
YES, NO = choice("c:1:x:yes", "yes"), choice("c:1:x:no", "no")
ASK = Message((Line("ask"),), ((YES, NO),))
NUMBERED = "📷 Mời gửi ảnh\nVui lòng trả lời bằng số:\n1. Đồng ý\n2. Không"
CODE = "PA-7K3M-9QXC"
UPLOAD = "/v2.0/oa/upload/image"


class Clock:
    at = NOW

    def now(self):
        return self.at


@pytest.fixture
def far_end():
    server = FakeZalo()
    yield server
    server.stop()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make(far_end, words, clock):
    made = []

    def build(**more):
        options = zalo.options(access_token=ACCESS, api_url=far_end.url, oauth_url=far_end.url, **more)
        made.append(Zalo(options, words, clock.now))
        made[-1].client._sleep = lambda seconds: None
        return made[-1]

    yield build
    for platform in made:
        platform.close()


@pytest.fixture
def platform(make):
    return make()


def to(message, chat=LAN, **more):
    return Outgoing(chat, chat == zalo.GROUP, message, "vi", **more)


# --- choices -------------------------------------------------------------------------------------------------------


def test_choices_are_numbered_and_are_buttons_that_come_back_as_presses(platform, far_end):
    platform.send(to(ASK))
    (shown,) = far_end.shown
    assert shown.text == NUMBERED
    assert shown.buttons == (("Đồng ý", "#c:1:x:yes"), ("Không", "#c:1:x:no"))
    (call,) = far_end.calls(CS)
    assert call.body["message"]["attachment"] == {
        "type": "template",
        "payload": {
            "buttons": [
                {"title": "Đồng ý", "type": "oa.query.hide", "payload": "#c:1:x:yes"},
                {"title": "Không", "type": "oa.query.hide", "payload": "#c:1:x:no"},
            ]
        },
    }


@pytest.mark.parametrize("code", [-201, -233])
def test_an_account_without_buttons_is_sent_the_numbers_once_and_asked_no_more(platform, far_end, code):
    far_end.next[CS] = [error(code)]
    assert len(platform.send(to(ASK)).ids) == 1
    assert [(one.text, one.buttons) for one in far_end.shown] == [(NUMBERED, ())]
    platform.send(to(ASK))
    assert len(far_end.calls(CS)) == 3 and far_end.shown[-1].buttons == ()


def test_buttons_can_be_turned_off(make, far_end):
    make(buttons=False).send(to(ASK))
    assert (far_end.shown[0].text, far_end.shown[0].buttons) == (NUMBERED, ())


def test_more_choices_than_buttons_are_numbers_only(platform, far_end):
    many = Message((Line("ask"),), tuple((choice(f"c:{n}", "yes"),) for n in range(6)))
    platform.send(to(many))
    assert far_end.shown[0].buttons == () and "6. Đồng ý" in far_end.shown[0].text


def test_the_buttons_are_under_the_last_part(platform, far_end):
    long = Message((Line("bare", {"text": text("chữ " * 1000)}),), ((YES,),))
    platform.send(to(long))
    assert [bool(one.buttons) for one in far_end.shown] == [False, False, True]


def test_where_a_place_is_wanted_it_is_said_how_to_send_one(platform, far_end):
    platform.send(to(Message((Line("ask"),), wish="place")))
    assert far_end.texts(LAN) == ["📷 Mời gửi ảnh\nĐể gửi vị trí: bấm dấu + cạnh ô nhắn tin, rồi chọn Vị trí."]


def test_decomposed_letters_are_put_together_before_they_are_counted(platform, far_end):
    apart = unicodedata.normalize("NFD", "ộ" * 1900)
    platform.send(to(Message((Line("bare", {"text": text(apart)}),))))
    assert far_end.texts(LAN) == ["ộ" * 1900]


# --- groups --------------------------------------------------------------------------------------------------------


CARD = Message(
    (Line("bare", {"text": text("Đèn hỏng"), "code": text(CODE)}),),
    ((choice("d:7:claim", "yes"), choice("d:7:return", "no")),),
)


def test_a_card_in_a_group_is_text_with_its_code_and_numbered_moves(platform, far_end):
    platform.send(to(CARD, zalo.GROUP))
    (shown,) = far_end.shown
    assert shown.buttons == () and far_end.calls(CS) == []
    assert shown.text == (f"Đèn hỏng\nVui lòng trả lời bằng mã và số, ví dụ: {CODE} 1\n1. Đồng ý\n2. Không")


def test_lists_and_the_desks_own_questions_are_answered_by_numbers_alone(platform, far_end):
    lines = (Line("bare", {"text": text("x"), "code": text(CODE)}),)
    platform.send(to(Message(lines, ((choice("d:7:card", "yes"),),)), zalo.GROUP))
    platform.send(to(Message(lines, ((choice("p:3.1:send", "yes"),),)), zalo.GROUP))
    assert all("bằng số:" in shown.text and CODE not in shown.text for shown in far_end.shown)


@pytest.mark.parametrize("said", ["[@246845883529197922]", f"[@{zalo.GROUP}] cháy", "a [[@1]] b"])
def test_nobodys_words_mention_anybody_in_a_group(platform, far_end, said):
    platform.send(to(say("said", text=text(said)), zalo.GROUP))
    platform.send(to(say("said", text=text(said))))
    group, private = far_end.shown
    assert "[@" not in group.text and group.text == f"Nội dung: {said}".replace("[@", "[ @")
    assert private.text == f"Nội dung: {said}"


def test_an_answer_in_a_group_quotes_what_it_answers_where_it_can(platform, far_end):
    platform.send(to(ASK, zalo.GROUP, reply_to="77aa01"))
    far_end.next[GROUP] = [error(-201)]
    platform.send(to(ASK, zalo.GROUP, reply_to="long-gone"))
    assert [one.quote for one in far_end.shown] == ["77aa01", ""]


def test_members_are_looked_for_on_every_page(platform, far_end):
    far_end.members[zalo.GROUP] = [f"9{n}" for n in range(120)] + [DUC]
    assert platform.is_member(zalo.GROUP, DUC)
    assert not platform.is_member(zalo.GROUP, LAN)


def test_when_nobody_says_who_is_in_a_group_nobody_is_taken_for_a_member(platform, far_end):
    assert not platform.is_member("another-group", DUC)
    far_end.next["/v3.0/oa/group/listmember"] = [Response(status=500)] * 3
    with pytest.raises(SendUnknown):
        platform.is_member(zalo.GROUP, DUC)


# --- pictures and papers -------------------------------------------------------------------------------------------


def test_a_photo_goes_before_the_words_made_to_fit_and_is_uploaded_once(platform, far_end):
    photo = File("photo", noise(1100, 900, quality=100), "image/jpeg")
    platform.send(to(ASK, files=(photo,)))
    platform.send(to(CARD, zalo.GROUP, files=(photo,)))
    assert [bool(one.photo) for one in far_end.shown] == [True, False, True, False]
    assert len(far_end.calls(UPLOAD)) == 1
    (upload,) = far_end.calls(UPLOAD)
    assert upload.body == {} and upload.files["file"][:2] == ("file.jpg", "image/jpeg")


def test_an_upload_that_zalo_forgot_is_made_again(platform, far_end):
    photo = File("photo", noise(20, 20), "image/jpeg")
    platform.send(to(ASK, files=(photo,)))
    far_end.assets.clear()
    platform.send(to(ASK, files=(photo,)))
    assert len(far_end.calls(UPLOAD)) == 2 and len([one for one in far_end.shown if one.photo]) == 2


def test_an_upload_from_last_week_is_not_used(platform, far_end, clock):
    photo = File("photo", noise(20, 20), "image/jpeg")
    platform.send(to(ASK, files=(photo,)))
    clock.at += timedelta(days=6, minutes=1)
    platform.send(to(ASK, files=(photo,)))
    assert len(far_end.calls(UPLOAD)) == 2


def test_a_paper_is_sent_as_a_file_and_a_film_is_spoken_of(platform, far_end):
    paper, film = File("document", b"%PDF", "application/pdf"), File("video", b"film", "video/mp4")
    platform.send(to(Message((Line("ask"),)), files=(paper, film)))
    assert [(one.photo, one.text) for one in far_end.shown] == [
        (b"%PDF", ""),
        (b"", "📷 Mời gửi ảnh\n🎬 Video kèm theo: 1"),
    ]


def test_a_photo_that_cannot_be_opened_is_spoken_of(platform, far_end):
    platform.send(to(Message((Line("ask"),)), files=(File("photo", b"broken", "image/heic"),)))
    assert far_end.texts(LAN) == ["📷 Mời gửi ảnh\n📷 Ảnh kèm theo: 1"]


# --- trouble -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(-230), WindowClosed),
        (error(-211), QuotaSpent),
        (error(-213), SendNever),
        (Response("<html>bad gateway</html>"), SendUnknown),
        (Response("<html>", 502), SendUnknown),
        (Response('{"error": "x"}'), SendNever),
        (Response("[]"), SendUnknown),
    ],
)
def test_refusals_and_pages_that_are_no_answer(platform, far_end, answer, kind):
    far_end.next[CS] = [answer] * 3
    with pytest.raises(kind):
        platform.send(to(Message((Line("ask"),))))


def test_a_spent_rate_holds_the_whole_account_back_after_a_few_tries(platform, far_end):
    far_end.next[CS] = [error(-32)] * 3
    with pytest.raises(SendLater) as caught:
        platform.send(to(Message((Line("ask"),))))
    assert caught.value.whole_bot
    assert platform.send(to(Message((Line("ask"),)))).ids


def test_what_was_said_before_a_failure_is_not_said_again(platform, far_end):
    long = Message((Line("bare", {"text": text("chữ " * 1000)}),))
    far_end.next[CS] = [
        lambda heard: far_end._oa(heard) and Response('{"error":0,"data":{"message_id":"m0"}}'),
        error(-200),
    ]
    with pytest.raises(SendLater):
        platform.send(to(long))
    sent = platform.send(to(long))
    assert len(sent.ids) == 2 and "".join(far_end.texts(LAN)).count("chữ") == 1000


def test_a_message_without_an_id_in_the_answer_went_out_all_the_same(platform, far_end):
    far_end.next[CS] = [Response('{"error": 0, "data": {}}')] * 2
    first, second = (platform.send(to(Message((Line("ask"),)))).ids for _ in range(2))
    assert first and second and first != second


def test_nobody_there_is_for_later_and_no_token_is_in_any_log(make, far_end, caplog):
    caplog.set_level("DEBUG")
    platform = make()
    far_end.next[CS] = [error(-216, f"token {ACCESS} expired")]
    with capture_logs() as lines, pytest.raises(SendLater) as refused:
        platform.send(to(Message((Line("ask"),))))
    far_end.stop()
    with capture_logs() as more, pytest.raises(SendLater) as gone:
        platform.send(to(Message((Line("ask"),))))
    assert (refused.value.code, gone.value.code) == ("token_refused", "unreachable")
    assert [line["event"] for line in lines] == ["zalo.refused"]
    told = f"{lines}{more}{caplog.text}{refused.getrepr()}{gone.getrepr()}"
    assert ACCESS not in told and "app-secret-example" not in told
    far_end.__init__()


def test_a_visitor_of_the_website_is_answered_by_the_older_call(platform, far_end):
    platform.send(to(ASK, "anonymous:c1:a1"))
    assert far_end.texts("a1@c1") == [NUMBERED]


def test_who_we_are(platform):
    assert platform.me()["name"] == "Phản Ánh"
