"""What is still to be asked of a report that is being taken down, in order."""

from __future__ import annotations

from collections.abc import Callable

from workflows.intake.state import Intake

# One question each; what was said in the first message is not asked again.
ORDER: tuple[tuple[str, Callable[[Intake], bool]], ...] = (
    ("words", lambda intake: bool(intake.words)),
    ("place", lambda intake: intake.has_place),
    ("area", lambda intake: intake.area_known),
    ("category", lambda intake: bool(intake.category)),
    ("channel", lambda intake: bool(intake.channel)),
    ("contact", lambda intake: bool(intake.phone) or intake.no_contact),
)
PREVIEW = "preview"


def next_ask(intake: Intake) -> str:
    """The first thing that is missing, or the preview."""
    return next((name for name, done in ORDER if not done(intake)), PREVIEW)
