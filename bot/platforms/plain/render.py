"""Render: one message as bare text, its choices numbered and what cannot be shown said in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.platforms import html
from bot.words.catalogue import Catalogue
from handlers.ports import Outgoing
from workflows.messages import number

TEXT_LIMIT = 2000
LABEL_LIMIT = 64
MAP_URL = "https://www.google.com/maps?q={lat:.6f},{lon:.6f}"

_ATTACHED = {
    "photo": "format.photos",
    "video": "format.videos",
    "voice": "format.voices",
    "document": "format.documents",
}


def render(outgoing: Outgoing, words: Catalogue, map_url: str = MAP_URL) -> list[str]:
    """The texts that say ``outgoing``, each within the limit; the numbered choices end the last.

    Numbers run from 1 over all rows, as ``workflows.conversation.choices`` reads them.
    """
    paragraphs = [*_paragraphs(outgoing, words, map_url), *_choices(outgoing, words)]
    return [html.plain(part) for part in html.pack(map(html.escape, paragraphs), TEXT_LIMIT)]


def _paragraphs(outgoing: Outgoing, words: Catalogue, map_url: str) -> Iterator[str]:
    yield from words.paragraphs(outgoing.language, outgoing.message)
    for kind, count in Counter(file.kind for file in outgoing.files).items():
        yield words.text(outgoing.language, _ATTACHED[kind], {"count": number(count)})
    if outgoing.message.pin is not None:
        lat, lon = outgoing.message.pin
        label = words.text(outgoing.language, "format.map", {})
        yield f"{label}: {map_url.format(lat=lat, lon=lon)}"
    for name, address in outgoing.links:
        yield f"{words.label(outgoing.language, name)}: {address}"


def _choices(outgoing: Outgoing, words: Catalogue) -> Iterator[str]:
    buttons = [button for row in outgoing.message.buttons for button in row]
    if buttons:
        yield words.text(outgoing.language, "format.choose", {})
    for place, button in enumerate(buttons, start=1):
        yield f"{place}. {html.cut(words.label(outgoing.language, button.label), LABEL_LIMIT)}"
