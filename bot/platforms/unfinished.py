"""Unfinished: messages of several calls that failed on the way, so that the next try goes on instead of repeating."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Unfinished(Generic[T]):
    """What was said already, by the message's fingerprint. May be used by several threads.

    Kept in memory only: after a restart such a message is sent from its beginning.
    """

    def __init__(self, most: int = 256) -> None:
        self._said: OrderedDict[str, list[T]] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def take(self, key: str) -> list[T]:
        """What was said of this message so far; it is not remembered any more."""
        with self._lock:
            return self._said.pop(key, [])

    def keep(self, key: str, said: list[T]) -> None:
        """Remember it for the next try."""
        with self._lock:
            if said:
                self._said[key] = said
            while len(self._said) > self._most:
                self._said.popitem(last=False)
