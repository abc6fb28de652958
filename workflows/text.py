"""Text as people type it: compared without diacritics, searched by words, cut where words end."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")
_ELLIPSIS = "…"
_JOINER = "\u200d"  # binds emoji into one picture
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # grave, acute, tilde, hook above, dot below


def fold(text: str) -> str:
    """Lower case without any diacritics, đ as d, single spaces: what is stored and searched by."""
    lowered = unicodedata.normalize("NFC", text).lower().replace("đ", "d")
    if lowered.isascii():
        return " ".join(lowered.split())
    bare = unicodedata.normalize("NFD", lowered).translate(_NO_MARKS)
    return " ".join(unicodedata.normalize("NFC", bare).split())


def words(text: str) -> tuple[str, ...]:
    """The folded words of ``text`` in order, punctuation left out."""
    return tuple(_WORD.findall(fold(text)))


def matches(query: str, text: str) -> bool:
    """Whether every word of ``query`` begins a word of ``text``, diacritics aside; no words find nothing."""
    sought, found = words(query), words(text)
    return bool(sought) and all(any(word.startswith(part) for word in found) for part in sought)


def has_diacritics(text: str) -> bool:
    """Whether any letter was typed with a Vietnamese mark, or as đ."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return "đ" in lowered or any(_is_mark(char) for char in unicodedata.normalize("NFD", lowered))


def spelling(text: str) -> tuple[str, ...]:
    """The words of ``text`` with their diacritics, tones moved to the end: hòa and hoà are the same word."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return tuple(_tone_last(word) for word in _WORD.findall(lowered))


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` code points, cut at a space if one is near, never inside a visible character.

    A shortened text ends in "…". Raises ValueError when ``limit`` is below 1.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    if len(text) <= limit:
        return text
    last = limit - len(_ELLIPSIS)
    cut = next((at for at in range(last, last // 2, -1) if text[at].isspace() and _may_cut(text, at)), last)
    while cut and not _may_cut(text, cut):
        cut -= 1
    return text[:cut].rstrip() + _ELLIPSIS


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


class _NoMarks(dict[int, int | None]):
    """For ``str.translate``: marks go, every other character stays; each is looked at once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if _is_mark(chr(code)) else code
        return self[code]


_NO_MARKS = _NoMarks()


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(char for char in letters if char in _TONES)
    return "".join(char for char in letters if char not in _TONES) + tones


def _may_cut(text: str, at: int) -> bool:
    """Whether what is seen as one character does not reach over the border before ``text[at]``."""
    before, after = text[at - 1 : at], text[at]
    if _is_mark(after) or after == _JOINER or before == _JOINER or _is_skin_tone(after):
        return False
    return not _is_flag_letter(after) or _flag_letters_before(text, at) % 2 == 0


def _is_skin_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    """How many flag letters stand right before ``at``; two make one flag."""
    start = at
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start
