"""A delivery came: keep it under its own id, ring, answer; nothing is decided here."""

from __future__ import annotations

from enum import Enum

from handlers.ports import Door
from handlers.tools import Tools


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
    payload = body.decode("utf-8", "replace")
    with tools.store.write() as uow:
        new = uow.inbox.keep(platform.name, delivery.external_id, delivery.chat, payload, tools.clock.now())
    if new:
        tools.bell.ring()
    return Received.KEPT if new else Received.KNOWN
