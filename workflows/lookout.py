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

_SILENCED = " \N{FULL BLOCK} "  # is no word, so nothing matches across it


def heard(text: str, entries: Iterable[str]) -> tuple[str, ...]:
    """The entries that occur in ``text``, in their order; of harmless ones none."""
    spelled = has_diacritics(text)
    said = _phrase(text, spelled=spelled)
    phrases = [(entry, _entry(entry, spelled=spelled)) for entry in entries]
    for entry, phrase in phrases:
        while entry.startswith(HARMLESS) and phrase in said:
            said = said.replace(phrase, _SILENCED)
    return tuple(entry for entry, phrase in phrases if _listened_to(entry, spelled=spelled) and phrase in said)


def flags(text: str, danger: Iterable[str], formal: Iterable[str], secret: Iterable[str]) -> tuple[str, ...]:
    """What ``text`` gives reason to mention, gravest first: ``danger``, ``secret``, ``formal`` (words.md, 9).

    A flag is a question to the citizen and a hint to the operators; it never ends a draft.
    """
    listened = (("danger", danger), ("secret", secret), ("formal", formal))
    return tuple(flag for flag, entries in listened if heard(text, entries))


def _listened_to(entry: str, *, spelled: bool) -> bool:
    return not entry.startswith(HARMLESS) and (spelled or not entry.startswith(AS_SPELLED))


@lru_cache(maxsize=4096)  # the same few hundred entries for every message
def _entry(entry: str, *, spelled: bool) -> str:
    """What to look for; something no text has when the entry has no words."""
    return _phrase(entry.lstrip(AS_SPELLED + HARMLESS), spelled=spelled).replace("  ", "\0")


def _phrase(text: str, *, spelled: bool) -> str:
    """The words of ``text`` between single spaces, so that a phrase in it is found as whole words."""
    return f" {' '.join(spelling(text) if spelled else words(text))} "
