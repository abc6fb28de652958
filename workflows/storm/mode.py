"""A storm: for which area and time it is on, and what people there are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from workflows.frozen import frozen


@frozen
class Storm:
    """One storm. ``area`` "": the whole province. On from ``starts_at`` until ``until``, or until it is ended."""

    id: int
    area: str
    vi: str
    en: str
    starts_at: datetime
    until: datetime | None = None
    ended_at: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        """Whether it is on at ``now``."""
        ends = [at for at in (self.until, self.ended_at) if at is not None]
        return self.starts_at <= now and all(now < at for at in ends)


class OfArea(Protocol):
    """A storm, or what is shown of it."""

    @property
    def area(self) -> str:
        """Over which it is; "": the whole province."""


T = TypeVar("T", bound=OfArea)


def on(storms: Iterable[Storm], now: datetime) -> tuple[Storm, ...]:
    """Those that are on now, oldest first."""
    return tuple(sorted((one for one in storms if one.is_on(now)), key=lambda one: one.id))


def over(storms: Iterable[Storm], area: str, now: datetime) -> tuple[Storm, ...]:
    """Those that are on now over an area; one without a known area is only under those of the whole province."""
    return tuple(one for one in on(storms, now) if one.area in ("", area))


def same(on_now: Iterable[T], area: str) -> T | None:
    """The one that is on already for exactly this area: a second one would tell everybody twice."""
    return next((one for one in on_now if one.area == area), None)
