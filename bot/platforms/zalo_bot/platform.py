"""Platform: Zalo Bot as handlers see it; what it cannot show is said in words, as on a text-only platform."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.platforms import text
from bot.platforms.unfinished import Unfinished
from bot.platforms.zalo import shape
from bot.platforms.zalo.media import Fetcher
from bot.platforms.zalo_bot import parse
from bot.platforms.zalo_bot.client import BotClient, NothingNew
from bot.platforms.zalo_bot.door import ZaloBotDoor, ZaloBotOptions
from bot.words.catalogue import Catalogue
from handlers.ports import Capabilities, Outgoing, SendNever, SendUnknown, Sent
from workflows.events import Envelope

__all__ = ["ZaloBot", "ZaloBotOptions"]

TEXT_LIMIT = 2000


class ZaloBot(ZaloBotDoor):
    """The platform Zalo Bot. Raises ValueError at construction for settings that cannot work."""

    capabilities = Capabilities(
        buttons=False,
        edits=False,
        locations=False,
        replies=False,
        max_text=TEXT_LIMIT,
        per_chat_per_second=1,
        groups=False,  # who is in one cannot be asked, so nobody there could have a say
        leaves=False,
        numbers=True,
    )

    numbered = False  # nothing is confirmed: what was given out may come again

    def __init__(self, options: ZaloBotOptions, words: Catalogue) -> None:
        super().__init__(options)
        if not options.token:
            raise ValueError("Zalo Bot needs its token")
        self._words = words
        self._client = BotClient(options.token, options.api_url, (options.connect_timeout, options.read_timeout))
        self._fetcher = Fetcher(
            options.media_hosts, options.private_hosts, options.connect_timeout, options.read_timeout
        )
        self._unfinished: Unfinished[str] = Unfinished()

    # Receiving.

    def parse(self, payload: str, at: datetime) -> Envelope | None:
        """The event in a delivery. Raises ParseError."""
        return parse.parse(payload, at)

    def get_updates(self, offset: int | None, timeout: int) -> list[str]:
        """What came next, at most one update; there is nothing to confirm, so ``offset`` is not used.

        Raises SendLater, SendNever (also while a webhook is set) or SendUnknown. Old ones may come again.
        """
        try:
            update = self._client.call("getUpdates", timeout, timeout=str(timeout))
        except NothingNew:
            return []
        return [msgspec.json.encode(update).decode()] if isinstance(update, dict) else []

    # Sending.

    def send(self, outgoing: Outgoing) -> Sent:
        """Say a message; there are no edits, so what should replace another is said anew."""
        said = [*text.paragraphs(outgoing, self._words, self._options.map_url), *text.choices(outgoing, self._words)]
        texts = text.pack([unicodedata.normalize("NFC", one) for one in said], TEXT_LIMIT)
        if not texts:
            raise SendNever("cannot_render")
        key = hashlib.sha256(repr((outgoing.chat, texts)).encode("utf-8", "backslashreplace")).hexdigest()
        ids = self._unfinished.take(key)
        try:
            for one in texts[len(ids) :]:
                ids.append(self._say(outgoing.chat, one))
        except BaseException:
            self._unfinished.keep(key, ids)
            raise
        return Sent(tuple(ids))

    def acknowledge(self, press: str, text: str, alert: bool) -> None:
        """Nothing to do: there are no buttons to press."""

    def drop_buttons(self, chat: str, message: str) -> None:
        """Nothing to do: there are no buttons to take away."""

    def take_back(self, chat: str, messages: Sequence[str]) -> None:
        """Nothing to do: what was sent stays."""

    def open_topic(self, chat: str, title: str) -> str:
        """There are no topics. Raises SendNever."""
        raise SendNever("no_topics")

    def leave(self, chat: str) -> None:
        """There is no way to leave a group; we just say nothing there."""

    # Asking.

    def fetch(self, handle: str, limit: int) -> bytes:
        """A file's bytes, at most ``limit``. Raises FileGone, SendLater or SendUnknown."""
        return self._fetcher.fetch(handle, limit)

    def is_member(self, chat: str, user: str) -> bool:
        """Nobody can tell. Raises SendUnknown, so that nobody has a say by it."""
        raise SendUnknown("members_unknown")

    # Administration, for the command line.

    def me(self) -> dict[str, Any]:
        """Who we are: ``id``, ``account_name`` and the rest of getMe."""
        return self._ask("getMe")

    def set_webhook(self, url: str) -> None:
        """Have messages delivered to ``url`` with our secret."""
        self._ask("setWebhook", url=url, secret_token=self._options.webhook_secret)

    def delete_webhook(self) -> None:
        """Have messages kept for polling."""
        self._ask("deleteWebhook")

    def webhook_info(self) -> dict[str, Any]:
        """Where messages are delivered to; empty when nowhere."""
        try:
            return self._ask("getWebhookInfo")
        except SendNever:  # answered with 404 when there is none (zalo.md, 7.2)
            return {}

    def close(self) -> None:
        """End the connections; the next call opens new ones."""
        self._client.close()

    def _say(self, chat: str, words: str) -> str:
        try:
            answer = self._client.call("sendMessage", chat_id=chat, text=words)
        except NothingNew:  # 408 means "nothing came" to getUpdates alone
            raise SendUnknown("timed_out") from None
        return shape.words(answer, "message_id") or hashlib.sha256(words.encode()).hexdigest()[:16]

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        try:
            answer = self._client.call(method, **parameters)
        except NothingNew:
            raise SendUnknown("timed_out") from None
        return answer if isinstance(answer, dict) else {}
