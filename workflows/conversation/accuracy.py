"""How often suggestions are right: asked about reports that nothing was learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workflows.conversation.categories import CategoryTree
from workflows.conversation.evidence import Lesson
from workflows.frozen import frozen

PARTS = 5  # of the people; each part is asked about after learning from the other four


@frozen
class Accuracy:
    """Of ``asked`` reports, how many had their category suggested ``first``, and how many among the first ``three``."""

    asked: int = 0
    first: int = 0
    three: int = 0

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(self.asked + other.asked, self.first + other.first, self.three + other.three)

    @property
    def top1(self) -> float | None:
        """A share from 0 to 1; None where nothing was asked."""
        return self.first / self.asked if self.asked else None

    @property
    def top3(self) -> float | None:
        """A share from 0 to 1; None where nothing was asked."""
        return self.three / self.asked if self.asked else None


def asked(tree: CategoryTree, questions: Sequence[Lesson]) -> Accuracy:
    """What this tree suggests for each of these reports, against their categories."""
    found = [(one.category, [leaf.code for leaf in tree.search(one.text)[:3]]) for one in questions]
    first = sum(codes[:1] == [right] for right, codes in found)
    return Accuracy(len(found), first, sum(right in codes for right, codes in found))


def held_out(tree: CategoryTree, corrected: Mapping[int, Lesson], questions: Mapping[int, Lesson]) -> Accuracy:
    """The same after learning from corrections, but never from what the same person wrote.

    ``corrected`` and ``questions`` are by case; the lessons of ``tree`` are learned from always.
    """
    total = Accuracy()
    for part in range(PARTS):
        theirs = [one for one in questions.values() if one.person % PARTS == part]
        others = tuple(one for one in corrected.values() if one.person % PARTS != part)
        if theirs:
            total += asked(replace(tree, lessons=(*tree.lessons, *others)), theirs)
    return total
