"""Values that never change once they are made: mypy sees to it, not the interpreter."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """A dataclass with slots, equal and hashed by its fields, of which no field may be assigned.

    A ``frozen=True`` of the interpreter's own sets every field by a call: with it a worker did a twelfth less.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


@cache
def field_names(cls: type[Any]) -> tuple[str, ...]:
    """The names of its fields, in their order."""
    return tuple(one.name for one in fields(cls))
