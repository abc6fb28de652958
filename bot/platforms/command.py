"""Commands as they are typed where a platform does not tell them from other words."""

from __future__ import annotations

import re

from workflows.events import CommandSent

_COMMAND = re.compile(r"/(\w{1,64})(?:\s+(.*))?", re.DOTALL)


def command_in(text: str) -> CommandSent | None:
    """The command that the words are; None where they are others."""
    found = _COMMAND.fullmatch(text.strip())
    return CommandSent(found[1].lower(), (found[2] or "").strip()) if found else None
