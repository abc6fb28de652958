"""Report: what a citizen tells us, before it becomes a case."""

from __future__ import annotations

from workflows.events import MediaRef
from workflows.frozen import frozen

REPORTER_TYPES = ("person", "organisation", "enterprise")  # R17, R3


@frozen
class ReportMedia:
    """One photo, video or voice note of a report; its bytes arrive in the store on their own."""

    attachment: str
    media: MediaRef


@frozen
class Report:
    """Everything a citizen has said so far. Empty means not said yet.

    ``lat``/``lon`` are degrees; ``address`` is what was typed; ``area`` is the code of the commune; ``category``
    the code of a leaf of the category tree. ``flags`` holds what the rules noticed: ``danger``, ``formal``, ``secret``.
    """

    media: tuple[ReportMedia, ...] = ()
    lat: float | None = None
    lon: float | None = None
    address: str = ""
    area: str = ""
    category: str = ""
    text: str = ""
    reporter_type: str = "person"
    reporter_name: str = ""  # of the organisation or enterprise, optional
    contact_name: str = ""  # of the citizen, only where the policy wants it; no agency ever sees it
    phone: str = ""  # the same
    flags: tuple[str, ...] = ()
    officials: str = ""  # whether it is about what officials do, as the citizen answered: "yes", "no"; "" not asked
    concerned: int = 0  # the unit that it is about (an agency's id), if the citizen named one we know
    concerned_name: str = ""  # what the citizen called it otherwise
    urgent: bool = False  # proposed by the rules; an operator decides
    campaign: str = ""  # deep link's tag (R64)

    @property
    def has_place(self) -> bool:
        """Whether a doer could find the spot: a position or a typed address."""
        return self.lat is not None or bool(self.address)


def about_officials(report: Report, *, sensitive: bool) -> bool:
    """Whether a report becomes a sensitive case: as the citizen answered, else as its category says (R61)."""
    return report.officials == "yes" or (sensitive and report.officials != "no")
