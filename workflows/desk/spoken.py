"""A choice put into words: a button's number, its words or a short word for it, with or without more said after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workflows.actions import Action
from workflows.conversation.choices import plain, read
from workflows.desk.flows import FLOWS
from workflows.desk.turn import card_data
from workflows.messages import Button, word

Spell = Callable[[Button], Sequence[str]]

# What officers call these moves; the words are in the catalogue (desk_say).
SHORT = (
    Action.CLAIM,
    Action.SUBMIT_RESULT,
    Action.ASK,
    Action.REQUEST_TRANSFER,
    Action.ACCEPT_RESULT,
    Action.RETURN_RESULT,
    Action.REWORK,
)
_NUMBERED = re.compile(r"\s*(\d{1,2})\s*[:.,;)\-–]\s*(\S.*)", re.DOTALL)  # "2: xong rồi", never "2 nhà bị ngập"
_WORD = re.compile(r"\S+")


def choice_in(words: str, offered: Sequence[Button], spell: Spell) -> tuple[Button, str] | None:
    """The button that ``words`` mean and what is said besides; None when they mean none.

    More than the choice may be said only where it becomes words that are shown again before they go anywhere:
    what begins like a button and is done at once may be mere talk.
    """
    whole = read(words, offered, spell) or _called(words, offered, spell)
    if whole is not None:
        return whole, ""
    numbered = _NUMBERED.fullmatch(words)
    if numbered:
        button = read(numbered[1], offered, spell)
        return (button, numbered[2].strip()) if button is not None and _takes_words(button) else None
    return _led_by_words(words, [button for button in offered if _takes_words(button)], spell)


def _called(words: str, offered: Sequence[Button], spell: Spell) -> Button | None:
    said = plain(words[:80])
    return next((button for button in offered if said and said in map(plain, _short(button, spell))), None)


def _led_by_words(words: str, offered: Sequence[Button], spell: Spell) -> tuple[Button, str] | None:
    """The longest label that ``words`` begin with."""
    spoken = [(plain(name), button) for button in offered for name in (*spell(button), *_short(button, spell))]
    for name, button in sorted(spoken, key=lambda one: -len(one[0])):
        end = _end_of(words, len(name.split()))
        if name and plain(words[:end]) == name:
            return button, words[end:].lstrip(" :,.;-–\n").strip()
    return None


def _end_of(words: str, count: int) -> int:
    """Where the first ``count`` words end."""
    ends = [found.end() for found in _WORD.finditer(words)]
    return ends[count - 1] if 0 < count <= len(ends) else 0


def _short(button: Button, spell: Spell) -> Sequence[str]:
    card = card_data(button.data)
    if card is None or card.verb not in SHORT:
        return ()
    return spell(Button("", word(f"desk_say.{card.verb}")))


def _takes_words(button: Button) -> bool:
    """Whether the words given with it end in a preview."""
    card = card_data(button.data)
    flow = FLOWS.get(card.verb) if card else None
    return flow is not None and {"words", "preview"} <= set(flow.asks)
