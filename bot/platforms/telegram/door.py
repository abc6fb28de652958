"""Door: whether a webhook request is Telegram's, and, without understanding it, an update's id and chat.

All that a web process needs of the platform. It does without python-telegram-bot: a web process starts sooner
and is smaller for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from bot.platforms.secret_header import is_ours
from bot.platforms.text import MAP_URL
from handlers.ports import Delivery
from workflows.frozen import frozen

NAME = "telegram"
CLOUD = "https://api.telegram.org"
NO_CHAT = "-"  # deliveries that belong to no chat are worked in an order of their own

_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a name, no secret
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@frozen
class TelegramOptions:
    """What the platform must be told. Times are seconds; ``username`` may stay unknown until asked for."""

    token: str
    api_url: str = CLOUD
    webhook: bool = False
    webhook_secret: str = ""
    previous_webhook_secret: str = ""  # still accepted while a new one is being set
    username: str = ""
    map_url: str = MAP_URL
    connections: int = 64
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    upload_timeout: float = 60.0


class TelegramDoor:
    """Verifies and names deliveries. Raises ValueError at construction for secrets that cannot work."""

    name = NAME

    def __init__(self, options: TelegramOptions) -> None:
        self._options = options
        self._secrets = _secrets(options)

    def is_probe(self, body: bytes) -> bool:
        """Never: Telegram does not try an address out."""
        return False

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the secret header is ours."""
        return is_ours(headers, _SECRET_HEADER, self._secrets)

    def identify(self, body: bytes) -> Delivery | None:
        """Name an update; see ``identify``."""
        return identify(body)


class _Chat(msgspec.Struct):
    id: int


class _Carrier(msgspec.Struct):
    chat: _Chat


class _Press(msgspec.Struct):
    message: _Carrier | None = None


class _Known(msgspec.Struct):
    update_id: int
    message: _Carrier | None = None
    edited_message: _Carrier | None = None
    callback_query: _Press | None = None
    my_chat_member: _Carrier | None = None
    chat_member: _Carrier | None = None


class _Any(msgspec.Struct):
    update_id: int


_known = msgspec.json.Decoder(_Known)
_any = msgspec.json.Decoder(_Any)


def identify(body: bytes) -> Delivery | None:
    """An update's id and chat. All of one chat, presses included, shares a key and so an order.

    None when it is no update at all; chat ``-`` when it is one of a kind we do not know.
    """
    try:
        body.decode()
        update = _known.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _identify_unknown(body)
    press = update.callback_query
    carriers = (
        update.message,
        update.edited_message,
        press.message if press else None,
        update.my_chat_member,
        update.chat_member,
    )
    chats = (str(carrier.chat.id) for carrier in carriers if carrier is not None)
    return Delivery(str(update.update_id), next(chats, NO_CHAT))


def _identify_unknown(body: bytes) -> Delivery | None:
    try:
        body.decode()
        return Delivery(str(_any.decode(body).update_id), NO_CHAT)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _secrets(options: TelegramOptions) -> tuple[bytes, ...]:
    """The accepted webhook secrets. An empty one must stop the program, not switch the check off."""
    if options.webhook and not _SECRET.fullmatch(options.webhook_secret):
        raise ValueError("the Telegram webhook secret must be 1-256 letters, digits, _ or -")
    given = (options.webhook_secret, options.previous_webhook_secret)
    return tuple(secret.encode() for secret in given if secret)
