"""A sanction as officers write it: the number of the decision, and the amount in đồng (R52)."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from workflows.text import fold

LARGEST = 100_000_000_000  # đồng; more is a slip of the finger
SMALLEST = 10_000  # less means thousands that were left out
WARNING = 0  # a sanction without an amount

# 12/QĐ-XPHC, 123/2026/QĐ-XPVPHC, also typed 12/qd-xphc; other words ("Quyết định số", "ngày …") may stand around it.
_DECISION = re.compile(r"(?<![\w/])(\d{1,6}(?:/\d{4})?)\s*/\s*(q[đd](?:-[a-zđ0-9]{1,12}){0,3})(?![\w/])", re.IGNORECASE)
_PART = re.compile(r"(\d+(?:[.,]\d+)*)\s*(ty|trieu|tr|nghin|ngan|k)?(?![a-z0-9])\s*")
_UNITS = {"ty": 10**9, "trieu": 10**6, "tr": 10**6, "nghin": 1000, "ngan": 1000, "k": 1000, "": 1}
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+")
_CURRENCY = re.compile(r"\s*(?:dong|vnd|d)\.?$")


def decision_in(words: str) -> str | None:
    """The number of the decision in ``words``, as offices write it; None when there is none, or more than one."""
    found = {f"{number}/{_spelled(kind)}" for number, kind in _DECISION.findall(words)}
    return found.pop() if len(found) == 1 else None


def _spelled(kind: str) -> str:
    head, _, rest = kind.upper().partition("-")
    return "-".join(part for part in (head.replace("QD", "QĐ"), rest) if part)


def fine_in(words: str) -> int | None:
    """The amount in đồng: "1.500.000 đồng", "1,5 triệu", "2 triệu 500 nghìn", "750k"; ``WARNING`` for "cảnh cáo".

    None for what is no amount, or cannot be one.
    """
    said = _CURRENCY.sub("", fold(words)).removeprefix("phat ").strip()
    if said == "canh cao":
        return WARNING
    parts, end = [], 0
    while found := _PART.match(said, end):
        parts.append((found[1], found[2] or ""))
        end = found.end()
    amounts = [_amount(figure, unit) for figure, unit in parts]
    if not parts or end != len(said) or any(amount is None for amount in amounts) or not _falling(parts):
        return None
    total = sum(amount for amount in amounts if amount is not None)
    return total if SMALLEST <= total <= LARGEST else None


def _amount(figure: str, unit: str) -> int | None:
    if not unit:
        return int(re.sub(r"[.,]", "", figure)) if _GROUPED.fullmatch(figure) else None
    if len(re.findall(r"[.,]", figure)) > 1:
        return None
    amount = Decimal(figure.replace(",", ".")) * _UNITS[unit]
    return int(amount) if amount == int(amount) else None


def _falling(parts: list[tuple[str, str]]) -> bool:
    """Larger units stand before smaller ones, each once: "2 triệu 500 nghìn"."""
    units = [_UNITS[unit] for _, unit in parts]
    return all(one > other for one, other in pairwise(units))
