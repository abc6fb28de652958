"""Whether a server is out in the world: a proxy of the machine's is not for one on the machine itself."""

from __future__ import annotations

from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_outside(url: str) -> bool:
    """Whether the way there may lead through a proxy."""
    return urlsplit(url).hostname not in _LOOPBACK
