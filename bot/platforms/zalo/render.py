"""Render: one message as what Zalo can say: pictures one by one, then words with numbered choices, and buttons below.

The numbers are always there: whether an account takes buttons, and whether a phone shows them, nobody promises.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from bot.platforms import text
from bot.platforms.text import MAP_URL
from bot.platforms.zalo.media import FILE_LIMIT, FILE_TYPES, PHOTO_LIMIT, PHOTO_TYPES
from bot.platforms.zalo.parse import PRESS
from bot.words.catalogue import Catalogue
from handlers.ports import File, Outgoing
from workflows.frozen import frozen

# zalo.md, 4.2 and 4.4.
TEXT_LIMIT = 2000
BUTTON_LIMIT = 5
TITLE_LIMIT = 100


@frozen
class Part:
    """One message to Zalo: a picture or file, or words with buttons as (title, payload)."""

    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    file: File | None = None


def render(outgoing: Outgoing, words: Catalogue, map_url: str = MAP_URL, *, buttons: bool = True) -> list[Part]:
    """The parts that say ``outgoing``, in order; the choices are on the last. No parts: it says nothing."""
    sent = [file for file in outgoing.files if _goes(file)]
    unsent = [file for file in outgoing.files if not _goes(file)]
    said = [
        *text.paragraphs(outgoing, words, map_url, unsent),
        *_place(outgoing, words),
        *text.choices(outgoing, words),
    ]
    texts = text.pack([_safe(outgoing, one) for one in said], TEXT_LIMIT)
    parts = [Part(file=file) for file in sent] + [Part(one) for one in texts]
    pressed = _buttons(outgoing, words) if buttons and texts else ()
    if pressed:
        parts[-1] = Part(texts[-1], pressed)
    return parts


def _goes(file: File) -> bool:
    """Whether Zalo takes it: pictures and papers of some kinds, no sound and no films (zalo.md, 4.3)."""
    if file.mime in FILE_TYPES:
        return len(file.content) <= FILE_LIMIT
    return file.mime in PHOTO_TYPES and len(file.content) <= PHOTO_LIMIT


def _safe(outgoing: Outgoing, said: str) -> str:
    """Composed letters, as they are counted; in a group nobody's words call anybody (``[@id]`` is a mention there)."""
    composed = unicodedata.normalize("NFC", said)
    return composed.replace("[@", "[ @") if outgoing.group else composed


def _place(outgoing: Outgoing, words: Catalogue) -> Iterator[str]:
    """There is no button to send a position with, so it is said where it is."""
    if outgoing.message.wish == "place" and not outgoing.group:
        yield words.text(outgoing.language, "format.place_how", {})


def _buttons(outgoing: Outgoing, words: Catalogue) -> tuple[tuple[str, str], ...]:
    """All choices as buttons, or none: of more than fit the numbers must do. Groups have none."""
    buttons = text.flat(outgoing)
    if outgoing.group or len(buttons) > BUTTON_LIMIT:
        return ()
    return tuple(
        (text.label(button, outgoing.language, words, TITLE_LIMIT), f"{PRESS}{button.data}") for button in buttons
    )
