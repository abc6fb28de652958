"""Registry: the name of a platform to what builds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.platforms.plain.platform import Plain, PlainOptions
from bot.platforms.telegram.door import TelegramDoor, TelegramOptions
from bot.words.catalogue import Catalogue

if TYPE_CHECKING:
    from bot.platforms.telegram.client import Telegram

__all__ = ["NAMES", "Options", "PlainOptions", "TelegramOptions", "build", "build_all", "build_doors"]

NAMES = (TelegramDoor.name, Plain.name)

Options = TelegramOptions | PlainOptions


def build(options: Options, words: Catalogue) -> Telegram | Plain:
    """The platform that ``options`` are for. Raises ValueError where they cannot work."""
    match options:
        case TelegramOptions():
            # python-telegram-bot is loaded by the processes that talk, not by a web process and not by most commands.
            from bot.platforms.telegram.client import Telegram

            return Telegram(options, words)
        case PlainOptions():
            return Plain(options, words)


def build_all(options: tuple[Options, ...], words: Catalogue) -> dict[str, Telegram | Plain]:
    """Name to platform, for every platform that is in use."""
    built = [build(one, words) for one in options]
    return {platform.name: platform for platform in built}


def build_doors(options: tuple[Options, ...], words: Catalogue) -> dict[str, TelegramDoor | Plain]:
    """Name to what receives deliveries and can do nothing else. Raises ValueError where the options cannot work."""
    doors = [TelegramDoor(one) if isinstance(one, TelegramOptions) else Plain(one, words) for one in options]
    return {door.name: door for door in doors}
