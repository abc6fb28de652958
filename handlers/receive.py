"""A delivery came: keep it under its own id, ring, answer; nothing is decided here."""

from __future__ import annotations

from enum import Enum

from handlers.ports import Door
from handlers.tools import Tools
from storage.inbox import Arrival


class Received(Enum):
    """What became of a delivery."""

    KEPT = "kept"
    KNOWN = "known"  # we had it already
    MALFORMED = "malformed"  # not a delivery at all: nothing to keep


def receive(tools: Tools, platform: Door, body: bytes) -> Received:
    """Keep one verified delivery. Safe to repeat: the platform's id is unique. Raises when it cannot be kept."""
    delivery = platform.identify(body)
    if delivery is None:
        return Received.MALFORMED
    now = tools.clock.now()
    arrivals = [
        Arrival(platform.name, f"{delivery.external_id}/{number}" if number > 1 else delivery.external_id,
                delivery.chat, payload, now)
        for number, payload in enumerate(delivery.parts or (body.decode("utf-8", "replace"),), start=1)
    ]  # fmt: skip
    new = tools.store.keep(arrivals, tools.bell.ring)
    return Received.KEPT if new else Received.KNOWN
