"""The people at the far end, the same for all processes: each answers our answer; the next begins when one is done."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized, SynchronizedArray
from multiprocessing.synchronize import Event
from typing import Any

from benchmarks import citizen
from handlers.ports import Outgoing
from workflows.frozen import frozen

OPEN_CHATS = 100
FIRST_CHAT = 100_000

Post = Callable[[bytes], object]


@frozen
class Crowd:
    """How far each person is, in memory that processes share; a worker's platform lets a person hear and go on."""

    post: Post
    steps: SynchronizedArray[Any]  # by chat; its lock holds for the counts too
    begun: Synchronized[Any]
    to_begin: Synchronized[Any]
    to_finish: Synchronized[Any]
    finished: Event

    @classmethod
    def of(cls, post: Post, people: int) -> Crowd:
        """So many people, of whom none has begun. ``post`` takes what they send."""
        context = get_context("spawn")
        begun, to_begin, to_finish = (context.Value("i", 0, lock=False) for _ in range(3))
        return cls(post, context.Array("b", people), begun, to_begin, to_finish, context.Event())

    def begin(self, conversations: int) -> None:
        """The first hundred of so many send their photo."""
        self.finished.clear()
        self.to_begin.value = self.to_finish.value = conversations
        for _ in range(min(OPEN_CHATS, conversations)):
            self._next()

    def hear(self, outgoing: Outgoing) -> None:
        """Read an answer and go on."""
        chat, said = int(outgoing.chat), outgoing.message
        with self.steps.get_lock():
            step = self.steps[chat - FIRST_CHAT]
            if step >= citizen.STEPS or not citizen.is_answer(step, said):
                return
            self.steps[chat - FIRST_CHAT] = step + 1
            last = step + 1 == citizen.STEPS
            self.to_finish.value -= last
            if last and not self.to_finish.value:
                self.finished.set()
        if last:
            self._next()
        else:
            self.post(citizen.update(chat, step + 1, citizen.chosen(step + 1, said)))

    def _next(self) -> None:
        with self.steps.get_lock():
            if not self.to_begin.value:
                return
            self.to_begin.value -= 1
            chat = FIRST_CHAT + self.begun.value
            self.begun.value += 1
        self.post(citizen.update(chat, 0))
