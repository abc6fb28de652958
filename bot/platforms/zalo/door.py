"""Door: whether a webhook request is Zalo's, and, without understanding it, an event's id and chat.

All that a web process needs of the platform. The signature is over the bytes as they came (zalo.md, 3.2).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta

import structlog

from bot.platforms.text import MAP_URL
from bot.platforms.zalo import shape
from handlers.ports import Delivery
from workflows.frozen import frozen

log = structlog.get_logger()

NAME = "zalo"
API = "https://openapi.zalo.me"
OAUTH = "https://oauth.zaloapp.com"
NO_CHAT = "-"  # deliveries that belong to no chat are worked in an order of their own
LONGEST_ID = 200  # of a delivery; longer ones are kept by their digest

_SIGNATURE_HEADER = "x-zevent-signature"
_TIME_HEADER = "x-zevent-timestamp"
_SIGNATURE = re.compile(r"(?:mac\s*=\s*)?([0-9a-f]{64})", re.IGNORECASE)
_MILLISECONDS = re.compile(r"\d{1,14}")

Now = Callable[[], datetime]


@frozen
class ZaloOptions:
    """What the platform must be told; what the documents leave open is a choice here (docs/zalo-checklist.md).

    ``private_hosts``: files may come from addresses inside the own network, as in the sandbox and in tests only.
    Times without a unit are seconds. Secrets do not show in its ``repr``.
    """

    app_id: str
    oa_id: str
    app_secret: str = field(default="", repr=False)
    oa_secret_key: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    api_url: str = API
    oauth_url: str = OAUTH
    appsecret_proof: bool = False
    sign_header_time: bool = True
    sign_oa_id: bool = False
    replay_window: timedelta = timedelta(hours=3)
    media_hosts: tuple[str, ...] = ()
    private_hosts: bool = False
    buttons: bool = True
    buttons_template_type: str = ""
    free_window: timedelta = timedelta(hours=48)
    last_window: timedelta = timedelta(days=7)
    free_replies: int | None = None
    late_price: int = 0  # VND
    map_url: str = MAP_URL
    connect_timeout: float = 3.05
    read_timeout: float = 10.0


class ZaloDoor:
    """Verifies and names deliveries. Raises ValueError at construction for secrets that cannot work."""

    name = NAME

    def __init__(self, options: ZaloOptions, now: Now) -> None:
        if not (options.app_id and options.oa_secret_key):
            # An empty secret must stop the program, not make a signature that anybody can compute.
            raise ValueError("Zalo needs the app's id and the OA secret key of its webhook")
        self._options = options
        self._now = now

    def is_probe(self, body: bytes) -> bool:
        """The console tries an address out with ``{}`` and no signature; it must get 200 (zalo.md, 3.1)."""
        return body.strip() in (b"{}", b"")

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether one of the signatures we take is on it, and it is not a repeat from long ago."""
        given = {name.lower(): value.strip() for name, value in headers.items()}
        event = shape.read(body) or {}
        signed = _SIGNATURE.fullmatch(given.get(_SIGNATURE_HEADER, ""))
        if signed is None:
            return _refused("no signature")
        if shape.words(event, "app_id") not in ("", self._options.app_id):
            return _refused("another app")
        times = [
            time
            for time, mac in self._candidates(event, given.get(_TIME_HEADER, ""), body)
            if hmac.compare_digest(mac.encode(), signed[1].lower().encode())
        ]
        if not times:
            return _refused("wrong signature")
        return self._is_fresh(times[0]) or _refused("too old or too early")

    def identify(self, body: bytes) -> Delivery | None:
        """An event's id and chat; what has no name is no delivery. A message of several files is kept in parts."""
        event = shape.read(body)
        name = shape.words(event, "event_name")
        if event is None or not name:
            return None
        chat = chat_key(event, self._options.oa_id)
        several = len(shape.attachments(event)) > 1 and not name.startswith("oa_")
        parts = tuple(json.dumps(part) for part in shape.apart(event)) if several else ()
        return Delivery(_short(_id(event, name, chat)), chat, parts)

    def _candidates(self, event: shape.Json, header_time: str, body: bytes) -> Iterator[tuple[str, str]]:
        """(time, signature) in all the ways that are allowed; all are computed, whichever fits."""
        options = self._options
        times = [shape.words(event, "timestamp"), header_time if options.sign_header_time else ""]
        owners = [options.app_id, options.oa_id if options.sign_oa_id else ""]
        for time in dict.fromkeys(filter(_MILLISECONDS.fullmatch, times)):
            for owner in filter(None, owners):
                yield time, mac(owner, body, time, options.oa_secret_key)

    def _is_fresh(self, milliseconds: str) -> bool:
        """Clocks may differ, and repeats keep their time: the window is wide and open to both sides."""
        sent = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(milliseconds))
        return abs(self._now() - sent) <= self._options.replay_window


def chat_key(event: shape.Json, oa_id: str) -> str:
    """The chat in whose order an event is worked; ``-`` where it names none that we could keep."""
    chat = shape.chat_of(event, oa_id)
    return chat if 0 < len(chat) <= LONGEST_ID else NO_CHAT


def mac(owner: str, body: bytes, milliseconds: str, key: str) -> str:
    """SHA-256 over id, bytes, time and key in a row (zalo.md, 3.2; java-sdk, MacUtils): 64 small hex digits."""
    return hashlib.sha256(owner.encode() + body + milliseconds.encode() + key.encode()).hexdigest()


def _refused(why: str) -> bool:
    log.warning("zalo.delivery_refused", why=why)
    return False


def _id(event: shape.Json, name: str, chat: str) -> str:
    """A message's own id; for what has none, its name, time and chat. Receipts bear the ids of other messages."""
    message = shape.message_id(event)
    if message and shape.SAID.fullmatch(name):
        return message
    subject = shape.first(message, shape.words(event, "follower", "id"), shape.words(event, "sender", "id"))
    return f"{name}:{shape.words(event, 'timestamp')}:{chat}:{subject}"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_ID else hashlib.sha256(name.encode()).hexdigest()
