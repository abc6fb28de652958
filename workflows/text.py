"""Text as people type it: compared without diacritics, searched by words, cut where words end."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"\w+")
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


def nearest(given: str, names: Iterable[str], most: int = 1) -> list[str]:
    """The known names that somebody probably meant, likeliest first; diacritics and case aside.

    A space that was given counts as the hyphen of a name.
    """
    written = {fold(name): name for name in names}
    said = fold(given)
    found = difflib.get_close_matches(said.replace(" ", "-"), written, n=most, cutoff=0.4)
    return [written[one] for one in found]


@lru_cache(maxsize=32)  # one message is asked about by several who listen
def has_diacritics(text: str) -> bool:
    """Whether any letter was typed with a Vietnamese mark, or as đ."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return "đ" in lowered or any(_is_mark(char) for char in unicodedata.normalize("NFD", lowered))


@lru_cache(maxsize=32)
def spelling(text: str) -> tuple[str, ...]:
    """The words of ``text`` with their diacritics, tones moved to the end: hòa and hoà are the same word."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return tuple(_tone_last(word) for word in _WORD.findall(lowered))


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


class _NoMarks(dict[int, int | None]):
    """For ``str.translate``: marks go, every other character stays; each is looked at once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if _is_mark(chr(code)) else code
        return self[code]


_NO_MARKS = _NoMarks()


def _tone_last(word: str) -> str:
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(char for char in letters if char in _TONES)
    return "".join(char for char in letters if char not in _TONES) + tones
