"""Listening for talk of what officials do (R61): a reason to ask the citizen, never an answer in their place."""

from __future__ import annotations

from workflows.frozen import frozen
from workflows.lookout import heard


@frozen
class OfficialWords:
    """What is listened for, with the marks of workflows/lookout.py: ``phrases`` speak for themselves; ``who`` and
    ``what`` only together, for nobody complains about an official by naming one."""

    phrases: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()


def suspected(text: str, listened: OfficialWords) -> bool:
    """Whether these words may be about what an official or a public body did."""
    if not text:
        return False
    if heard(text, listened.phrases):
        return True
    return bool(heard(text, listened.who)) and bool(heard(text, listened.what))
