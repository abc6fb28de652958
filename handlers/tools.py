"""What every handler is given: store, clock, platforms and the numbers of the road; made in bot/wiring.py."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.ports import Bell, Clock, Pages, Platform, Words
from handlers.privacy import censor
from storage.media import MediaStore
from storage.unit_of_work import Store
from workflows import codes
from workflows.conversation.limits import Limits
from workflows.frozen import frozen
from workflows.privacy import Censor

if TYPE_CHECKING:
    from handlers.knowledge import Knowledge


@frozen
class Road:
    """The numbers of the road; settings of the section ``road``, lengths in seconds where not said otherwise."""

    batch: int = 50
    attempts: int = 5  # of a step, before its row is set aside
    send_attempts: int = 10  # of a message that we ourselves cannot put into form
    give_up: timedelta = timedelta(days=3)  # on a message that could not be sent for so long
    lease: timedelta = timedelta(seconds=60)
    membership: timedelta = timedelta(seconds=60)
    sweep: timedelta = timedelta(seconds=5)
    media_wait: timedelta = timedelta(seconds=120)  # how long a card waits for its photo
    file_limit: int = 20 * 1024 * 1024  # bytes; the platform's own limit for bots (telegram.md, 4)
    payload_days: int = 30
    silence: Mapping[str, timedelta] = field(default_factory=dict)  # platform -> without a delivery while we send
    outage_after: int = 5  # failures of one kind in a row
    probe: timedelta = timedelta(seconds=30)  # between two looks whether a platform is back
    quick_slots: int = 8
    slow_slots: int = 4


@frozen
class Tools:
    """Everything that handlers need from outside."""

    store: Store
    clock: Clock
    words: Words
    platforms: Mapping[str, Platform]
    media: MediaStore
    bell: Bell
    knowledge: Knowledge
    pages: Pages | None = None  # none without a public address
    road: Road = field(default_factory=Road)
    limits: Limits = field(default_factory=Limits)
    consent_version: int = 1
    case_prefix: str = "PA"
    auto_assign: bool = True
    operators_see_reporter: bool = False
    censor: Censor = field(init=False)  # made once: every view and every message of the desk asks it

    def __post_init__(self) -> None:
        """The masks are words, so it is made of them."""
        object.__setattr__(self, "censor", censor(self.words))

    def fresh(self) -> str:
        """A random id for a row that events point to; tells nothing about anybody."""
        return uuid.uuid4().hex

    def code_numbers(self) -> list[int]:
        """Random numbers for a case code."""
        return [secrets.randbelow(len(codes.ALPHABET)) for _ in range(codes.RANDOM_SYMBOLS)]
