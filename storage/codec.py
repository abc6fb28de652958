"""Pure values to and from JSON text, and nothing else."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def dump(value: Any) -> str:
    """JSON of a stdlib dataclass, or of plain data."""
    return msgspec.json.encode(value).decode()


def load(text: str, kind: type[T]) -> T:
    """The value of this type. Raises msgspec.ValidationError when the text is not one."""
    return msgspec.json.decode(text, type=kind)


def plain(text: str) -> Any:
    """JSON without a type."""
    return msgspec.json.decode(text)
