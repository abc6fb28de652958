"""Text: one message as bare text, its choices numbered and what cannot be shown said in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.platforms import html
from bot.words.catalogue import Catalogue
from handlers.ports import File, Outgoing
from workflows.messages import Button, Value, number

LABEL_LIMIT = 64
MAP_URL = "https://www.google.com/maps?q={lat:.6f},{lon:.6f}"

_CARD, _LISTED = "d:", ":card"  # data of a case's own buttons, and of a line in a list of cases
_ATTACHED = {
    "photo": "format.photos",
    "video": "format.videos",
    "voice": "format.voices",
    "document": "format.documents",
}


def paragraphs(
    outgoing: Outgoing, words: Catalogue, map_url: str = MAP_URL, unsent: Iterable[File] | None = None
) -> Iterator[str]:
    """What is said; ``unsent`` are the files that are only spoken of (all of them by default)."""
    yield from words.paragraphs(outgoing.language, outgoing.message)
    files = outgoing.files if unsent is None else unsent
    for kind, count in Counter(file.kind for file in files).items():
        yield words.text(outgoing.language, _ATTACHED[kind], {"count": number(count)})
    if outgoing.message.pin is not None:
        lat, lon = outgoing.message.pin
        label = words.text(outgoing.language, "format.map", {})
        yield f"{label}: {map_url.format(lat=lat, lon=lon)}"
    for name, address in outgoing.links:
        yield f"{words.label(outgoing.language, name)}: {address}"


def choices(outgoing: Outgoing, words: Catalogue) -> Iterator[str]:
    """How to choose, and the choices: numbered from 1 over all rows, as ``workflows.conversation.choices`` reads."""
    buttons, code = flat(outgoing), _code(outgoing)
    if buttons and code:
        yield words.text(outgoing.language, "format.choose_coded", {"code": code})
    elif buttons:
        yield words.text(outgoing.language, "format.choose", {})
    for place, button in enumerate(buttons, start=1):
        yield f"{place}. {label(button, outgoing.language, words)}"


def _code(outgoing: Outgoing) -> Value | None:
    """The code of the case whose card this is, if it is one in a group: a number alone would name no case there."""
    of_card = [button.data.startswith(_CARD) and not button.data.endswith(_LISTED) for button in flat(outgoing)]
    if not outgoing.group or not all(of_card):
        return None
    return next((line.values["code"] for line in outgoing.message.lines if "code" in line.values), None)


def flat(outgoing: Outgoing) -> list[Button]:
    """The buttons of all rows in order."""
    return [button for row in outgoing.message.buttons for button in row]


def label(button: Button, language: str, words: Catalogue, limit: int = LABEL_LIMIT) -> str:
    """A button's words; one whose name in the store is empty shows three dots."""
    return html.cut(words.label(language, button.label), limit).strip() or "…"


def pack(pieces: Iterable[str], limit: int) -> list[str]:
    """Paragraphs in as few texts as possible, each of at most ``limit`` UTF-16 units, cut where it hurts least."""
    return [html.plain(part) for part in html.pack(map(html.escape, pieces), limit)]
