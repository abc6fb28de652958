"""What is still to be asked of a report that is being taken down, in order."""

from __future__ import annotations

from collections.abc import Callable

from workflows.intake.state import Intake

OFFICIALS = "officials"
# One question each; what was said in the first message is not asked again.
ORDER: tuple[tuple[str, Callable[[Intake], bool]], ...] = (
    ("words", lambda intake: bool(intake.words)),
    ("place", lambda intake: intake.has_place),
    ("area", lambda intake: intake.area_known),
    ("category", lambda intake: bool(intake.category)),
    (OFFICIALS, lambda intake: bool(intake.officials)),
    ("channel", lambda intake: bool(intake.channel)),
    ("contact", lambda intake: bool(intake.phone) or intake.no_contact),
)
PREVIEW = "preview"


def next_ask(intake: Intake, *, about_officials: bool) -> str:
    """The first thing that is missing, or the preview. ``about_officials``: there is reason to ask that (R61)."""
    asked = (one for one in ORDER if about_officials or one[0] != OFFICIALS)
    return next((name for name, done in asked if not done(intake)), PREVIEW)
