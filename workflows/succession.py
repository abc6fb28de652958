"""Units that end and are followed by others: what there is now in place of one (domain.md 5.11)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

Unit = TypeVar("Unit", bound=Hashable)


def standing(unit: Unit, successors: Mapping[Unit, Sequence[Unit]], stands: Callable[[Unit], bool]) -> tuple[Unit, ...]:
    """A unit itself while it stands, else those that followed it, through every merger and division; maybe none."""
    found: list[Unit] = []
    waiting, seen = [unit], {unit}
    while waiting:
        one = waiting.pop(0)
        if stands(one):
            found.append(one)
            continue
        for following in successors.get(one, ()):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return tuple(found)
