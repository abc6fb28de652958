"""A case's code as typed on the command line: any case, with or without hyphens."""

from __future__ import annotations

from bot.cli.out import Trouble
from bot.settings import Settings
from workflows import codes


def case_code(typed: str, settings: Settings) -> str:
    """The code as in the store. Raises Trouble when it cannot be one: a symbol is wrong or missing."""
    found = codes.parse(typed, settings.province.prefix)
    if found is None:
        example = f"{settings.province.prefix}-7K3M-9QXC"
        raise Trouble(
            f"{typed!r} không phải mã phản ánh (ví dụ {example}); có thể gõ nhầm một ký tự",
            f"{typed!r} is no case code (like {example}); perhaps a symbol was mistyped",
        )
    return found
