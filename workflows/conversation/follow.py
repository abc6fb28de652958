"""A report that somebody else took down: its code and a proof, typed together, ask to hear of it in this chat."""

from __future__ import annotations

import re

from workflows import codes
from workflows.conversation.step import Answer, Turn, refuse
from workflows.conversation.steps.contact import phone_in
from workflows.effects import FollowCase

_SYMBOLS = f"[{codes.ALPHABET}]{{4}}"
_BOTH = re.compile(rf"\s*([A-Z]{{1,4}}[-–. ]?{_SYMBOLS}[-–. ]?{_SYMBOLS})[\s,:;]+(\S.*?)\s*")
_SECRET = re.compile(rf"{_SYMBOLS}[-–. ]?{_SYMBOLS}")
_LONGEST = 80  # characters of a message that is a code and a proof and nothing else


def command(turn: Turn, words: str) -> Answer:
    """``/theodoi`` with the code and the proof behind it."""
    return said(turn, words) or refuse(turn, "follow.how")


def said(turn: Turn, words: str) -> Answer | None:
    """The same without the command; None when the words are something else.

    Whether they fit is for the handler to say, which counts the tries.
    """
    found = _BOTH.fullmatch(words.upper()) if len(words) <= _LONGEST else None
    if found is None or not (phone_in(found[2]) or _SECRET.fullmatch(found[2])):
        return None
    return Answer(turn.dialog, (), (FollowCase(found[1], found[2]),), quiet=True)
