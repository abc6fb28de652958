"""The reason codes that may be given with a move, as lists; their words are in the catalogue."""

from __future__ import annotations

from workflows.case.model import CANCEL_REASONS, OUTCOMES

# Only these two are written by other moves than T6: the citizen's own withdrawal and their silence.
_NOT_BY_HAND = ("withdrawn", "no_answer")

CANCEL_BY_HAND = tuple(code for code in CANCEL_REASONS if code not in _NOT_BY_HAND)
TRANSFER_REASONS = ("other_field", "other_area", "other_owner", "lacks_equipment", "other")  # R16, R47
EXTENSION_REASONS = ("lacks_equipment", "waits_for_others", "large_work", "weather", "other")  # R15, R47

OBSTACLES = ("lacks_equipment", "lacks_money", "private_land", "needs_plan", "other")  # of "not possible" (R47)
REFER_REASONS = ("other_province", "central", "court", "company", "other")  # T8: whose matter it is

AFTER_PHOTO_OUTCOMES = ("fixed",)  # outcomes that nobody believes without a picture (invariant 5)
NOT_POSSIBLE = "not_possible"  # the outcome that has a reason
SANCTION = "sanctioned"  # the outcome that has a decision and an amount (R52)
LOW_RATINGS = (1, 2)  # the lowest two of five levels open a review when a reason is given (T23)


def label(kind: str, code: str) -> str:
    """Catalogue key of a code's words: ``cancel``, ``transfer``, ``refer``, ``outcome``, ``rating`` or ``state``."""
    return f"{kind}.{code}"


def is_outcome(code: str) -> bool:
    """Whether ``code`` names an outcome kind of a result (domain.md 5.5)."""
    return code in OUTCOMES
