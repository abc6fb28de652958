"""Registry: the name of a platform to what builds it."""

from __future__ import annotations

from bot.platforms.plain.platform import Plain, PlainOptions
from bot.platforms.telegram.client import Telegram, TelegramOptions
from bot.words.catalogue import Catalogue

__all__ = ["NAMES", "Options", "PlainOptions", "TelegramOptions", "build", "build_all"]

NAMES = (Telegram.name, Plain.name)

Options = TelegramOptions | PlainOptions


def build(options: Options, words: Catalogue) -> Telegram | Plain:
    """The platform that ``options`` are for. Raises ValueError where they cannot work."""
    match options:
        case TelegramOptions():
            return Telegram(options, words)
        case PlainOptions():
            return Plain(options, words)


def build_all(options: tuple[Options, ...], words: Catalogue) -> dict[str, Telegram | Plain]:
    """Name to platform, for every platform that is in use."""
    built = [build(one, words) for one in options]
    return {platform.name: platform for platform in built}
