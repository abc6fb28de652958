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
    payloads = delivery.parts or (body.decode("utf-8", "replace"),)
    now = tools.clock.now()
    with tools.store.write() as uow:
        new = False
        for number, payload in enumerate(payloads, start=1):
            external_id = delivery.external_id if number == 1 else f"{delivery.external_id}/{number}"
            new |= uow.inbox.keep(platform.name, external_id, delivery.chat, payload, now)
    if new:
        tools.bell.ring()
    return Received.KEPT if new else Received.KNOWN
