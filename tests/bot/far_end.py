"""Far ends for tests: the platform Telegram with what it sends kept in memory, and a Redis that never answers."""

from __future__ import annotations

import itertools
import socket
import threading

from bot.platforms.telegram.client import Telegram
from bot.platforms.telegram.door import TelegramOptions
from bot.words.catalogue import Catalogue
from handlers.ports import FileGone, Outgoing, Sent

SECRET = "webhook-secret-of-the-tests"


class Ear(Telegram):
    """Real ``verify``, ``identify`` and ``parse``; what is sent is kept in ``told``."""

    def __init__(self, words: Catalogue) -> None:
        token = "123456789:" + "a" * 35
        super().__init__(TelegramOptions(token, "http://127.0.0.1:9", True, SECRET, username="PhanAnhBot"), words)
        self._catalogue = words
        self._ids = itertools.count(9001)
        self.told: list[tuple[str, str]] = []
        self.toasts: list[str] = []
        self.files: dict[str, bytes] = {}

    def send(self, outgoing: Outgoing) -> Sent:
        self.told.append((outgoing.chat, "\n".join(self._catalogue.paragraphs(outgoing.language, outgoing.message))))
        return Sent((str(next(self._ids)),))

    def acknowledge(self, press: str, text: str, alert: bool) -> None:
        self.toasts.append(text)

    def fetch(self, handle: str, limit: int) -> bytes:
        if handle not in self.files:
            raise FileGone("gone")
        return self.files[handle]

    def is_member(self, chat: str, user: str) -> bool:
        return True

    def heard(self, chat: str) -> str:
        """All that a chat was told."""
        return "\n".join(text for where, text in self.told if where == chat)


class Silence:
    """Takes connections and never answers, like a hung Redis; counts how many came."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = self.socket.getsockname()
        self.url = f"redis://127.0.0.1:{self.address[1]}/0"
        self.calls = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self):
        while True:
            try:
                self.calls.append(self.socket.accept()[0])
            except OSError:
                return

    def close(self):
        """From now on who calls is refused; closing alone would leave the port open as long as the thread accepts."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self.socket.close()
        for call in self.calls:
            call.close()
