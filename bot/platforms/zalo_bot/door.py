"""Door: whether a webhook request is Zalo Bot's, and a message's id and chat. All that a web process needs of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from bot.platforms.secret_header import is_ours
from bot.platforms.text import MAP_URL
from bot.platforms.zalo import shape
from handlers.ports import Delivery
from workflows.frozen import frozen

NAME = "zalo-bot"
API = "https://bot-api.zaloplatforms.com"
NO_CHAT = "-"
LONGEST_ID = 200

_SECRET_HEADER = "x-bot-api-secret-token"  # noqa: S105 - a name, no secret
_SECRET = re.compile(r"[A-Za-z0-9_-]{8,256}")


@frozen
class ZaloBotOptions:
    """What the platform must be told. Times are seconds. Secrets do not show in its ``repr``.

    ``private_hosts``: files may come from addresses inside the own network, in tests only.
    """

    token: str = field(repr=False)
    api_url: str = API
    webhook: bool = False
    webhook_secret: str = field(default="", repr=False)
    previous_webhook_secret: str = field(default="", repr=False)  # still accepted while a new one is being set
    media_hosts: tuple[str, ...] = ()
    private_hosts: bool = False
    map_url: str = MAP_URL
    connect_timeout: float = 3.05
    read_timeout: float = 10.0


class ZaloBotDoor:
    """Verifies and names deliveries. Raises ValueError at construction for secrets that cannot work."""

    name = NAME

    def __init__(self, options: ZaloBotOptions) -> None:
        if options.webhook and not _SECRET.fullmatch(options.webhook_secret):
            raise ValueError("the Zalo Bot webhook secret must be 8-256 letters, digits, _ or -")
        given = (options.webhook_secret, options.previous_webhook_secret)
        self._options = options
        self._secrets = tuple(secret.encode() for secret in given if secret)

    def is_probe(self, body: bytes) -> bool:
        """``setWebhook`` tries an address out with nothing; it must get 200 (zalo.md, 7.3)."""
        return body.strip() in (b"", b"{}")

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the secret header is ours."""
        return is_ours(headers, _SECRET_HEADER, self._secrets)

    def identify(self, body: bytes) -> Delivery | None:
        """A message's id and chat, in either wrapping; None for what is no delivery."""
        event = unwrapped(shape.read(body))
        message = shape.words(event, "message", "message_id")
        name = shape.words(event, "event_name")
        if event is None or not name:
            return None
        chat = chat_key(event)
        found = message or f"{name}:{shape.words(event, 'message', 'date')}:{chat}"
        return Delivery(found[:LONGEST_ID], chat)


def unwrapped(body: shape.Json | None) -> shape.Json | None:
    """The event itself: documented as ``{ok, result}``, also seen bare (zalo.md, 7.3)."""
    inner = shape.at(body, "result")
    return inner if isinstance(inner, dict) else body


def chat_key(event: shape.Json) -> str:
    """The chat in whose order an event is worked; ``-`` where it names none that we could keep."""
    chat = shape.first(shape.words(event, "message", "chat", "id"), shape.words(event, "message", "from", "id"))
    return chat if 0 < len(chat) <= LONGEST_ID else NO_CHAT
