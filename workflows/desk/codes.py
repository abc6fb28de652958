"""A case named by its code in what was said or typed after a command."""

from __future__ import annotations

import re

from workflows import codes
from workflows.events import MediaSent, PlaceSent, TextSent

Said = TextSent | MediaSent | PlaceSent

_LEAD = re.compile(r"\s*([A-Za-z]{1,4}[-–. ]{0,3}[0-9A-Za-z]{4}[-–. ]{0,3}[0-9A-Za-z]{4})(?=$|[\s:,.;])[\s:,.;]*")
_BARE = re.compile(r"\s*([0-9A-Za-z]{4}[-–]?[0-9A-Za-z]{4})(?=$|[\s:,.;])[\s:,.;]*")  # no spaces: those are two words


def leading_code(words: str, prefix: str) -> tuple[str, str]:
    """A case's code at the beginning of what was said, as in the store, or "", and what follows it.

    In any case, with or without hyphens, and without its prefix when it is written in one piece.
    """
    for form, before in ((_LEAD, ""), (_BARE, prefix)):
        found = form.match(words[:80])
        code = codes.parse(f"{before}{found[1]}", prefix) if found else None
        if found and code:
            return code, words[found.end() :].strip()
    return "", words


def mistyped(words: str, prefix: str) -> bool:
    """Whether what was said begins like a code, prefix and all, whose symbols cannot be right."""
    found = _LEAD.match(words[:80])
    led = found is not None and found[1].upper().startswith(prefix) and not found[1][len(prefix)].isalnum()
    return led and not leading_code(words, prefix)[0]


def any_code(words: str, prefix: str) -> str:
    """The code that these words are, with or without its prefix; "" when they are something else."""
    return codes.parse(words, prefix) or codes.parse(f"{prefix}{words}", prefix) or ""


def words_of(event: Said) -> str:
    """What was typed, be it under a photo; "" where nothing was."""
    match event:
        case TextSent(text=words):
            return words.strip()
        case MediaSent(caption=words):
            return words.strip()
    return ""
