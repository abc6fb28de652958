"""Token pairs, and what the client asks of whoever keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Protocol

from workflows.frozen import frozen


@frozen
class TokenPair:
    """An access token, the refresh token that replaces both once, and when the first ends (epoch seconds, 0: unknown).

    The tokens do not show in its ``repr``.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expire_at: int = 0


class RenewalFailed(Exception):
    """No new pair could be had. ``code`` says why; ``final``: only a person can help, by authorising anew."""

    def __init__(self, code: str, *, final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


class TokenKeeper(Protocol):
    """Keeps the one pair that all processes share."""

    def load(self) -> TokenPair | None:
        """The pair that is in force; None when none was ever given. Raises RenewalFailed when it cannot be read."""
        ...

    def renew(self, refused: str | None, ask: Callable[[TokenPair], TokenPair]) -> TokenPair:
        """The pair that replaces the one whose access token was ``refused`` (None: the one in force, whatever it is).

        ``ask`` spends the refresh token over the network; of all processes only one calls it, the others get what it
        brought. The new pair is kept before it is given out. Raises RenewalFailed.
        """
        ...
