"""A button pressed, its number typed, or its words typed: the same choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workflows.messages import Button, Line, number
from workflows.text import fold

_NUMBER = re.compile(r"(?:(?:so|chon|muc|number|option) )?([0-9]{1,3})")
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")


def plain(text: str) -> str:
    """Folded letters and digits with single spaces between: what two spellings of the same words share."""
    return _NOT_A_WORD.sub(" ", fold(text)).strip()


def read(text: str, offered: Sequence[Button], spell: Callable[[Button], Sequence[str]]) -> Button | None:
    """The offered button that ``text`` means by its number (from 1, in order) or by its words; else None.

    ``spell`` gives a button's words as ``plain`` does.
    """
    place = number_in(text)
    if place is not None:
        return offered[place - 1] if 1 <= place <= len(offered) else None
    said = plain(text[:80])
    if not said:
        return None
    return next((button for button in offered if said in spell(button)), None)


def off_the_list(text: str, offered: Sequence[Button]) -> Line | None:
    """What is said to a number that none of the ``offered`` buttons has; None to anything else."""
    place = number_in(text)
    if place is None or not offered or 1 <= place <= len(offered):
        return None
    return Line("misc.not_on_list", {"number": number(place), "last": number(len(offered))})


def number_in(text: str) -> int | None:
    """The number that ``text`` is as a whole; None for words."""
    found = _NUMBER.fullmatch(plain(text[:80]))
    return int(found[1]) if found else None
