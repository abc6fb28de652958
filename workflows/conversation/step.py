"""The shape of a question: when it is answered, how it is asked, and what counts as an answer."""

from __future__ import annotations

from collections.abc import Callable

from workflows.conversation.facts import Facts
from workflows.conversation.state import Dialog
from workflows.effects import Effect
from workflows.events import Envelope
from workflows.frozen import frozen
from workflows.messages import Button, Line, Message, Value, word


@frozen
class Turn:
    """One event being answered, with where the chat stands and what is known."""

    dialog: Dialog
    envelope: Envelope
    facts: Facts

    @property
    def now(self) -> float:
        """The moment of the event in seconds since 1970, as dialogs keep it."""
        return self.facts.at.timestamp()


@frozen
class Answer:
    """What became of an event.

    ``notes`` are said before the next question. ``stay``: the question on the table is asked again, otherwise
    the next missing one is. ``quiet``: nothing is said. ``menu``: outside a draft, the main buttons are
    shown. ``message``: said instead of notes and question, because it has buttons of its own.
    """

    dialog: Dialog
    notes: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    stay: bool = False
    quiet: bool = False
    menu: bool = False
    message: Message | None = None


def never(_: Dialog, __: Facts) -> bool:
    """For questions that cannot be skipped, and for the one that is never done."""
    return False


def always(_: Dialog, __: Facts) -> bool:
    """For questions that a number alone answers only by its place on their list."""
    return True


@frozen
class Question:
    """One question of the flow, asked while it is not done.

    ``ask`` says what is wanted; the ways out (skip, back, cancel) are added by flow.py. ``choose`` takes
    the value of a pressed button and answers None for one that does not belong here. ``read`` takes the
    words of a message. ``listed``: whether a number alone can only be one of the question's buttons.
    """

    name: str
    done: Callable[[Dialog, Facts], bool]
    ask: Callable[[Dialog, Facts], Message]
    choose: Callable[[Turn, str], Answer | None]
    read: Callable[[Turn, str], Answer]
    may_skip: Callable[[Dialog, Facts], bool] = never
    listed: Callable[[Dialog, Facts], bool] = never


def line(key: str, /, **values: Value) -> Line:
    """One paragraph from the catalogue."""
    return Line(key, values)


def button(serial: int, step: str, value: str, label: str | Value) -> Button:
    """A button of the conversation; ``label`` is a key under ``button.`` or a thing's own name."""
    shown = word(f"button.{label}") if isinstance(label, str) else label
    return Button(f"c:{serial}:{step}:{value}", shown)


def refuse(turn: Turn, key: str, /, **values: Value) -> Answer:
    """Say what was wrong and what to send instead, and ask the same question again."""
    return Answer(turn.dialog, (Line(key, values),), stay=True, menu=True)


def nothing_to_choose(_: Turn, __: str) -> Answer | None:
    """For questions without buttons of their own."""
    return None
