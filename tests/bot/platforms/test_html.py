"""Measuring and cutting HTML: nothing too long, nothing broken, nothing lost."""

import html as standard
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms import html

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇻🇳"


class Reader(HTMLParser):
    """Reads as Telegram does: every tag closed in order, nothing but the tags we use."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        assert tag in ("b", "code", "a")
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def seen(marked):
    reader = Reader()
    reader.feed(marked)
    reader.close()
    assert reader.open == []
    return reader.text


def as_telegram_counts(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


words = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=300)
rich = words | st.lists(
    st.sampled_from([FAMILY, FLAG, "ệ", "e\u0323\u0302", "<b>", "&amp;", "&", "😟", "\n", " ", "chữ"]),
    max_size=120,
).map("".join)


@st.composite
def marked(draw):
    pieces = draw(st.lists(st.tuples(st.sampled_from(["", "b", "code"]), rich), min_size=1, max_size=4))
    inner = "".join(f"<{tag}>{html.escape(t)}</{tag}>" if tag else html.escape(t) for tag, t in pieces)
    return f"<b>{inner}</b>" if draw(st.booleans()) and "<b>" not in inner else inner


@given(st.lists(marked(), max_size=6), st.integers(min_value=70, max_value=300))
def test_parts_are_short_enough_whole_and_complete(paragraphs, limit):
    parts = html.pack(paragraphs, limit)
    shown = [seen(part) for part in parts]
    assert all(0 < as_telegram_counts(part) <= limit for part in shown)
    assert all(part.strip() for part in shown)
    everything = "".join(seen(paragraph) for paragraph in paragraphs)
    assert re.sub(r"\s", "", "".join(shown)) == re.sub(r"\s", "", everything)


@given(rich, st.integers(min_value=70, max_value=120))
def test_no_visible_character_is_cut(text, limit):
    parts = [seen(part) for part in html.pack([html.escape(text)], limit)]
    clusters = html.graphemes(text)
    if max(map(len, clusters), default=0) < 40:
        assert [c for part in parts for c in html.graphemes(part) if c.strip()] == [c for c in clusters if c.strip()]


@given(rich, st.integers(min_value=1, max_value=100))
def test_cut_words_fit(text, limit):
    short = html.cut(text, limit)
    assert as_telegram_counts(short) <= limit
    assert short == text or short.endswith("…")


@given(words)
def test_escaped_words_are_read_back(text):
    assert html.plain(html.escape(text)) == text
    assert seen(html.escape(text)) == text
    assert html.units(text) == as_telegram_counts(text)


def test_attributes_keep_their_quotes_in():
    assert html.escape_attribute('x?a=1&b="<>') == "x?a=1&amp;b=&quot;&lt;&gt;"


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("e\u0323\u0302a", ["e\u0323\u0302", "a"]),
        (f"{FAMILY}!", [FAMILY, "!"]),
        (f"{FLAG}{FLAG}", [FLAG, FLAG]),
        ("👍🏽x", ["👍🏽", "x"]),
        ("❤️a", ["❤️", "a"]),
        ("", []),
    ],
)
def test_graphemes(text, clusters):
    assert html.graphemes(text) == clusters


def test_paragraphs_stay_together_while_they_fit():
    assert html.pack(["a" * 40, "b" * 40, "c" * 40], 100) == ["a" * 40 + "\n" + "b" * 40, "c" * 40]


def test_a_long_paragraph_is_cut_at_a_space_and_its_tags_are_opened_again():
    parts = html.pack(["<b>" + "chữ " * 30 + "</b>"], 80)
    assert [part.count("<b>") for part in parts] == [1, 1]
    assert seen(parts[0]) == "chữ " * 20


def test_one_endless_character_is_cut_all_the_same():
    parts = html.pack([html.escape("a" + "\u0301" * 9000)], 4096)
    assert [standard.unescape(p) for p in parts] and all(len(p) <= 4096 for p in parts)


def test_escapes_are_never_cut():
    parts = html.pack([html.escape("<" * 250)], 100)
    assert [seen(part) for part in parts] == ["<" * 100, "<" * 100, "<" * 50]
