"""Render: one message as the texts of a platform that knows nothing else."""

from __future__ import annotations

from bot.platforms import text
from bot.platforms.text import MAP_URL
from bot.words.catalogue import Catalogue
from handlers.ports import Outgoing

TEXT_LIMIT = 2000


def render(outgoing: Outgoing, words: Catalogue, map_url: str = MAP_URL) -> list[str]:
    """The texts that say ``outgoing``, each within the limit; the numbered choices end the last."""
    said = [*text.paragraphs(outgoing, words, map_url), *text.choices(outgoing, words)]
    return text.pack(said, TEXT_LIMIT)
