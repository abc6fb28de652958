"""What an administrator does to categories: add, rename, retire, measure. Old cases keep the category they have."""

from __future__ import annotations

from datetime import datetime

from handlers.administration import ACTOR, CODE_FORM, Refused, category
from handlers.knowledge import CORRECTIONS, tree_of
from storage.categories import CategoryRow
from storage.unit_of_work import UnitOfWork
from workflows.conversation.accuracy import Accuracy, asked, held_out
from workflows.frozen import frozen

CODES = str.maketrans("_", "-")  # both may divide the words of a code


@frozen
class Measured:
    """How right suggestions were: by names alone, with our sentences, and with officers' corrections besides."""

    names: Accuracy
    sentences: Accuracy
    corrections: Accuracy
    corrected: int  # cases that were learned from


def measure(uow: UnitOfWork, last: int) -> Measured:
    """Ask for the categories of the ``last`` cases that an officer has corrected or given a result.

    Nothing that is asked about is learned from. Sensitive and erased reports are left out.
    """
    rows = uow.categories.all()
    corrected = uow.categories.corrected(max(last, CORRECTIONS))
    known = uow.categories.settled(last) | corrected
    questions = {case_id: known[case_id] for case_id in sorted(known, reverse=True)[:last]}
    names, sentences = tree_of(rows), tree_of(rows, uow.categories.sentences())
    every = list(questions.values())
    return Measured(
        asked(names, every), asked(sentences, every), held_out(sentences, corrected, questions), len(corrected)
    )


def add_category(uow: UnitOfWork, row: CategoryRow, now: datetime) -> None:
    """A new group or leaf. Raises Refused for a code that is taken or badly formed, or a parent that is no group."""
    known = {found.code: found for found in uow.categories.all()}
    if row.code in known:
        raise Refused(f"đã có lĩnh vực {row.code!r}", f"there is a category {row.code!r} already")
    if not CODE_FORM.fullmatch(row.code.translate(CODES).replace(".", "-")):
        raise Refused(
            f"mã {row.code!r} chỉ được gồm chữ thường không dấu, số và gạch nối",
            f"the code {row.code!r} may only hold small letters a-z, digits and hyphens",
        )
    if row.parent is not None and (category(uow, row.parent).parent is not None):
        raise Refused("lĩnh vực chỉ có hai cấp", "categories have two levels")
    uow.categories.save([row])
    uow.registers.record(ACTOR, "category.added", row.code, now, parent=row.parent)


def rename_category(uow: UnitOfWork, code: str, vi: str | None, en: str | None, now: datetime) -> None:
    """Give a category other names; its code and its cases stay."""
    row = category(uow, code)
    uow.categories.change(code, vi=vi or row.vi, en=en or row.en)
    uow.registers.record(ACTOR, "category.renamed", code, now)


def retire_category(uow: UnitOfWork, code: str, now: datetime) -> list[str]:
    """Offer a category, and what is under it, no more. Returns the codes that went."""
    category(uow, code)
    gone = [row.code for row in uow.categories.all() if code in (row.code, row.parent) and row.active]
    for one in gone:
        uow.categories.change(one, active=False)
    uow.registers.record(ACTOR, "category.retired", code, now, codes=gone)
    return gone


def next_position(uow: UnitOfWork, parent: str | None) -> int:
    """After all others of the same group."""
    return max((row.position for row in uow.categories.all() if row.parent == parent), default=0) + 10
