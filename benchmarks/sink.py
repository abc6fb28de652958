"""A platform inside the process: Telegram's updates come in, what goes out is given an id at once."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PIL import Image

from bot.platforms.telegram.client import Telegram, TelegramOptions
from bot.words.catalogue import Catalogue
from handlers.ports import Capabilities, Delivery, Outgoing, Sent
from workflows.events import Envelope

Heard = Callable[[Outgoing], None]


class Sink:
    """Reads like Telegram, sends nowhere, and holds nobody back."""

    name = Telegram.name
    capabilities = Capabilities(buttons=True, edits=True, locations=True, replies=True, topics=True)

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        options = TelegramOptions("1000001:benchmark", api_url="http://127.0.0.1:9", username="benchmark_bot")
        self._reader = Telegram(options, Catalogue({}, {}))
        self._numbers = itertools.count(1)
        self._photo = small_photo()

    def is_probe(self, body: bytes) -> bool:
        """Nobody tries our address out."""
        return False

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """What reaches us is verified already."""
        return True

    def identify(self, body: bytes) -> Delivery | None:
        """Telegram's."""
        return self._reader.identify(body)

    def parse(self, payload: str, at: datetime) -> Envelope | None:
        """Telegram's."""
        return self._reader.parse(payload, at)

    def send(self, outgoing: Outgoing) -> Sent:
        """Sent."""
        self._heard(outgoing)
        return Sent((str(next(self._numbers)),), handles=())

    def acknowledge(self, press: str, text: str, alert: bool) -> None:
        """Acknowledged."""

    def drop_buttons(self, chat: str, message: str) -> None:
        """Dropped."""

    def fetch(self, handle: str, limit: int) -> bytes:
        """A small photo that nobody else sent: what follows the picture's end belongs to the file."""
        return self._photo + handle.encode()

    def is_member(self, chat: str, user: str) -> bool:
        """Everybody is."""
        return True

    def open_topic(self, chat: str, title: str) -> str:
        """Opened."""
        return str(next(self._numbers))

    def leave(self, chat: str) -> None:
        """Left."""

    def me(self) -> Mapping[str, Any]:
        """Nobody."""
        return {}


def small_photo() -> bytes:
    """A JPEG of 64 × 48 pixels: our road is measured, not the decoder."""
    kept = io.BytesIO()
    Image.radial_gradient("L").resize((64, 48)).convert("RGB").save(kept, "JPEG")
    return kept.getvalue()
