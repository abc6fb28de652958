"""Listening for words of danger, of a formal complaint or of a state secret in what people write.

An entry is a word or phrase and is heard as whole words. Where diacritics were typed they are compared
exactly, so that "chạy" is not taken for "cháy"; where none were typed, both sides are compared without. Two
marks before an entry: ``=`` only as spelled (without diacritics it means too many other things), ``-``
harmless: these words are not listened to, so "-cháy bóng" keeps a burnt-out lamp from sounding like a fire.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from workflows.text import has_diacritics, spelling, words

AS_SPELLED = "="
HARMLESS = "-"
APART = frozenset({"formal", "secret"})  # flags of what an operator looks at first, each by itself

_SILENCED = " \N{FULL BLOCK} "  # is no word, so nothing matches across it


def heard(text: str, entries: Iterable[str]) -> tuple[str, ...]:
    """The entries that occur in ``text``, in their order; of harmless ones none."""
    spelled = has_diacritics(text)
    return _heard(_phrase(text, spelled=spelled), entries, spelled=spelled)


def _heard(said: str, entries: Iterable[str], *, spelled: bool) -> tuple[str, ...]:
    by_first = _by_first_word(tuple(entries), spelled=spelled)
    present = sorted(one for first in by_first.keys() & set(said.split()) for one in by_first[first])
    for _, entry, phrase in present:
        while entry.startswith(HARMLESS) and phrase in said:
            said = said.replace(phrase, _SILENCED)
    return tuple(entry for _, entry, phrase in present if _listened_to(entry, spelled=spelled) and phrase in said)


def flags(text: str, danger: Iterable[str], formal: Iterable[str], secret: Iterable[str]) -> tuple[str, ...]:
    """What ``text`` gives reason to mention, gravest first: ``danger``, ``secret``, ``formal`` (words.md, 9).

    A flag is a question to the citizen and a hint to the operators; it never ends a draft.
    """
    spelled = has_diacritics(text)
    said = _phrase(text, spelled=spelled)
    listened = (("danger", danger), ("secret", secret), ("formal", formal))
    return tuple(flag for flag, entries in listened if _heard(said, entries, spelled=spelled))


def _listened_to(entry: str, *, spelled: bool) -> bool:
    return not entry.startswith(HARMLESS) and (spelled or not entry.startswith(AS_SPELLED))


@lru_cache(maxsize=64)  # the same few lists for every message
def _by_first_word(entries: tuple[str, ...], *, spelled: bool) -> dict[str, list[tuple[int, str, str]]]:
    """Place, entry and what to look for, by its first word: only of those that occur there is more to be heard."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    for place, entry in enumerate(entries):
        phrase = _phrase(entry.lstrip(AS_SPELLED + HARMLESS), spelled=spelled)
        if phrase.strip():
            found.setdefault(phrase.split()[0], []).append((place, entry, phrase))
    return found


def _phrase(text: str, *, spelled: bool) -> str:
    """The words of ``text`` between single spaces, so that a phrase in it is found as whole words."""
    return f" {' '.join(spelling(text) if spelled else words(text))} "
