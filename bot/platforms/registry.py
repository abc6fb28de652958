"""Registry: the name of a platform to what builds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.platforms.plain.platform import Plain, PlainOptions
from bot.platforms.telegram.door import TelegramDoor, TelegramOptions
from bot.platforms.zalo.door import ZaloDoor, ZaloOptions
from bot.platforms.zalo_bot.door import ZaloBotDoor, ZaloBotOptions
from bot.words.catalogue import Catalogue
from workflows.frozen import frozen

if TYPE_CHECKING:
    from bot.platforms.telegram.client import Telegram
    from bot.platforms.zalo.client.tokens import TokenKeeper
    from bot.platforms.zalo.platform import Zalo
    from bot.platforms.zalo_bot.platform import ZaloBot

    Built = Telegram | Zalo | ZaloBot | Plain
    Doors = TelegramDoor | ZaloDoor | ZaloBotDoor | Plain

__all__ = [
    "NAMES",
    "Around",
    "Options",
    "PlainOptions",
    "TelegramOptions",
    "ZaloBotOptions",
    "ZaloOptions",
    "build",
    "build_all",
    "build_doors",
]

NAMES = (TelegramDoor.name, ZaloDoor.name, ZaloBotDoor.name, Plain.name)

Options = TelegramOptions | ZaloOptions | ZaloBotOptions | PlainOptions


@frozen
class Around:
    """What platforms share with the program: its words, its clock, and who keeps Zalo's pair of tokens."""

    words: Catalogue
    now: Callable[[], datetime]
    tokens: Callable[[ZaloOptions], TokenKeeper | None] = lambda options: None


def build(options: Options, around: Around) -> Built:
    """The platform that ``options`` are for. Raises ValueError where they cannot work."""
    # What a platform's client needs is loaded by the processes that talk, not by a web process or by most commands.
    match options:
        case TelegramOptions():
            from bot.platforms.telegram.client import Telegram

            return Telegram(options, around.words)
        case ZaloOptions():
            from bot.platforms.zalo.platform import Zalo

            return Zalo(options, around.words, around.now, around.tokens(options))
        case ZaloBotOptions():
            from bot.platforms.zalo_bot.platform import ZaloBot

            return ZaloBot(options, around.words)
        case PlainOptions():
            return Plain(options, around.words)


def build_all(options: tuple[Options, ...], around: Around) -> dict[str, Built]:
    """Name to platform, for every platform that is in use."""
    built = [build(one, around) for one in options]
    return {platform.name: platform for platform in built}


def build_doors(options: tuple[Options, ...], around: Around) -> dict[str, Doors]:
    """Name to what receives deliveries and can do nothing else. Raises ValueError where the options cannot work."""
    doors = [_door(one, around) for one in options]
    return {door.name: door for door in doors}


def _door(options: Options, around: Around) -> Doors:
    match options:
        case TelegramOptions():
            return TelegramDoor(options)
        case ZaloOptions():
            return ZaloDoor(options, around.now)
        case ZaloBotOptions():
            return ZaloBotDoor(options)
        case PlainOptions():
            return Plain(options, around.words)
