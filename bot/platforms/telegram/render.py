"""Render: one message to the Bot API calls that say it, as plain data within the platform's limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any

from bot.platforms import html
from bot.platforms.text import MAP_URL
from bot.words.catalogue import Catalogue
from handlers.ports import File, Outgoing
from workflows.frozen import frozen
from workflows.messages import Button, Value

# Bot API: sendMessage, sendPhoto, sendMediaGroup, InlineKeyboardButton.
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DATA_LIMIT = 64  # bytes of UTF-8
ROW_LIMIT = 8
BUTTON_LIMIT = 100
ALBUM_LIMIT = 10
PHOTO_LIMIT = 10 * 1024 * 1024  # a larger picture can only be uploaded as a file
LABEL_LIMIT = 64  # ours: a longer label is cut off on every phone
GENERAL_TOPIC = "1"  # must be addressed without a topic (read in the reference server)

_HANDLE = re.compile(r"[A-Za-z0-9_-]+")
_PICTURES = ("image/jpeg", "image/png", "image/webp")
_METHODS = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "voice": "sendVoice",
    "audio": "sendAudio",
    "document": "sendDocument",
}

Params = dict[str, Any]


class CannotRender(ValueError):
    """A message that breaks a limit of the platform which splitting cannot mend: a mistake in the program."""


@frozen
class Upload:
    """One file of a call: ``kind`` as Telegram names it, and the file's place among the message's files."""

    kind: str
    index: int
    file: File

    @property
    def handle(self) -> str:
        """The platform's handle, or "" when the bytes must be sent. Paths and addresses are no handles."""
        return self.file.handle if _HANDLE.fullmatch(self.file.handle) else ""


@frozen
class Call:
    """One call. ``params`` are JSON-ready; ``answers_previous``: a reply to the first message before it."""

    method: str
    params: Params
    uploads: tuple[Upload, ...] = ()
    answers_previous: bool = False
    captioned: bool = False


@frozen
class _Page:
    """What is said in one go: HTML paragraphs, and the markup that goes under the last part."""

    paragraphs: list[str]
    markup: Params = field(default_factory=dict)


def render(outgoing: Outgoing, words: Catalogue, map_url: str = MAP_URL) -> list[Call]:
    """The calls that say ``outgoing``, in order; buttons are on the last. Raises CannotRender."""
    paragraphs = words.paragraphs(outgoing.language, outgoing.message, html.escape)
    if outgoing.message.pin is not None:
        paragraphs.append(_map_link(outgoing, words, map_url))
    paragraphs += [_page_link(words.label(outgoing.language, name), address) for name, address in outgoing.links]
    page = _Page(paragraphs, _markup(outgoing, words))
    if outgoing.edit is not None:
        return list(_edit(outgoing, page, words))
    return list(_calls(outgoing, page, words))


def _calls(outgoing: Outgoing, page: _Page, words: Catalogue) -> Iterator[Call]:
    """A message sent anew, addressed to its chat and topic, the first call answering what it answers."""
    bodies = [*_keyboard_away(outgoing, page, words), *_bodies(outgoing, page)]
    if not bodies:
        raise CannotRender("a message says nothing")
    for index, call in enumerate(bodies):
        params: Params = {"chat_id": chat_id(outgoing.chat), **call.params}
        if outgoing.thread is not None and outgoing.thread != GENERAL_TOPIC:
            params["message_thread_id"] = int(outgoing.thread)
        if index == 0 and outgoing.reply_to is not None:
            params["reply_parameters"] = reply_parameters(int(outgoing.reply_to))
        yield Call(call.method, params, call.uploads, call.answers_previous, call.captioned)


def _edit(outgoing: Outgoing, page: _Page, words: Catalogue) -> Iterator[Call]:
    """An edit where the platform can do it; else the old message loses its buttons and a new one is sent."""
    limit = CAPTION_LIMIT if outgoing.edit_media else TEXT_LIMIT
    parts = html.pack(page.paragraphs, limit)
    target: Params = {"chat_id": chat_id(outgoing.chat), "message_id": int(outgoing.edit or 0)}
    if len(parts) != 1 or _is_reply_keyboard(page.markup) or outgoing.message.drop_keyboard:
        yield Call("editMessageReplyMarkup", target)
        yield from _calls(outgoing, page, words)
    elif outgoing.edit_media:
        yield Call("editMessageCaption", {**target, **_caption(parts[0]), **page.markup}, captioned=True)
    else:
        yield Call("editMessageText", {**target, **_text(parts[0]), **page.markup})


def _keyboard_away(outgoing: Outgoing, page: _Page, words: Catalogue) -> Iterator[Call]:
    """Take the reply keyboard away; a message with buttons has no room for that, so one goes before it."""
    if not outgoing.message.drop_keyboard or outgoing.group or _is_reply_keyboard(page.markup):
        return
    removal = {"reply_markup": {"remove_keyboard": True}}
    if not page.markup and not outgoing.files:
        page.markup.update(removal)
        return
    if len(page.paragraphs) > 1 and html.visible_units(page.paragraphs[0]) <= TEXT_LIMIT:
        first = page.paragraphs.pop(0)
    else:
        first = html.escape(words.text(outgoing.language, "format.noted", {}))
    yield Call("sendMessage", {**_text(first), **removal})


def _bodies(outgoing: Outgoing, page: _Page) -> Iterator[Call]:
    uploads = [_upload(index, file) for index, file in enumerate(outgoing.files)]
    caption = html.pack(page.paragraphs, CAPTION_LIMIT)
    if len(uploads) == 1 and len(caption) <= 1:
        yield _single(uploads[0], {**_caption("".join(caption)), **page.markup})
        return
    yield from _albums(uploads)
    parts = html.pack(page.paragraphs, TEXT_LIMIT)
    for index, part in enumerate(parts):
        markup = page.markup if index == len(parts) - 1 else {}
        yield Call("sendMessage", {**_text(part), **markup}, answers_previous=bool(uploads) and index == 0)


def _albums(uploads: Sequence[Upload]) -> Iterator[Call]:
    """Files without words: photos and videos together, other files together, voice notes one by one."""
    for kinds in (("photo", "video"), ("document",), ("audio",)):
        alike = [upload for upload in uploads if upload.kind in kinds]
        for start in range(0, len(alike), ALBUM_LIMIT):
            chunk = tuple(alike[start : start + ALBUM_LIMIT])
            yield _single(chunk[0], {}) if len(chunk) == 1 else _group(chunk)
    for upload in uploads:
        if upload.kind == "voice":
            yield _single(upload, {})


def _single(upload: Upload, params: Params) -> Call:
    return Call(_METHODS[upload.kind], params, (upload,), captioned=True)


def _group(uploads: tuple[Upload, ...]) -> Call:
    return Call("sendMediaGroup", {}, uploads, captioned=True)


def _upload(index: int, file: File) -> Upload:
    """What Telegram takes this file for; a handle keeps the kind that it was given for."""
    kind: str = file.kind
    if kind == "voice" and file.mime not in ("audio/ogg", ""):
        kind = "audio"
    if kind == "document" and not file.handle:
        kind = "photo" if file.mime in _PICTURES else "video" if file.mime == "video/mp4" else kind
    if kind == "photo" and not file.handle and len(file.content) > PHOTO_LIMIT:
        kind = "document"
    return Upload(kind, index, file)


def _text(part: str) -> Params:
    # No previews: Telegram would fetch whatever address somebody wrote.
    return {"text": part, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _caption(part: str) -> Params:
    return {"caption": part, "parse_mode": "HTML"} if part else {}


def _map_link(outgoing: Outgoing, words: Catalogue, map_url: str) -> str:
    lat, lon = outgoing.message.pin or (0.0, 0.0)
    link = html.escape_attribute(map_url.format(lat=lat, lon=lon))
    return f'<a href="{link}">📍 {html.escape(words.text(outgoing.language, "format.map", {}))}</a>'


def _page_link(label: str, address: str) -> str:
    return f'<a href="{html.escape_attribute(address)}">{html.escape(label)}</a>'


def _markup(outgoing: Outgoing, words: Catalogue) -> Params:
    rows = [list(_checked(row)) for row in _short_rows(outgoing.message.buttons)]
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise CannotRender(f"more than {BUTTON_LIMIT} buttons")
    labelled = [[(_label(button, outgoing.language, words), button.data) for button in row] for row in rows]
    if outgoing.message.wish == "place" and not outgoing.group:
        return {"reply_markup": _place_keyboard(labelled, outgoing.language, words)}
    if not labelled:
        return {}
    inline = [[{"text": label, "callback_data": data} for label, data in row] for row in labelled]
    return {"reply_markup": {"inline_keyboard": inline}}


def _place_keyboard(rows: list[list[tuple[str, str]]], language: str, words: Catalogue) -> Params:
    """The phone's own location button, and the other choices as words to send: a message has one keyboard."""
    ask = {"text": words.text(language, "format.send_place", {}), "request_location": True}
    typed = [[{"text": label} for label, _ in row] for row in rows]
    return {"keyboard": [[ask], *typed], "resize_keyboard": True}


def _is_reply_keyboard(markup: Params) -> bool:
    return "keyboard" in markup.get("reply_markup", {})


def _short_rows(rows: Sequence[Sequence[Button]]) -> Iterator[Sequence[Button]]:
    for row in rows:
        for start in range(0, len(row), ROW_LIMIT):
            yield row[start : start + ROW_LIMIT]


def _checked(row: Sequence[Button]) -> Iterator[Button]:
    for button in row:
        if not 1 <= len(button.data.encode()) <= DATA_LIMIT:
            raise CannotRender(f"the data of a button has {len(button.data.encode())} bytes")
        yield button


def _label(button: Button, language: str, words: Catalogue) -> str:
    return html.cut(words.label(language, _said(button.label)), LABEL_LIMIT)


def _said(label: Value) -> Value:
    """A label that shows something, whatever a name in the store is: an empty one fails the whole call."""
    return label if label.value.strip() else Value("text", "…")


def reply_parameters(message_id: int) -> Params:
    """Answer a message; if it was deleted meanwhile, send without answering."""
    return {"message_id": message_id, "allow_sending_without_reply": True}


def chat_id(chat: str) -> int | str:
    """Telegram's chat ids are numbers up to 52 bits; ``@name`` of a public channel stays a word."""
    return chat if chat.startswith("@") else int(chat)
