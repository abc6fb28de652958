"""A case named by its code in what was said or typed after a command."""

from __future__ import annotations

import re

from workflows import codes
from workflows.events import MediaSent, PlaceSent, TextSent

Said = TextSent | MediaSent | PlaceSent

_LEAD = re.compile(r"\s*([A-Za-z]{1,4}[-–. ]{0,3}[0-9A-Za-z]{4}[-–. ]{0,3}[0-9A-Za-z]{4})(?=$|[\s:,.;])[\s:,.;]*")


def leading_code(words: str, prefix: str) -> tuple[str, str]:
    """A case's code at the beginning of what was said, as in the store, or "", and what follows it."""
    found = _LEAD.match(words[:80])
    code = codes.parse(found[1], prefix) if found else None
    if not found or not code:
        return "", words
    return code, words[found.end() :].strip()


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
