"""A report being taken down by an operator: what is known of it so far, and what is asked for next."""

from __future__ import annotations

from workflows.case.view import Names
from workflows.frozen import frozen
from workflows.messages import Button


@frozen
class Intake:
    """One report in the making; personal data in it are never said again in the group.

    ``serial``, ``touched``, ``revision`` and ``offered`` are as in the desk's draft. ``area_known``: chosen, found from
    the place, or left open on purpose. ``group`` is the category group being looked at, ``about`` words to suggest
    categories by. ``no_contact``: the person left no number. ``warned``: the emergency numbers were shown.
    ``ask`` is what is awaited (``steps.py``).
    """

    serial: str
    touched: str
    revision: int = 0
    ask: str = ""
    words: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    area: str = ""
    area_names: Names | None = None
    area_known: bool = False
    category: str = ""
    group: str = ""
    about: str = ""
    officials: str = ""  # whether it is about what officials do: "yes", "no"; "" not asked
    channel: str = ""
    number: str = ""
    phone: str = ""
    name: str = ""
    no_contact: bool = False
    warned: bool = False
    offered: tuple[Button, ...] = ()

    @property
    def has_place(self) -> bool:
        """Whether a doer could find the spot."""
        return self.lat is not None or bool(self.address)
