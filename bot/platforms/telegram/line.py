"""Line: one event loop, one Bot and one pool of connections per process; the only asyncio in the program.

Other threads hand their calls to the loop, which runs in a thread of its own: a Bot belongs to the loop in
which it was first used. Threads do not survive a fork, so a line is opened where it is first needed and
belongs to that process. Nothing raised or logged here holds the token, an address with it, or a text.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx
import msgspec
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.platforms.outside import is_outside
from bot.platforms.telegram import errors
from handlers.ports import FileGone, SendLater, SendUnknown
from workflows.frozen import frozen

T = TypeVar("T")
log = logging.getLogger(__name__)

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
DEADLINE = 150.0  # seconds for one message with all its uploads
QUICK_DEADLINE = 45.0


@frozen
class Address:
    """Where the Bot API is and how long we wait for it, in seconds."""

    token: str
    api_url: str
    connections: int = 64
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    upload_timeout: float = 60.0


class _Parameters(msgspec.Struct):
    retry_after: int | None = None


class _Updates(msgspec.Struct):
    ok: bool
    result: list[msgspec.Raw] = msgspec.field(default_factory=list)
    error_code: int = 0
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


@frozen
class _Open:
    """What one process has open."""

    pid: int
    loop: asyncio.AbstractEventLoop
    thread: threading.Thread
    bot: Bot
    http: httpx.AsyncClient


class Line:
    """The way to one Bot API server. ``run`` and what stands on it may be called from any thread."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._api = address.api_url.rstrip("/")
        self._opening = threading.Lock()
        self._open: _Open | None = None
        _quiet()

    def run(self, work: Coroutine[Any, Any, T], deadline: float) -> T:
        """Wait for ``work`` on the loop. Raises the neutral exceptions, or errors.Refused."""
        future = asyncio.run_coroutine_threadsafe(work, self._opened().loop)
        try:
            return future.result(deadline)
        except TimeoutError:
            future.cancel()
            raise SendUnknown("deadline") from None

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Have ``work`` done without waiting for it; it must see to its own errors."""
        asyncio.run_coroutine_threadsafe(work, self._opened().loop)

    def ask(self, method: str, **arguments: Any) -> Any:
        """Call one of the Bot's methods from outside the loop and wait for the answer."""
        return self.run(self.call(method, **arguments), QUICK_DEADLINE)

    def close(self) -> None:
        """End the thread and its connections; the next call opens new ones."""
        with self._opening:
            opened, self._open = self._open, None
        if opened is None or opened.pid != os.getpid():
            return
        asyncio.run_coroutine_threadsafe(_hang_up(opened), opened.loop).result(QUICK_DEADLINE)
        opened.loop.call_soon_threadsafe(opened.loop.stop)
        opened.thread.join(QUICK_DEADLINE)
        opened.loop.close()

    # What follows runs on the loop.

    async def call(self, method: str, **arguments: Any) -> Any:
        """One of the Bot's methods, its errors sorted."""
        try:
            return await getattr(self._opened().bot, method)(**arguments)
        except TelegramError as error:
            raise _sorted(error) from None

    async def download(self, handle: str, limit: int) -> bytes:
        """A file's bytes. Raises FileGone, SendLater, SendUnknown, or Refused by ``getFile``."""
        found = await self.call("get_file", file_id=handle)
        if found.file_size and found.file_size > limit:
            raise FileGone("too_large")
        if not found.file_path or not found.file_path.startswith(f"{self._api}/"):
            raise FileGone("gone")
        try:
            async with self._opened().http.stream("GET", found.file_path) as answer:
                _check_download(answer)
                return await _read(answer, limit)
        except httpx.HTTPError as error:
            raise errors.unsent_or_unknown(error) from None

    async def updates(self, offset: int | None, timeout: int) -> list[str]:
        """Updates as the server wrote them, byte for byte; the library would hand out objects only."""
        asked = {"offset": offset, "timeout": timeout, "allowed_updates": UPDATES}
        url = f"{self._api}/bot{self._address.token}/getUpdates"
        patience = httpx.Timeout(self._address.read_timeout + timeout, connect=self._address.connect_timeout)
        try:
            answer = await self._opened().http.post(url, json=asked, timeout=patience)
            updates = msgspec.json.decode(answer.content, type=_Updates)
        except httpx.HTTPError as error:
            raise errors.unsent_or_unknown(error) from None
        except msgspec.MsgspecError:
            raise SendUnknown("strange_answer") from None
        if not updates.ok:
            raise _no_updates(updates)
        return [bytes(raw).decode() for raw in updates.result]

    def _opened(self) -> _Open:
        with self._opening:
            if self._open is None or self._open.pid != os.getpid():
                self._open = self._dial()
            return self._open

    def _dial(self) -> _Open:
        outside = is_outside(self._api)
        request = HTTPXRequest(
            connection_pool_size=self._address.connections,
            connect_timeout=self._address.connect_timeout,
            read_timeout=self._address.read_timeout,
            write_timeout=self._address.read_timeout,
            pool_timeout=self._address.connect_timeout,
            media_write_timeout=self._address.upload_timeout,
            httpx_kwargs={"trust_env": outside},
        )
        bot = Bot(
            self._address.token,
            base_url=f"{self._api}/bot",
            base_file_url=f"{self._api}/file/bot",
            request=request,
            get_updates_request=request,
        )
        timeout = httpx.Timeout(self._address.read_timeout, connect=self._address.connect_timeout)
        http = httpx.AsyncClient(timeout=timeout, trust_env=outside)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="telegram", daemon=True)
        thread.start()
        return _Open(os.getpid(), loop, thread, bot, http)


def _quiet() -> None:
    """Silence loggers that write addresses with the token in them, or what people wrote."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)


async def _hang_up(opened: _Open) -> None:
    await opened.http.aclose()
    await opened.bot.shutdown()


def _sorted(error: TelegramError) -> Exception:
    known = errors.sort(error)
    if isinstance(known, SendLater) and known.code == errors.TOKEN_REFUSED:
        log.error("telegram: the server refuses the token or does not know the method")
    return known


def _check_download(answer: httpx.Response) -> None:
    if answer.status_code == 429:
        raise SendLater(float(answer.headers.get("retry-after", errors.BUSY_SECONDS)), errors.FLOOD)
    if answer.status_code >= 500:
        raise SendUnknown("server_error")
    if answer.status_code != 200:
        raise FileGone("gone")


async def _read(answer: httpx.Response, limit: int) -> bytes:
    """The body, given up as soon as it is longer than it may be: announced sizes can be wrong or missing."""
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > limit:
            raise FileGone("too_large")
    return bytes(content)


def _no_updates(updates: _Updates) -> Exception:
    match updates.error_code:
        case 429:
            return SendLater(float(updates.parameters.retry_after or 1), errors.FLOOD)
        case 401 | 404:
            log.error("telegram: the server refuses the token or does not know the method")
            return SendLater(errors.TOKEN_SECONDS, errors.TOKEN_REFUSED, whole_bot=True)
        case 409:
            return SendLater(errors.CONFLICT_SECONDS, "conflict")
        case _:
            return SendUnknown("server_error")
