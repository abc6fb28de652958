"""Client: the platform Telegram as handlers see it."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from telegram import ChatMember

from bot.platforms import html
from bot.platforms.telegram import errors, parse
from bot.platforms.telegram.calls import Said, fingerprint, perform
from bot.platforms.telegram.door import TelegramDoor, TelegramOptions
from bot.platforms.telegram.errors import Refused
from bot.platforms.telegram.line import DEADLINE, QUICK_DEADLINE, UPDATES, Address, Line, log
from bot.platforms.telegram.render import TEXT_LIMIT, Call, CannotRender, chat_id, render
from bot.platforms.unfinished import Unfinished
from bot.words.catalogue import Catalogue
from handlers.ports import (
    Capabilities,
    ChatHasMoved,
    FileGone,
    Outgoing,
    SendLater,
    SendNever,
    SendUnknown,
    Sent,
)
from workflows.events import Envelope

__all__ = ["Telegram", "TelegramOptions"]

TOAST_LIMIT = 200
TOPIC_LIMIT = 128
MANY_CHATS = 3  # so many chats held back at once mean that the whole bot is too fast

_TOKEN = re.compile(r"(\d+):[\w-]+")
_PRESENT = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)
_NO_MEMBER = ("user not found", "member not found", "participant_id_invalid", "user_id_invalid")


class Telegram(TelegramDoor):
    """The platform Telegram. Raises ValueError at construction for settings that cannot work."""

    capabilities = Capabilities(
        buttons=True,
        edits=True,
        locations=True,
        replies=True,
        topics=True,
        max_text=TEXT_LIMIT,
        per_chat_per_second=1,
        per_group_per_minute=20,
        per_bot_per_second=30,
        uploads=frozenset(("photo", "video", "voice", "document")),
    )

    numbered = True  # updates are confirmed by asking for those after them

    def __init__(self, options: TelegramOptions, words: Catalogue) -> None:
        super().__init__(options)
        self._words = words
        self._us = parse.Us(_bot_id(options.token), options.username)
        self._line = Line(_address(options))
        self._learning = False
        self._unfinished: Unfinished[Said] = Unfinished()
        self._floods = _Floods()

    # Receiving.

    def parse(self, payload: str, at: datetime) -> Envelope | None:
        """The event in an update. Raises ParseError.

        While our own name is not known, a command to any bot is taken for ours, and the name is asked for.
        """
        if not self._us.username and "@" in payload and not self._learning:
            self._learning = True
            self._line.begin(self._learn())
        return parse.parse(payload, at, self._us)

    def get_updates(self, offset: int | None, timeout: int) -> list[str]:
        """Raw updates from ``offset`` on, waiting up to ``timeout`` seconds.

        Raises SendLater (also while a webhook is set) or SendUnknown; asking again is always safe.
        """
        return self._line.run(self._line.updates(offset, timeout), timeout + QUICK_DEADLINE)

    # Sending.

    def send(self, outgoing: Outgoing) -> Sent:
        """Send or edit one message. An edit that is no longer possible is sent anew."""
        try:
            return self._line.run(self._send(outgoing), DEADLINE)
        except Refused as refused:
            raise errors.never(refused) from None
        except SendLater as later:
            if later.code == errors.FLOOD and self._floods.note(outgoing.chat, later.seconds):
                raise SendLater(later.seconds, later.code, whole_bot=True) from None
            raise

    def acknowledge(self, press: str, text: str, alert: bool) -> None:
        """Answer a press, with a toast or nothing; a press from too long ago needs no answer."""
        arguments: dict[str, Any] = {"callback_query_id": press}
        if text:
            arguments |= {"text": html.cut(text, TOAST_LIMIT), "show_alert": alert}
        try:
            self._line.ask("answer_callback_query", **arguments)
        except Refused as refused:
            if not refused.says(*errors.LATE_PRESS):
                raise errors.never(refused) from None

    def drop_buttons(self, chat: str, message: str) -> None:
        """Take the buttons off one of our messages; one that is gone or has none needs nothing."""
        with contextlib.suppress(Refused):
            self._line.ask("edit_message_reply_markup", chat_id=int(chat), message_id=int(message))

    def take_back(self, chat: str, messages: Sequence[str]) -> None:
        """Delete messages of ours; what is older than two days Telegram keeps, and what is gone is gone."""
        for message in messages:
            with contextlib.suppress(Refused):
                self._line.ask("delete_message", chat_id=chat_id(chat), message_id=int(message))

    def open_topic(self, chat: str, title: str) -> str:
        """Make a topic in a group that has topics. Raises SendNever where we may not."""
        name = html.cut(title, TOPIC_LIMIT)
        topic = self._command("create_forum_topic", chat_id=chat_id(chat), name=name)
        return str(topic.message_thread_id)

    def leave(self, chat: str) -> None:
        """Leave a group; being out already is as good."""
        try:
            self._command("leave_chat", chat_id=chat_id(chat))
        except SendNever:
            log.info("telegram: a group to be left was gone already")

    # Asking.

    def fetch(self, handle: str, limit: int) -> bytes:
        """A file's bytes, at most ``limit``. Raises FileGone, SendLater or SendUnknown."""
        try:
            return self._line.run(self._line.download(handle, limit), DEADLINE)
        except Refused as refused:
            raise FileGone("too_large" if refused.says(*errors.TOO_BIG) else "gone") from None
        except SendNever:
            raise FileGone("gone") from None

    def is_member(self, chat: str, user: str) -> bool:
        """Whether ``user`` is in the group. Nobody is in a group that we are not in ourselves."""
        try:
            member = self._line.ask("get_chat_member", chat_id=chat_id(chat), user_id=int(user))
        except SendNever:
            return False
        except ChatHasMoved:
            raise SendUnknown("moved") from None
        except Refused as refused:
            if refused.says(*_NO_MEMBER):
                return False
            raise SendUnknown(errors.code(refused.words)) from None
        if member.status == ChatMember.RESTRICTED:
            return bool(member.is_member)
        return member.status in _PRESENT

    # Administration, for the command line.

    def me(self) -> dict[str, Any]:
        """Who we are: ``id``, ``username`` and the rest of getMe. Keeps the name for commands."""
        answer: dict[str, Any] = self._command("get_me").to_dict()
        self._us = parse.Us(self._us.id, str(answer.get("username", "")))
        return answer

    def set_webhook(self, url: str, max_connections: int = 16) -> None:
        """Have updates delivered to ``url`` with our secret."""
        self._command(
            "set_webhook",
            url=url,
            secret_token=self._options.webhook_secret or None,
            max_connections=max_connections,
            allowed_updates=list(UPDATES),
        )

    def delete_webhook(self) -> None:
        """Have updates kept for polling."""
        self._command("delete_webhook")

    def webhook_info(self) -> dict[str, Any]:
        """What Telegram says about its deliveries to us."""
        info: dict[str, Any] = self._command("get_webhook_info").to_dict()
        return info

    def set_commands(self, commands: Mapping[str, str], language: str = "") -> None:
        """The menu of commands; ``language`` "" is what everyone without a menu of their own sees."""
        pairs = list(commands.items())
        self._command("set_my_commands", commands=pairs, language_code=language or None)

    def close(self) -> None:
        """End the background thread and its connections; the next call opens new ones."""
        self._line.close()

    def _command(self, method: str, **arguments: Any) -> Any:
        try:
            return self._line.ask(method, **arguments)
        except Refused as refused:
            raise errors.never(refused) from None

    # On the loop.

    async def _learn(self) -> None:
        try:
            user = await self._line.call("get_me")
            self._us = parse.Us(self._us.id, user.username or "")
        except Exception:
            log.warning("telegram: our own name is not known yet")
        finally:
            self._learning = False

    async def _send(self, outgoing: Outgoing) -> Sent:
        try:
            calls = render(outgoing, self._words, self._options.map_url)
        except CannotRender as mistake:
            log.error("telegram: %s", mistake)
            raise SendNever("cannot_render") from None
        if outgoing.edit is None:
            return await self._say(outgoing, calls)
        try:
            return await self._change(outgoing, calls)
        except Refused as refused:
            if not refused.says(*errors.LOST_MESSAGE):
                raise
            return await self._send(replace(outgoing, edit=None, edit_media=False))

    async def _change(self, outgoing: Outgoing, calls: Sequence[Call]) -> Sent:
        """Edit; the same words once more are as good as done."""
        try:
            await perform(self._line, calls[0])
        except Refused as refused:
            if not refused.says(errors.NOT_MODIFIED):
                raise
        if len(calls) > 1:
            return await self._say(outgoing, calls[1:])
        return Sent((outgoing.edit or "",), captioned=outgoing.edit_media)

    async def _say(self, outgoing: Outgoing, calls: Sequence[Call]) -> Sent:
        """Make the calls in order. What was said before a failure is not said again when it is tried anew."""
        key = fingerprint(calls)
        said = self._unfinished.take(key)
        try:
            for call in calls[len(said) :]:
                said.append(await perform(self._line, call, said[-1].ids if said else ()))
        except BaseException:
            self._unfinished.keep(key, said)
            raise
        handles = {index: handle for one in said for index, handle in one.handles.items()}
        return Sent(
            ids=tuple(message for one in said for message in one.ids),
            captioned=said[-1].captioned,
            handles=tuple(handles.get(index, "") for index in range(len(outgoing.files))),
        )


class _Floods:
    """Which chats are being held back; when they are many, it is the bot that is too fast."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def note(self, chat: str, seconds: float) -> bool:
        """Whether the whole bot should wait."""
        now = time.monotonic()
        with self._lock:
            self._until = {held: until for held, until in self._until.items() if until > now}
            self._until[chat] = now + seconds
            return len(self._until) >= MANY_CHATS


def _address(options: TelegramOptions) -> Address:
    return Address(
        token=options.token,
        api_url=options.api_url,
        connections=options.connections,
        connect_timeout=options.connect_timeout,
        read_timeout=options.read_timeout,
        upload_timeout=options.upload_timeout,
    )


def _bot_id(token: str) -> int:
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise ValueError("the Telegram token is not of the form 123456:letters")
    return int(match[1])
