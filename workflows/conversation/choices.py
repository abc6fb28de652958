"""A button pressed, its number typed, or its words typed: the same choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workflows.messages import Button
from workflows.text import fold

_NUMBER = re.compile(r"(?:(?:so|chon|muc|number|option) )?([0-9]{1,2})")
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")


def plain(text: str) -> str:
    """Folded letters and digits with single spaces between: what two spellings of the same words share."""
    return _NOT_A_WORD.sub(" ", fold(text)).strip()


def read(text: str, offered: Sequence[Button], spell: Callable[[Button], Sequence[str]]) -> Button | None:
    """The offered button that ``text`` means by its number (from 1, in order) or by its words; else None.

    ``spell`` gives a button's words as ``plain`` does.
    """
    said = plain(text[:80])
    number = _NUMBER.fullmatch(said)
    if number:
        place = int(number[1])
        return offered[place - 1] if 1 <= place <= len(offered) else None
    if not said:
        return None
    return next((button for button in offered if said in spell(button)), None)
