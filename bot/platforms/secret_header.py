"""Deliveries that show who sent them by a secret in a header."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping


def is_ours(headers: Mapping[str, str], name: str, secrets: Iterable[bytes]) -> bool:
    """Whether the header of this name (in lower case) is one of ours; all are compared, in constant time."""
    given = next((value for one, value in headers.items() if one.lower() == name), "")
    matches = [hmac.compare_digest(given.encode(), secret) for secret in secrets]
    return any(matches)
