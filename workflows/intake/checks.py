"""What a report that is taken down must have: words that tell something, and a place that can be found."""

from __future__ import annotations

from typing import Literal

from workflows.conversation import links

MAX_WORDS = 2000  # characters
MAX_ADDRESS = 300
MIN_LETTERS = 3  # of an address

Wrong = Literal["", "short_link", "too_long", "no_place"]


def tells(words: str) -> bool:
    """Whether somebody could begin to work on it."""
    return len(words.split()) >= 2


def wrong_place(place: str) -> Wrong:
    """Why a typed place cannot be found; "" for an address, and for a link or numbers that give a position."""
    if links.is_short(place):
        return "short_link"
    if links.place_in(place) is not None:
        return ""
    if len(place) > MAX_ADDRESS:
        return "too_long"
    return "no_place" if sum(letter.isalpha() for letter in place) < MIN_LETTERS else ""
