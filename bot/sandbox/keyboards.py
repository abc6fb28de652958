"""Buttons: what the platform accepts under a message and in place of the phone's keyboard."""

import re
from typing import Any

from bot.sandbox import limits
from bot.sandbox.errors import bad
from bot.sandbox.store import Json

ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
)
PLACEHOLDER = 64
COPY = 256
URL = re.compile(
    r"(https?://(\[[0-9a-f:]+\]|[^/?#\s:]*\.[^/?#\s:]+)(:\d+)?([/?#]\S*)?|tg://\S+|t\.me/\S+)", re.IGNORECASE
)


def checked(markup: Json, chat_type: str) -> Json:
    """A reply markup without what the platform would not keep. Raises ApiError 400 for what it refuses."""
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline")
        return {"inline_keyboard": [[_inline(button, chat_type) for button in row] for row in rows if row]}
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "reply")
        if len(str(markup.get("input_field_placeholder") or "")) > PLACEHOLDER:
            raise bad("input field placeholder is too long")
        return {**markup, "keyboard": [[_reply(button, chat_type) for button in row] for row in rows if row]}
    return markup


def _rows(value: Any, kind: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad(f'field "{"inline_keyboard" if kind == "inline" else "keyboard"}" must be of type Array of Arrays')
    if any(len(row) > limits.ROW_BUTTONS for row in value) or sum(map(len, value)) > limits.ALL_BUTTONS:
        raise bad("reply markup is too long")
    return value


def _inline(button: Any, chat_type: str) -> Json:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be non-empty')
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad("can't parse inline keyboard button: exactly one optional field must be used")
    _ACTION_RULES.get(actions[0], _anything)(button[actions[0]], chat_type)
    return {"text": button["text"], actions[0]: button[actions[0]]}


def _callback(value: Any, _: str) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= limits.CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")


def _url(value: Any, _: str) -> None:
    if not URL.fullmatch(str(value)):
        raise bad(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")


def _web_app(value: Any, chat_type: str) -> None:
    if chat_type != "private":
        raise bad("BUTTON_TYPE_INVALID")
    if not isinstance(value, dict) or not str(value.get("url", "")).startswith("https://"):
        raise bad("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")


def _copy(value: Any, _: str) -> None:
    if not isinstance(value, dict) or not 1 <= len(str(value.get("text", ""))) <= COPY:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def _anything(_: Any, __: str) -> None:
    """Kinds of buttons without a rule of their own here."""


_ACTION_RULES = {"callback_data": _callback, "url": _url, "web_app": _web_app, "copy_text": _copy}


def _reply(button: Any, chat_type: str) -> Json:
    shown = {"text": button} if isinstance(button, str) else button
    if not isinstance(shown, dict) or not str(shown.get("text", "")).strip():
        raise bad('can\'t parse keyboard button: Field "text" must be non-empty')
    asks = any(shown.get(name) for name in ("request_location", "request_contact", "request_poll", "web_app"))
    if asks and chat_type != "private":
        raise bad("BUTTON_TYPE_INVALID")
    return shown
