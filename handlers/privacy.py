"""Personal data in words: the rules of ``workflows/privacy.py`` with the world's tables of phone numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from handlers.ports import Words
from workflows.privacy import Censor, Kind

REGION = "VN"  # how a number without a country's prefix is read


def censor(words: Words) -> Censor:
    """What finds personal data and takes it out; the masks are Vietnamese, as the words around them are."""
    return Censor(phones, {kind: words.text("vi", f"privacy.{kind}", {}) for kind in get_args(Kind)})


def phones(text: str) -> Iterator[tuple[int, int, bool]]:
    """Every valid phone number, and whether it is a fixed line. Hotlines (1800, 1900) are nobody's and left out."""
    from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType, number_type

    public = {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
    for found in PhoneNumberMatcher(text, REGION, leniency=Leniency.VALID):
        kind = number_type(found.number)
        if kind not in public:
            yield found.start, found.end, kind == PhoneNumberType.FIXED_LINE
