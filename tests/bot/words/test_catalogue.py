"""The catalogue: keys, values, markup, and what it says when something is missing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.platforms.html import escape
from bot.words.catalogue import Catalogue, MissingWords, load, read_texts
from workflows.messages import (
    Button,
    Line,
    Message,
    Value,
    choice,
    date,
    moment,
    names,
    number,
    say,
    text,
    word,
)

SETTINGS = {
    "vi": {"address_form": "anh/chị", "province": "Huế", "team": "Tổ vận hành"},
    "en": {"team": "Operations"},
}
WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)  # 17:00 in Vietnam
TEXTS = {
    "vi": {
        **read_texts()["vi"],
        "hello": "Chào {name} & <b>{Address_form}</b> ở {province}, {team}",
        "yes": "Đồng ý",
        "only": "Chỉ có tiếng Việt",
        "bold": "<b>{team}</b>",
        "code": "Mã: <code>{code}</code>",
        "empty_when": "{text}",
    },
    "en": {
        **read_texts()["en"],
        "hello": "Hello {name}, {team}",
        "yes": "Yes",
        "bold": "<b>{team}</b>",
        "code": "{code}",
        "empty_when": "{text}",
    },
}


@pytest.fixture
def words():
    return Catalogue(TEXTS, SETTINGS)


def test_placeholders_come_from_values_and_from_settings(words):
    assert words.text("vi", "hello", {"name": text("Lan")}) == "Chào Lan & Anh/chị ở Huế, Tổ vận hành"
    assert words.text("en", "hello", {"name": text("Lan")}) == "Hello Lan, Operations"


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (moment(WEDNESDAY), "17 giờ thứ Tư, 25/11/2026", "17:00 on Wednesday, 25/11/2026"),
        (
            moment(WEDNESDAY.replace(minute=5)),
            "17 giờ 05 thứ Tư, 25/11/2026",
            "17:05 on Wednesday, 25/11/2026",
        ),
        (date(WEDNESDAY), "hết ngày thứ Tư, 25/11/2026", "the end of Wednesday, 25/11/2026"),
        # The day that counts is the one in Vietnam: 17:00 UTC is midnight there.
        (
            date(WEDNESDAY.replace(hour=16, minute=59)),
            "hết ngày thứ Tư, 25/11/2026",
            "the end of Wednesday, 25/11/2026",
        ),
        (
            date(WEDNESDAY.replace(hour=17)),
            "hết ngày thứ Năm, 26/11/2026",
            "the end of Thursday, 26/11/2026",
        ),
        (
            moment(datetime(2026, 11, 29, 1, tzinfo=UTC)),
            "8 giờ Chủ nhật, 29/11/2026",
            "8:00 on Sunday, 29/11/2026",
        ),
        (number(1250), "1.250", "1,250"),
        (number(-3), "-3", "-3"),
        (names("Chiếu sáng", "Lighting"), "Chiếu sáng", "Lighting"),
        (names("Chiếu sáng", ""), "Chiếu sáng", "Chiếu sáng"),
        (word("yes"), "Đồng ý", "Yes"),
        (word("bold"), "Tổ vận hành", "Operations"),
        (text("<b>{name}</b> & {x}"), "<b>{name}</b> & {x}", "<b>{name}</b> & {x}"),
    ],
)
def test_values_in_words(words, value, vietnamese, english):
    assert (words.label("vi", value), words.label("en", value)) == (vietnamese, english)


def test_what_is_missing_in_english_is_said_in_vietnamese(words):
    assert words.text("en", "only", {}) == "Chỉ có tiếng Việt"
    assert words.text("fr", "yes", {}) == "Đồng ý"


def test_missing_words_are_named(words):
    with pytest.raises(MissingWords, match=r"no words for 'photo\.aks' in 'vi'"):
        words.text("vi", "photo.aks", {})
    with pytest.raises(KeyError, match=r"'hello' in 'en' wants a value for \{name\}"):
        words.text("en", "hello", {})


def test_a_button_is_spelt_in_every_language(words):
    assert words.spell(choice("c:1:x:yes", "yes")) == ("dong y", "yes")
    assert words.spell(Button("c", text("OK"))) == ("ok",)


def test_paragraphs_keep_our_markup_and_escape_everything_else(words):
    message = Message(
        (
            Line("hello", {"name": text("<i>Lan</i> & {team}")}),
            Line("code", {"code": text("A<B")}),
            Line("empty_when", {"text": word("bold")}),
            Line("empty_when", {"text": text("  ")}),
        )
    )
    assert words.paragraphs("vi", message, escape) == [
        "Chào &lt;i&gt;Lan&lt;/i&gt; &amp; {team} &amp; <b>Anh/chị</b> ở Huế, Tổ vận hành",
        "Mã: <code>A&lt;B</code>",
        "<b>Tổ vận hành</b>",
    ]
    assert words.paragraphs("vi", message) == [
        "Chào <i>Lan</i> & {team} & Anh/chị ở Huế, Tổ vận hành",
        "Mã: A<B",
        "Tổ vận hành",
    ]


def test_settings_are_escaped_too():
    words = Catalogue({"vi": {"at": "<b>{province}</b>"}}, {"vi": {"province": "A & B"}})
    assert words.paragraphs("vi", say("at"), escape) == ["<b>A &amp; B</b>"]


def test_only_our_own_tags_are_markup():
    words = Catalogue({"vi": {"x": "<i>a</i> <b>b</b>"}}, {})
    assert words.paragraphs("vi", say("x"), escape) == ["&lt;i&gt;a&lt;/i&gt; <b>b</b>"]


def test_the_catalogue_can_be_asked_what_it_holds(words):
    assert words.languages == ("vi", "en")
    assert "only" in words.keys("vi") and "only" not in words.keys("en")
    assert words.placeholders("vi", "hello") == {"name"}


def test_real_words_load_in_both_languages():
    words = load(SETTINGS)
    assert words.label("vi", Value("word", "format.send_place")) == "📍 Gửi vị trí"
    assert words.label("en", Value("word", "format.send_place")) == "📍 Send location"


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return folder


def test_files_of_a_language_are_put_together(tmp_path):
    written(tmp_path, "vi/a.yaml", "photo:\n  ask: Mời gửi ảnh\n  deep:\n    er: x\n")
    written(tmp_path, "vi/b.yaml", "place:\n  ask: |\n    Ở đâu?\n")
    assert read_texts(tmp_path) == {"vi": {"photo.ask": "Mời gửi ảnh", "photo.deep.er": "x", "place.ask": "Ở đâu?"}}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("a: [1]", "a is no text"),
        ("a: yes", "a is no text"),
        ("- x", "the file is no map"),
        ("photo:\n  ask: x", "photo.ask has words already"),
    ],
)
def test_a_file_that_is_not_as_agreed_is_refused(tmp_path, content, complaint):
    written(tmp_path, "vi/a.yaml", "photo:\n  ask: Mời gửi ảnh\n")
    with pytest.raises(ValueError, match=complaint):
        read_texts(written(tmp_path, "vi/b.yaml", content))


def test_without_vietnamese_there_is_no_catalogue(tmp_path):
    with pytest.raises(ValueError, match="no words in 'vi'"):
        read_texts(written(tmp_path, "en/a.yaml", "a: b"))
