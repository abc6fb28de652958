"""In use: which platforms the settings turn on, and how long after a person's word each can be written to."""

from __future__ import annotations

from bot.options import options_of
from bot.platforms.registry import TelegramOptions, ZaloBotOptions, ZaloOptions
from bot.platforms.telegram.door import TelegramDoor
from bot.platforms.zalo.door import ZaloDoor
from bot.platforms.zalo_bot.door import ZaloBotDoor
from bot.settings import Settings
from workflows.notifier.channels import Window


def windows(settings: Settings) -> dict[str, Window | None]:
    """Name of each platform in use to its window; None: a chat once begun can be written to for ever."""
    found: dict[str, Window | None] = {}
    for options in options_of(settings):
        match options:
            case TelegramOptions():
                found[TelegramDoor.name] = None
            case ZaloOptions():
                found[ZaloDoor.name] = Window(
                    options.free_window, options.last_window, options.free_replies, options.late_price
                )
            case ZaloBotOptions():
                found[ZaloBotDoor.name] = None
    return found
