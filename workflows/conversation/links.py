"""Map links in what people type: a place, or a short link that must be opened first."""

from __future__ import annotations

from workflows import maplinks
from workflows.events import Place


def place_in(text: str) -> Place | None:
    """The position that the words give, with the words beside it as the address; None when they give none."""
    position = maplinks.read(text)
    return Place(*position, _beside(text)) if position else None


def _beside(text: str) -> str:
    """What was said besides the link; coordinates written out stay in it, the words around them need them."""
    rest = " ".join(part for part in text.split() if "://" not in part and not part.startswith("geo:"))
    return rest if sum(character.isalpha() for character in rest) >= 3 else ""


def is_short(text: str) -> bool:
    """Whether it is a shortened link, whose position only the service that made it knows."""
    return maplinks.is_short_link(text)


def is_link(text: str) -> bool:
    """Whether the whole message is a map link, so that it can be nothing but a place."""
    alone = len(text.split()) == 1 and ("://" in text or text.startswith("geo:"))
    return alone and (is_short(text) or place_in(text) is not None)
