"""The Bot API methods, called by the real python-telegram-bot over HTTP."""

import io

import pytest
import requests
from PIL import Image
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, Forbidden, RetryAfter

from bot.sandbox import samples, world

LAMP = samples.upload("lamp").data


def refused(words: str):
    """A 400 with these words, whatever their case (the client capitalises the first)."""
    return pytest.raises(BadRequest, match=f"(?i){words}")


def button(data: str = "go", text: str = "Nhận") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])


@pytest.fixture
def lan(people):
    """Lan, who has pressed Start."""
    person = people.citizen(world.LAN)
    person.starts()
    return person


def test_the_bot_knows_itself(bot):
    assert bot.username == world.BOT_USERNAME
    assert len(bot.token.split(":")[1]) == 35


def test_a_person_who_never_started_cannot_be_written_to(bot, call, people):
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        call(bot.send_message(world.LAN, "x"))
    with refused("Chat not found"):
        call(bot.send_message(12345, "x"))
    people.citizen(world.LAN).starts()
    assert call(bot.send_message(world.LAN, "x")).text == "x"


def test_html_becomes_text_and_entities(bot, call, lan, people):
    sent = call(bot.send_message(lan.chat, "😀 <b>Đèn <i>hỏng</i></b> &lt;3 <a href='https://a.vn/'>xem</a> ", "HTML"))
    assert sent.text == "😀 Đèn hỏng <3 xem"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        ("bold", 3, 8),
        ("italic", 7, 4),
        ("text_link", 15, 3),
    ]
    seen = people.look().from_bot(lan.chat)[-1]["html"]
    assert seen.startswith("😀 <b>Đèn <i>hỏng</i></b> &lt;3 <a href=")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>mở", "find end tag"),
        ("<p>đoạn</p>", 'unsupported start tag "p"'),
        ("a < b", "unsupported start tag"),
        ("<b><i>x</b></i>", "unmatched end tag"),
        ("x</b>", "unexpected end tag"),
    ],
)
def test_bad_html_is_refused(bot, call, lan, text, words):
    with refused(f"can't parse entities: .*{words}"):
        call(bot.send_message(lan.chat, text, "HTML"))


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "text is empty"), ("   ", "text is empty"), ("ă" * 4097, "too long"), ("😀" * 2049, "too long")],
)
def test_text_has_limits(bot, call, lan, text, words):
    with refused(words):
        call(bot.send_message(lan.chat, text))


def test_limits_count_after_parsing(bot, call, lan):
    assert len(call(bot.send_message(lan.chat, f"<b>{'&amp;' * 4096}</b>", "HTML")).text) == 4096
    with refused("caption is too long"):
        call(bot.send_photo(lan.chat, LAMP, caption="x" * 1025))


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (button("đ" * 33), "button_data_invalid"),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")] * 9]),
            "markup is too long",
        ),
        (
            InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")]] * 101),
            "markup is too long",
        ),
        (InlineKeyboardMarkup([[InlineKeyboardButton("x", url="http://localhost/")]]), "wrong http url"),
    ],
)
def test_buttons_have_limits(bot, call, lan, markup, words):
    with refused(words):
        call(bot.send_message(lan.chat, "x", reply_markup=markup))


def test_editing(bot, call, lan, people):
    sent = call(bot.send_message(lan.chat, "một", reply_markup=button()))
    with refused("not modified"):
        call(bot.edit_message_text("một", lan.chat, sent.message_id, reply_markup=button()))
    call(bot.edit_message_text("hai", lan.chat, sent.message_id))
    seen = people.look().in_chat(lan.chat)[-1]
    assert (seen["text"], seen["buttons"], bool(seen["edited"])) == ("hai", [], True)
    with refused("to edit not found"):
        call(bot.edit_message_text("ba", lan.chat, sent.message_id + 1))
    call(bot.delete_message(lan.chat, sent.message_id))
    with refused("to edit not found"):
        call(bot.edit_message_reply_markup(lan.chat, sent.message_id))


def test_only_own_messages_are_edited(bot, call, lan):
    theirs = lan.says("của Lan")
    with refused("can't be edited"):
        call(bot.edit_message_text("x", lan.chat, theirs))


def test_a_reply_needs_its_message(bot, call, lan):
    theirs = lan.says("hỏi")
    assert call(bot.send_message(lan.chat, "đáp", reply_to_message_id=theirs)).reply_to_message.text == "hỏi"
    with refused("to be replied not found"):
        call(bot.send_message(lan.chat, "đáp", reply_to_message_id=9999))
    call(bot.send_message(lan.chat, "đáp", reply_to_message_id=9999, allow_sending_without_reply=True))


def test_photos_are_made_small_and_lose_their_metadata(bot, call, lan):
    sent = call(bot.send_photo(lan.chat, samples.upload("pothole-gps").data, caption="<b>Ổ gà</b>", parse_mode="HTML"))
    assert [max(size.width, size.height) for size in sent.photo] == [90, 320, 800, 1024]
    assert sent.caption == "Ổ gà"
    file = call(call_get(bot, sent.photo[-1].file_id))
    data = bytes(call(file.download_as_bytearray()))
    assert Image.open(io.BytesIO(data)).getexif() == {}
    again = call(bot.send_photo(lan.chat, sent.photo[0].file_id))
    assert [size.file_id for size in again.photo] == [size.file_id for size in sent.photo]


def call_get(bot, file_id):
    return bot.get_file(file_id)


def test_documents_keep_every_byte(bot, call, lan):
    data = samples.upload("pothole-gps").data
    sent = call(bot.send_document(lan.chat, data, filename="ổ gà.jpg"))
    file = call(bot.get_file(sent.document.file_id))
    assert bytes(call(file.download_as_bytearray())) == data
    with refused("can't use file of type Document as Photo"):
        call(bot.send_photo(lan.chat, sent.document.file_id))


def test_what_is_no_picture_is_refused(bot, call, lan):
    with refused("image_process_failed"):
        call(bot.send_photo(lan.chat, b"no picture", filename="a.jpg"))
    with refused("wrong file identifier"):
        call(bot.send_photo(lan.chat, "AgACAgUnknown"))


def test_albums(bot, call, lan):
    items = [
        InputMediaPhoto(LAMP, caption="Trước"),
        InputMediaPhoto(samples.upload("lamp-after").data, caption="Sau"),
    ]
    sent = call(bot.send_media_group(lan.chat, items))
    assert [message.caption for message in sent] == ["Trước", "Sau"]
    assert len({message.media_group_id for message in sent}) == 1
    with refused("too many"):
        call(bot.send_media_group(lan.chat, [InputMediaPhoto(sent[0].photo[-1].file_id)] * 11))
    mixed = [InputMediaPhoto(LAMP), InputMediaDocument(LAMP)]
    with refused("can't be mixed"):
        call(bot.send_media_group(lan.chat, mixed))


def test_places_voices_and_videos(bot, call, lan):
    assert call(bot.send_location(lan.chat, 16.46, 107.59)).location.latitude == 16.46
    assert call(bot.send_venue(lan.chat, 16.46, 107.59, "Chợ", "Huế")).venue.title == "Chợ"
    assert call(bot.send_voice(lan.chat, samples.upload("voice").data)).voice.mime_type == "audio/ogg"
    assert call(bot.send_video(lan.chat, samples.upload("video").data, caption="x")).video.width == 320
    with refused("coordinates"):
        call(bot.send_location(lan.chat, 91, 0))
    assert call(bot.send_chat_action(lan.chat, "typing"))


def test_blocking_and_kicking(bot, call, lan, people):
    people.act("block", person=world.LAN)
    with pytest.raises(Forbidden, match="blocked by the user"):
        call(bot.send_message(lan.chat, "x"))
    people.act("unblock", person=world.LAN)
    call(bot.send_message(lan.chat, "x"))
    people.act("remove_bot", chat=world.AN_CUU, person=world.DUC)
    with pytest.raises(Forbidden, match="kicked from the group chat"):
        call(bot.send_message(world.AN_CUU, "x"))
    call(bot.leave_chat(world.CONSTRUCTION))
    with pytest.raises(Forbidden, match="not a member of the supergroup chat"):
        call(bot.send_message(world.CONSTRUCTION, "x"))


def test_a_group_moves(bot, call, people):
    new = people.act("upgrade", chat=world.AN_CUU)["chat"]
    with pytest.raises(ChatMigrated) as moved:
        call(bot.send_message(world.AN_CUU, "x"))
    assert moved.value.new_chat_id == new
    assert call(bot.send_message(new, "x")).chat.type == "supergroup"


def test_topics(bot, call, people):
    chat = world.CONSTRUCTION
    with refused("not a forum"):
        call(bot.create_forum_topic(chat, "PA-1"))
    people.act("set_topics", chat=chat)
    topic = call(bot.create_forum_topic(chat, "PA-1"))
    sent = call(bot.send_message(chat, "thẻ", message_thread_id=topic.message_thread_id))
    assert sent.is_topic_message
    for wrong in (1, 4711):
        with refused("thread not found"):
            call(bot.send_message(chat, "x", message_thread_id=wrong))
    assert call(bot.close_forum_topic(chat, topic.message_thread_id))
    with refused("not_modified"):
        call(bot.close_forum_topic(chat, topic.message_thread_id))
    assert call(bot.reopen_forum_topic(chat, topic.message_thread_id))


def test_members(bot, call, people):
    assert call(bot.get_chat_member(world.AN_CUU, world.DUC)).status == "creator"
    assert call(bot.get_chat_member(world.AN_CUU, world.LAN)).status == "left"
    assert call(bot.get_chat_member(world.AN_CUU, bot.id)).status == "member"
    people.act("kick", chat=world.AN_CUU, person=world.MAI)
    assert call(bot.get_chat_member(world.AN_CUU, world.MAI)).status == "kicked"
    people.act("promote_bot", chat=world.AN_CUU)
    ids = {member.user.id for member in call(bot.get_chat_administrators(world.AN_CUU))}
    assert ids == {world.DUC, bot.id}
    assert call(bot.get_chat(world.AN_CUU)).title == "UBND phường An Cựu"
    with refused("user not found"):
        call(bot.get_chat_member(world.AN_CUU, 1))


def test_callbacks_are_answered_in_time(bot, call, lan, people):
    sent = call(bot.send_message(lan.chat, "?", reply_markup=button()))
    first = lan.presses(sent.message_id, "go")
    assert call(bot.answer_callback_query(first, "Đã nhận"))
    assert people.wait_for(lambda seen: seen.toasts.get(first))["text"] == "Đã nhận"
    late = lan.presses(sent.message_id, "go")
    people.advance("+151s")
    with refused("query is too old"):
        call(bot.answer_callback_query(late))


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_message_rates(bot, call, lan, people):
    people.limits(chat_burst=2, chat_per_second=0.01, group_per_minute=3)
    call(bot.send_message(lan.chat, "1"))
    call(bot.send_message(lan.chat, "2"))
    with pytest.raises(RetryAfter) as refused:
        call(bot.send_message(lan.chat, "3"))
    assert refused.value.retry_after
    people.limits(chat_burst=100)
    for number in range(3):
        call(bot.send_message(world.AN_CUU, str(number)))
    with pytest.raises(RetryAfter):
        call(bot.send_message(world.AN_CUU, "4"))
    people.limits(rates=False)
    call(bot.send_message(world.AN_CUU, "4"))


def test_downloads_end_at_twenty_megabytes(bot, call, lan, people):
    big = ("to.bin", b"\0" * (20 * 1024 * 1024 + 1), "application/octet-stream")
    people.act("document", chat=lan.chat, person=lan.person, files=[big])
    update = call(bot.get_updates(timeout=5))[-1]
    with refused("file is too big"):
        call(bot.get_file(update.message.document.file_id))


def test_unknown_methods_and_tokens(bot, call, address):
    root = f"{address}/sandbox/telegram"
    assert requests.get(f"{root}/bot{bot.token}/sendPizza", timeout=5).status_code == 404
    wrong = requests.get(f"{root}/bot1:wrong/getMe", timeout=5)
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert requests.get(f"{root}/bot{bot.token}/GETME", timeout=5).json()["ok"]
    with pytest.raises(EndPointNotFound):
        call(bot.do_api_request("sendPizza"))


def test_pins_reactions_copies_and_forwards(bot, call, lan, people):
    theirs = lan.says("nguồn")
    assert call(bot.set_message_reaction(lan.chat, theirs, "👍"))
    with refused("reaction_invalid"):
        call(bot.set_message_reaction(lan.chat, theirs, "🐳"))
    assert call(bot.pin_chat_message(lan.chat, theirs))
    with refused("not enough rights"):
        sent = call(bot.send_message(world.AN_CUU, "x"))
        call(bot.pin_chat_message(world.AN_CUU, sent.message_id))
    call(bot.copy_message(world.AN_CUU, lan.chat, theirs))
    assert call(bot.forward_message(world.AN_CUU, lan.chat, theirs)).forward_origin.sender_user.id == world.LAN
    assert people.look().in_chat(lan.chat)[-1]["reaction"] == "👍"


def test_what_the_bot_says_about_itself(bot, call):
    assert call(bot.set_my_commands([("start", "Bắt đầu")]))
    assert call(bot.get_my_commands())[0].description == "Bắt đầu"
    assert call(bot.set_my_description("Kênh phản ánh", language_code="vi"))
    assert call(bot.get_my_description("vi")).description == "Kênh phản ánh"
    assert call(bot.set_my_short_description("x")) and call(bot.set_my_name("Phản Ánh"))


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"text": "a\ud800"}),
        ("sendMessage", {"text": "a", "reply_parameters": {"message_id": "z"}}),
        ("sendMessage", {"text": "a", "reply_parameters": [1]}),
        ("sendMessage", {"text": "a", "reply_markup": {"inline_keyboard": [1]}}),
        ("sendMessage", {"text": "a", "entities": [{"type": "bold", "offset": "x", "length": 1}]}),
        ("sendMessage", {"text": "a", "message_thread_id": 2**70}),
        ("sendMediaGroup", {"media": [1, 2]}),
        ("setMessageReaction", {"message_id": 1, "reaction": [1]}),
        ("sendMessage", []),
    ],
)
def test_malformed_parameters_are_the_callers_fault(bot, lan, address, method, params):
    body = {"chat_id": lan.chat, **params} if isinstance(params, dict) else params
    answer = requests.post(f"{address}/sandbox/telegram/bot{bot.token}/{method}", json=body, timeout=5)
    assert (answer.status_code, answer.json()["ok"]) == (400, False)
