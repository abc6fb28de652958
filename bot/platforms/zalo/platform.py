"""Platform: Zalo's Official Account as handlers see it."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import requests
import structlog

from bot.platforms.outside import is_outside
from bot.platforms.unfinished import Unfinished
from bot.platforms.zalo import errors, parse, shape
from bot.platforms.zalo.client.errors import ZaloException
from bot.platforms.zalo.client.messages import (
    AnonymousRecipient,
    ZaloAttachment,
    ZaloButton,
    ZaloMessageBody,
    ZaloTemplateElement,
)
from bot.platforms.zalo.client.oa import Client, media_attachment
from bot.platforms.zalo.client.tokens import RenewalFailed, TokenKeeper
from bot.platforms.zalo.door import Now, ZaloDoor, ZaloOptions
from bot.platforms.zalo.media import FILE_TYPES, CannotFit, Fetcher, fitted
from bot.platforms.zalo.render import TEXT_LIMIT, Part, render
from bot.words.catalogue import Catalogue
from handlers.ports import Capabilities, File, Outgoing, SendNever, Sent
from workflows.events import Envelope
from workflows.notifier.channels import Window

__all__ = ["Zalo", "ZaloOptions"]

log = structlog.get_logger()

PER_SECOND = 50  # below the 4,000 a minute that an app may call (zalo.md, 2.6)
MEMBERS_AT_ONCE = 50
MOST_MEMBERS = 1000  # of the largest package (zalo.md, 5)
ASSET_LASTS = timedelta(days=6)  # uploads end after seven
WRONG_PARAMETER = -201


class Zalo(ZaloDoor):
    """The platform Zalo OA. Raises ValueError at construction for settings that cannot work.

    ``tokens`` keeps the pair that all processes share; without it the pair of the options is used for as long as
    it lasts.
    """

    def __init__(self, options: ZaloOptions, words: Catalogue, now: Now, tokens: TokenKeeper | None = None) -> None:
        super().__init__(options, now)
        if not options.app_secret:
            raise ValueError("Zalo needs the app's secret")
        self._words = words
        self._us = parse.Us(options.oa_id)
        self.capabilities = capabilities(options)
        self.client = client_of(options, now, tokens)
        self._fetcher = Fetcher(
            options.media_hosts, options.private_hosts, options.connect_timeout, options.read_timeout
        )
        self._uploads = _Uploads(now)
        self._unfinished: Unfinished[str] = Unfinished()

    # Receiving.

    def parse(self, payload: str, at: datetime) -> Envelope | None:
        """The event in a delivery. Raises ParseError."""
        return parse.parse(payload, at, self._us)

    # Sending.

    def send(self, outgoing: Outgoing) -> Sent:
        """Say a message, part by part; there are no edits, so what should replace another is said anew."""
        outgoing = replace(outgoing, files=tuple(map(_fit, outgoing.files)))
        parts = render(outgoing, self._words, self._options.map_url, buttons=self._options.buttons)
        if not parts:
            raise SendNever("cannot_render")
        key = _fingerprint(outgoing, parts)
        said = self._unfinished.take(key)
        try:
            for part in parts[len(said) :]:
                said.append(self._say(outgoing, part, outgoing.reply_to if not said else None))
        except BaseException:
            self._unfinished.keep(key, said)
            raise
        return Sent(tuple(said), captioned=parts[-1].file is not None)

    def acknowledge(self, press: str, text: str, alert: bool) -> None:
        """Nothing to do: a press is a text here, and is answered by words."""

    def drop_buttons(self, chat: str, message: str) -> None:
        """Nothing to do: what was sent cannot be changed."""

    def take_back(self, chat: str, messages: Sequence[str]) -> None:
        """Nothing to do: what was sent stays."""

    def open_topic(self, chat: str, title: str) -> str:
        """There are no topics. Raises SendNever."""
        raise SendNever("no_topics")

    def leave(self, chat: str) -> None:
        """An OA cannot leave a group, only dissolve it with everybody in it, which nobody has asked for."""
        log.info("zalo.group_kept")

    # Asking.

    def fetch(self, handle: str, limit: int) -> bytes:
        """A file's bytes, at most ``limit``. Raises FileGone, SendLater or SendUnknown."""
        return self._fetcher.fetch(handle, limit)

    def is_member(self, chat: str, user: str) -> bool:
        """Whether ``user`` is in the group. Nobody is in a group that we are not in ourselves."""
        try:
            return any(user in page for page in self._members(chat))
        except SendNever:
            return False

    def me(self) -> dict[str, Any]:
        """The account: ``name``, ``is_verified`` and the rest of getoa. Raises like ``send``."""
        with _sorted():
            found = self.client.get_oa().get("data")
        return found if isinstance(found, dict) else {}

    def close(self) -> None:
        """End the connections; the next call opens new ones."""
        self.client.close()

    # Inside.

    def _say(self, outgoing: Outgoing, part: Part, quote: str | None) -> str:
        """One message to Zalo; its id. A quote that is refused is left out. Raises like ``send``."""
        with _sorted():
            try:
                return _message_id(self._sent(outgoing, part, quote))
            except ZaloException as refused:
                if quote is None or refused.code != WRONG_PARAMETER:
                    raise
                return _message_id(self._sent(outgoing, part, None))

    def _sent(self, outgoing: Outgoing, part: Part, quote: str | None) -> Mapping[str, Any]:
        if part.file is None:
            return self._words_sent(outgoing, part, quote)
        try:
            return self._file_sent(outgoing, part.file)
        except ZaloException as refused:
            if refused.code != errors.ASSET_GONE:
                raise
            self._uploads.forget(part.file)
            return self._file_sent(outgoing, part.file)

    def _words_sent(self, outgoing: Outgoing, part: Part, quote: str | None) -> Mapping[str, Any]:
        if part.buttons and not outgoing.chat.startswith(shape.ANONYMOUS):
            buttons = [ZaloButton(title, "oa.query.hide", payload) for title, payload in part.buttons]
            return self.client.send_buttons(outgoing.chat, part.text, buttons, part.text, quote)
        return self._deliver(outgoing, part.text, None, quote)

    def _file_sent(self, outgoing: Outgoing, file: File) -> Mapping[str, Any]:
        asset = self._uploads.get(file) or self._uploads.put(file, self._uploaded(file))
        if file.mime in FILE_TYPES:
            return self._deliver(outgoing, None, ZaloAttachment("file", {"token": asset}), None)
        element = ZaloTemplateElement(media_type="image", attachment_id=asset)
        return self._deliver(outgoing, None, media_attachment(element), None)

    def _deliver(
        self, outgoing: Outgoing, text: str | None, attachment: ZaloAttachment | None, quote: str | None
    ) -> Mapping[str, Any]:
        """To a group, to a person, or to a visitor of the web widget, each by its own call."""
        chat = outgoing.chat
        if outgoing.group:
            return self.client.send_group_message(chat, text, attachment, quote)
        body = ZaloMessageBody(text, attachment, quote)
        if chat.startswith(shape.ANONYMOUS):
            conversation, _, visitor = chat.removeprefix(shape.ANONYMOUS).partition(":")
            return self.client.send_message(AnonymousRecipient(visitor, conversation), body, category="action")
        return self.client.send_message({"user_id": chat}, body)

    def _uploaded(self, file: File) -> str:
        extension = FILE_TYPES.get(file.mime)
        kind = "file" if extension else "image"
        name = f"{file.name}.{extension or file.mime.removeprefix('image/').replace('jpeg', 'jpg')}"
        answer = self.client.upload_file(file.content, kind, name, file.mime)
        found = shape.words(answer, "data", "token" if extension else "attachment_id")
        if not found:
            raise SendNever("upload_without_id")
        return found

    def _members(self, group: str) -> Iterator[set[str]]:
        """Everybody in a group, page by page. Raises like ``send``."""
        for offset in range(0, MOST_MEMBERS, MEMBERS_AT_ONCE):
            with _sorted():
                answer = self.client.list_member(group, offset, MEMBERS_AT_ONCE)
            found = shape.at(answer, "data", "members")
            members = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
            yield {user for one in members if (user := shape.words(one, "user_id"))}
            if len(members) < MEMBERS_AT_ONCE:
                return


class _Uploads:
    """Which bytes were uploaded lately: a case's photo goes to several groups, and uploads are counted."""

    def __init__(self, now: Now, most: int = 512) -> None:
        self._now = now
        self._most = most
        self._kept: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, file: File) -> str:
        """The asset of these bytes; "" when there is none that is still good."""
        with self._lock:
            asset, at = self._kept.get(_digest(file), ("", self._now()))
        return asset if self._now() - at < ASSET_LASTS else ""

    def put(self, file: File, asset: str) -> str:
        """Remember it, and give it back."""
        with self._lock:
            self._kept[_digest(file)] = (asset, self._now())
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return asset

    def forget(self, file: File) -> None:
        """Zalo knows it no longer."""
        with self._lock:
            self._kept.pop(_digest(file), None)


@contextlib.contextmanager
def _sorted() -> Iterator[None]:
    """Errors of the client become those that handlers know; what a person must put right is an error in the log."""
    try:
        yield
    except (ZaloException, RenewalFailed, requests.RequestException) as error:
        sorted_one = errors.sort(error)
        if errors.is_grave(error):
            log.error("zalo.refused", code=getattr(error, "code", None), meaning=getattr(sorted_one, "code", ""))
        raise sorted_one from None


def capabilities(options: ZaloOptions) -> Capabilities:
    """What an Official Account can do."""
    return Capabilities(
        buttons=options.buttons,
        edits=False,
        locations=True,
        replies=False,  # nobody promises that an answer says what it answers: where it does, it is heeded
        max_text=TEXT_LIMIT,
        per_bot_per_second=PER_SECOND,
        group_buttons=False,
        uploads=frozenset(("photo", "document")),
        leaves=False,
        numbers=True,
        window=Window(options.free_window, options.last_window, options.free_replies, options.late_price),
    )


def client_of(options: ZaloOptions, now: Now, tokens: TokenKeeper | None = None) -> Client:
    """The client of this account."""
    outside = is_outside(options.api_url)

    def session() -> requests.Session:
        made = requests.Session()
        made.trust_env = outside
        return made

    return Client(
        options.app_id,
        options.app_secret,
        access_token=options.access_token,
        refresh_token=options.refresh_token,
        endpoint_prefix=options.api_url,
        oauth_prefix=options.oauth_url,
        timeout=(options.connect_timeout, options.read_timeout),
        tokens=tokens,
        appsecret_proof=options.appsecret_proof,
        buttons_template_type=options.buttons_template_type,
        now=lambda: now().timestamp(),
        session=session,
    )


def _fit(file: File) -> File:
    """A picture as Zalo takes it; one that cannot be made so is spoken of instead (it has no type any more)."""
    if file.kind != "photo" and not file.mime.startswith("image/"):
        return file
    try:
        content, mime = fitted(file.content, file.mime)
    except CannotFit:
        log.warning("zalo.photo_left_out", size=len(file.content))
        return replace(file, mime="")
    return replace(file, content=content, mime=mime)


def _message_id(answer: Mapping[str, Any]) -> str:
    """The id, or a stand-in: a message that went out must not go out again for want of its id."""
    return shape.words(answer, "data", "message_id") or f"sent-{uuid4().hex}"


def _digest(file: File) -> str:
    return hashlib.sha256(file.content).hexdigest()


def _fingerprint(outgoing: Outgoing, parts: Sequence[Part]) -> str:
    """The same for the same message to the same chat, and nothing to read in it."""
    said = [(part.text, part.buttons, _digest(part.file) if part.file else "") for part in parts]
    return hashlib.sha256(
        repr((outgoing.chat, outgoing.reply_to, said)).encode("utf-8", "backslashreplace")
    ).hexdigest()
