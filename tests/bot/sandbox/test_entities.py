"""Formatted text: what the platform takes from HTML, what it marks itself, and what the page may show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import detect, parse_html, to_html, utf16
from bot.sandbox.errors import ApiError


def test_nested_tags_and_white_space():
    text, marks = parse_html("  <b>Đèn <u>đường</u></b>\n<pre><code class='language-py'>x</code></pre>  ")
    assert text == "Đèn đường\nx"
    assert [(m["type"], m["offset"], m["length"]) for m in marks] == [
        ("bold", 0, 9),
        ("underline", 4, 5),
        ("pre", 10, 1),
    ]
    assert marks[2]["language"] == "py"


@pytest.mark.parametrize(
    ("source", "text"),
    [("1 &lt; 2 &amp; 3", "1 < 2 & 3"), ("&#272;&#xE8;n", "Đèn"), ("&nbsp; R&D", "&nbsp; R&D")],
)
def test_references(source, text):
    assert parse_html(source)[0] == text


def test_errors_count_bytes():
    with pytest.raises(ApiError, match='Unsupported start tag "p" at byte offset 4'):
        parse_html("Đè<p>")


def test_the_platform_marks_by_itself():
    text = "/viec@Bot xem https://a.vn/x, hỏi a@b.vn hay @bot_name #pa"
    assert [m["type"] for m in detect(text, [])] == ["bot_command", "url", "email", "mention", "hashtag"]
    assert detect("a/b 5/7", []) == []


def test_the_page_is_safe():
    text = "<script>x</script> bấm đây"
    marks = [{"type": "text_link", "offset": 19, "length": 7, "url": "javascript:alert(1)"}]
    shown = to_html(text, marks)
    assert "<script>" not in shown and "javascript" not in shown
    link = [{"type": "text_link", "offset": 0, "length": 1, "url": 'https://a.vn/"><b>'}]
    assert '"><b>' not in to_html("x", link)


def test_overlapping_marks_stay_well_formed():
    marks = [{"type": "bold", "offset": 0, "length": 3}, {"type": "italic", "offset": 2, "length": 3}]
    assert to_html("abcde", marks) == "<b>ab<i>c</i></b><i>de</i>"


@given(st.text(max_size=60))
def test_escaped_text_comes_back(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[0] == text.strip()


@given(st.text(max_size=60))
def test_nothing_but_the_platforms_refusal_is_raised(text):
    try:
        words, marks = parse_html(text)
    except ApiError:
        return
    assert all(mark["offset"] + mark["length"] <= utf16(words) for mark in marks)
    to_html(words, detect(words, marks))
