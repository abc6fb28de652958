"""Rendering for Telegram: which calls a message becomes, and that no limit is ever broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms import html
from bot.platforms.telegram.render import CannotRender, render
from bot.words.catalogue import Catalogue, read_texts
from handlers.ports import File, Outgoing
from workflows.messages import Button, Line, Message, choice, names, say, text

WORDS = Catalogue(
    {"vi": {**read_texts()["vi"], "ask": "Mời gửi ảnh", "said": "<b>Nội dung:</b> {text}", "yes": "Đồng ý"}},
    {},
)
YES = choice("c:1:x:yes", "yes")
PHOTO = File("photo", b"jpeg", "image/jpeg")
LONG = text("chữ " * 600)


def shown(message, *, files=(), group=False, **more):
    return render(Outgoing("-7" if group else "7", group, message, "vi", files, **more), WORDS)


def methods(calls):
    return [call.method for call in calls]


def markups(calls):
    return [call.params.get("reply_markup") for call in calls]


def asked(*buttons, **more):
    return Message((Line("ask"),), (buttons,) if buttons else (), **more)


INLINE = {"inline_keyboard": [[{"text": "Đồng ý", "callback_data": "c:1:x:yes"}]]}


def test_a_question_is_one_message_with_its_buttons():
    (call,) = shown(asked(YES))
    assert call.method == "sendMessage"
    assert call.params == {
        "chat_id": 7,
        "text": "Mời gửi ảnh",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": INLINE,
    }


def test_what_people_wrote_is_escaped():
    (call,) = shown(say("said", text=text("<b>5 > 3 & 2</b>")))
    assert call.params["text"] == "<b>Nội dung:</b> &lt;b&gt;5 &gt; 3 &amp; 2&lt;/b&gt;"


def test_a_long_text_is_split_with_the_buttons_last():
    calls = shown(Message((Line("said", {"text": text("chữ " * 2500)}), Line("ask")), ((YES,),)))
    assert methods(calls) == ["sendMessage"] * 3
    assert markups(calls) == [None, None, INLINE]


def test_one_photo_carries_the_words_as_its_caption():
    (call,) = shown(asked(YES), files=(PHOTO,))
    assert (call.method, call.params["caption"], call.captioned) == ("sendPhoto", "Mời gửi ảnh", True)
    assert call.params["reply_markup"] == INLINE


def test_a_caption_that_is_too_long_follows_its_photo():
    photo, words = shown(Message((Line("said", {"text": LONG}),), ((YES,),)), files=(PHOTO,))
    assert (photo.method, photo.params) == ("sendPhoto", {"chat_id": 7})
    assert (words.method, words.answers_previous) == ("sendMessage", True)
    assert words.params["reply_markup"] == INLINE


def test_several_photos_are_an_album_and_the_words_answer_it():
    voice = File("voice", b"ogg", "audio/ogg")
    paper = File("document", b"pdf", "application/pdf")
    calls = shown(asked(YES), files=(PHOTO, voice, File("video", b"mp4", "video/mp4"), paper))
    assert methods(calls) == ["sendMediaGroup", "sendDocument", "sendVoice", "sendMessage"]
    assert [[upload.index for upload in call.uploads] for call in calls] == [[0, 2], [3], [1], []]
    assert markups(calls) == [None, None, None, INLINE]
    assert calls[-1].answers_previous


def test_more_photos_than_an_album_holds_are_two():
    calls = shown(asked(), files=(PHOTO,) * 11)
    assert methods(calls) == ["sendMediaGroup", "sendPhoto", "sendMessage"]


def test_a_photo_needs_no_words():
    (call,) = shown(Message(()), files=(PHOTO,))
    assert call.params == {"chat_id": 7}


@pytest.mark.parametrize(
    ("file", "method"),
    [
        (File("document", b"x", "image/jpeg"), "sendPhoto"),
        (File("document", b"x", "image/jpeg", handle="BQAC"), "sendDocument"),
        (File("document", b"x", "video/mp4"), "sendVideo"),
        (File("document", b"x", "application/pdf"), "sendDocument"),
        (File("voice", b"x", "audio/ogg"), "sendVoice"),
        (File("voice", b"x", "audio/mpeg"), "sendAudio"),
        (File("photo", b"x" * (10 * 1024 * 1024 + 1), "image/jpeg"), "sendDocument"),
    ],
)
def test_a_file_is_sent_as_what_it_is(file, method):
    assert methods(shown(asked(), files=(file,))) == [method]


@pytest.mark.parametrize("handle", ["/etc/passwd", "file:///etc/passwd", "https://x.test/a.jpg", "a.jpg"])
def test_a_path_or_an_address_is_no_handle(handle):
    (call,) = shown(asked(), files=(File("photo", b"x", "image/jpeg", handle=handle),))
    assert call.uploads[0].handle == ""


def test_a_pin_is_a_link_to_the_map():
    (call,) = shown(Message((Line("ask"),), pin=(16.4637, 107.5909)), group=True)
    link = '<a href="https://www.google.com/maps?q=16.463700,107.590900">📍 Xem bản đồ</a>'
    assert call.params["text"] == f"Mời gửi ảnh\n{link}"


def test_a_place_is_asked_for_with_the_phones_own_button():
    (call,) = shown(asked(YES, wish="place"))
    assert call.params["reply_markup"] == {
        "keyboard": [[{"text": "📍 Gửi vị trí", "request_location": True}], [{"text": "Đồng ý"}]],
        "resize_keyboard": True,
    }


def test_in_a_group_there_is_no_such_button():
    (call,) = shown(asked(YES, wish="place"), group=True)
    assert call.params["reply_markup"] == INLINE


AWAY = {"remove_keyboard": True}


def test_the_keyboard_is_taken_away():
    assert markups(shown(asked(drop_keyboard=True))) == [AWAY]


def test_with_buttons_the_first_paragraph_takes_it_away():
    calls = shown(Message((Line("said", {"text": text("x")}), Line("ask")), ((YES,),), drop_keyboard=True))
    assert [call.params["text"] for call in calls] == ["<b>Nội dung:</b> x", "Mời gửi ảnh"]
    assert markups(calls) == [AWAY, INLINE]


def test_with_buttons_and_one_paragraph_a_short_word_takes_it_away():
    calls = shown(asked(YES, drop_keyboard=True))
    assert [call.params["text"] for call in calls] == ["Vâng.", "Mời gửi ảnh"]
    assert markups(calls) == [AWAY, INLINE]


def test_in_a_group_there_is_no_keyboard_to_take_away():
    assert markups(shown(asked(YES, drop_keyboard=True), group=True)) == [INLINE]


def test_an_answer_names_its_message_once():
    calls = shown(say("said", text=text("chữ " * 2500)), reply_to="9")
    assert [call.params.get("reply_parameters") for call in calls] == [
        {"message_id": 9, "allow_sending_without_reply": True},
        None,
        None,
    ]


@pytest.mark.parametrize(("thread", "sent"), [("5", 5), ("1", None), (None, None)])
def test_a_topic_is_named_except_the_general_one(thread, sent):
    (call,) = shown(asked(), group=True, thread=thread)
    assert call.params.get("message_thread_id") == sent


def test_edits_change_the_text_or_the_caption():
    (of_text,) = shown(asked(YES), edit="9")
    (of_media,) = shown(asked(), edit="9", edit_media=True, files=(PHOTO,))
    assert (of_text.method, of_text.params["message_id"], of_text.params["text"]) == (
        "editMessageText",
        9,
        "Mời gửi ảnh",
    )
    assert of_text.params["reply_markup"] == INLINE
    assert (of_media.method, of_media.params["caption"]) == ("editMessageCaption", "Mời gửi ảnh")
    assert "reply_markup" not in of_media.params  # which takes the buttons away


def test_what_no_longer_fits_the_caption_is_sent_anew_and_the_old_buttons_go():
    message = Message((Line("said", {"text": LONG}),), ((YES,),))
    calls = shown(message, edit="9", edit_media=True, files=(PHOTO,))
    assert methods(calls) == ["editMessageReplyMarkup", "sendPhoto", "sendMessage"]
    assert calls[0].params == {"chat_id": 7, "message_id": 9}


def test_long_rows_are_broken():
    (call,) = shown(Message((Line("ask"),), (tuple(Button(f"c:{n}", text(str(n))) for n in range(11)),)))
    assert [len(row) for row in call.params["reply_markup"]["inline_keyboard"]] == [8, 3]


@pytest.mark.parametrize("data", ["", "ộ" * 22])
def test_data_of_a_button_is_counted_in_bytes(data):
    with pytest.raises(CannotRender, match=rf"has {len(data.encode())} bytes"):
        shown(asked(Button(data, text("x"))))


def test_too_many_buttons_are_refused():
    with pytest.raises(CannotRender, match="more than 100"):
        shown(Message((Line("ask"),), tuple((Button(f"c:{n}", text("x")),) for n in range(101))))


def test_nothing_to_say_is_refused():
    with pytest.raises(CannotRender, match="nothing"):
        shown(Message(()))


def test_a_label_is_cut_and_never_empty():
    long, empty = names("Ủy ban " * 20, ""), names(" ", "")
    (call,) = shown(asked(Button("a", long), Button("b", empty)))
    first, second = call.params["reply_markup"]["inline_keyboard"][0]
    assert html.units(first["text"]) <= 64 and first["text"].endswith("…")
    assert second["text"] == "…"


anything = st.text(max_size=6000) | st.text(alphabet="<>&😟ệ \n", min_size=900, max_size=5000)


@given(st.lists(anything, min_size=1, max_size=3), st.integers(min_value=0, max_value=3))
def test_no_text_of_people_ever_breaks_a_limit(texts, photos):
    message = Message(tuple(Line("said", {"text": text(one)}) for one in texts), ((YES,),))
    for call in shown(message, files=(PHOTO,) * photos):
        assert html.visible_units(call.params.get("caption", "")) <= 1024
        assert html.visible_units(call.params.get("text", "")) <= 4096
        assert call.params.get("text", "x").strip()
