"""Calls: a rendered call in the library's types, and what its answer says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from telegram import (
    InlineKeyboardMarkup,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from bot.platforms import html
from bot.platforms.telegram import errors
from bot.platforms.telegram.errors import Refused
from bot.platforms.telegram.line import Line, log
from bot.platforms.telegram.render import Call, Upload, reply_parameters
from workflows.frozen import frozen

_SNAKE = re.compile(r"(?<!^)(?=[A-Z])")
_ALBUM_ITEMS: dict[str, Any] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
}


@frozen
class Said:
    """What came of one call: message ids, and the handles of its files by their place in the message."""

    ids: tuple[str, ...]
    handles: dict[int, str]
    captioned: bool


async def perform(line: Line, call: Call, before: Sequence[str] = ()) -> Said:
    """Make one call. ``before`` are the ids of the messages it belongs to.

    Refused markup is our bug: the words are sent without it. A handle that the server does not take (it was
    given for another kind, or to another bot) is replaced by the bytes. Raises like ``Line.call``.
    """
    arguments = _arguments(call)
    if call.answers_previous and before:
        arguments["reply_parameters"] = ReplyParameters(**reply_parameters(int(before[0])))
    method = _SNAKE.sub("_", call.method).lower()
    try:
        answer = await line.call(method, **arguments, **_files(call, by_handle=True))
    except Refused as refused:
        if refused.says(errors.BAD_MARKUP):
            log.error("telegram: a message's markup was refused; sent without")
            answer = await line.call(method, **_unmarked(arguments), **_files(call, by_handle=True))
        elif refused.says(*errors.BAD_HANDLE) and all(upload.file.content for upload in call.uploads):
            answer = await line.call(method, **arguments, **_files(call, by_handle=False))
        else:
            raise
    return _said(call, answer)


def fingerprint(calls: Sequence[Call]) -> str:
    """The same for the same calls, and nothing to read in it."""
    said = [
        (call.method, call.params, [(u.kind, u.file.handle, len(u.file.content)) for u in call.uploads])
        for call in calls
    ]
    return hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()


def _arguments(call: Call) -> dict[str, Any]:
    arguments = dict(call.params)
    if "reply_markup" in arguments:
        arguments["reply_markup"] = _keyboard(arguments["reply_markup"])
    if "reply_parameters" in arguments:
        arguments["reply_parameters"] = ReplyParameters(**arguments["reply_parameters"])
    if "link_preview_options" in arguments:
        arguments["link_preview_options"] = LinkPreviewOptions(**arguments["link_preview_options"])
    return arguments


def _keyboard(markup: dict[str, Any]) -> Any:
    if "inline_keyboard" in markup:
        return InlineKeyboardMarkup.de_json(markup, None)
    if "keyboard" in markup:
        return ReplyKeyboardMarkup.de_json(markup, None)
    return ReplyKeyboardRemove()


def _unmarked(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same words without tags."""
    kept = {name: value for name, value in arguments.items() if name != "parse_mode"}
    for name in ("text", "caption"):
        if name in kept:
            kept[name] = html.plain(kept[name])
    return kept


def _files(call: Call, *, by_handle: bool) -> dict[str, Any]:
    if call.method == "sendMediaGroup":
        items = [(upload.kind, _file(upload, by_handle, attach=True)) for upload in call.uploads]
        return {"media": [_ALBUM_ITEMS[kind](file) for kind, file in items]}
    return {upload.kind: _file(upload, by_handle, attach=False) for upload in call.uploads}


def _file(upload: Upload, by_handle: bool, *, attach: bool) -> str | InputFile:
    """``attach``: under a name of its own, as an album needs it; else under the parameter's."""
    if by_handle and upload.handle:
        return upload.handle
    return InputFile(upload.file.content, filename=upload.file.name, attach=attach)


def _said(call: Call, answer: Any) -> Said:
    messages = [answer] if isinstance(answer, Message) else list(answer) if isinstance(answer, tuple) else []
    handles = {
        upload.index: _handle(message, upload.kind) for upload, message in zip(call.uploads, messages, strict=False)
    }
    return Said(tuple(str(message.message_id) for message in messages), handles, call.captioned)


def _handle(message: Message, kind: str) -> str:
    found = message.photo[-1] if kind == "photo" and message.photo else getattr(message, kind, None)
    return str(getattr(found, "file_id", "") or "")
