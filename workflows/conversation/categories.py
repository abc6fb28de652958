"""The tree of categories in two levels, and finding one by words with or without diacritics."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from workflows.conversation.choices import plain


@dataclass(frozen=True, slots=True)
class Category:
    """A group (no ``parent``) or a leaf of the tree. Names, examples and words are data of the store.

    ``words`` are what people call it, in any language; ``danger`` are words that mean danger to life when
    they occur in a report. ``sensitive`` marks reports about officials (R61).
    """

    code: str
    vi: str
    en: str
    parent: str = ""
    emoji: str = ""
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    danger: tuple[str, ...] = ()
    sensitive: bool = False
    photo_required: bool = False


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All categories in use, in the order in which they are shown. A root without children is a leaf."""

    nodes: tuple[Category, ...] = ()

    def roots(self) -> tuple[Category, ...]:
        """The groups, in order."""
        return tuple(node for node in self.nodes if not node.parent)

    def children(self, code: str) -> tuple[Category, ...]:
        """What lies under a group, in order."""
        return tuple(node for node in self.nodes if node.parent == code)

    def find(self, code: str) -> Category | None:
        """A group or leaf by its code."""
        return next((node for node in self.nodes if node.code == code), None)

    def leaf(self, code: str) -> Category | None:
        """A category that a report may have; None for groups and for codes no longer in use."""
        node = self.find(code)
        return node if node and not self.children(code) else None

    def search(self, text: str) -> tuple[Category, ...]:
        """Leaves that the words may mean, best first; with or without diacritics, a word or a whole sentence."""
        said = plain(text[:400])
        if not said:
            return ()
        scored = [(self._score(leaf, said), leaf) for leaf in self.nodes if self.leaf(leaf.code)]
        return tuple(leaf for score, leaf in sorted(scored, key=_best_first) if score >= ENOUGH)

    def _score(self, leaf: Category, said: str) -> int:
        group = self.find(leaf.parent)
        names = [plain(words) for words in (leaf.vi, leaf.en, *leaf.words)]
        score = max(_names(name, said) for name in names)
        examples = max((_shared(plain(example), said) for example in leaf.examples), default=0)
        of_group = _names(plain(group.vi), said) // 2 if group else 0
        return max(score, of_group) + min(examples, 3)


ENOUGH = 4  # less is chance: one common syllable of an example


def _best_first(scored: tuple[int, Category]) -> int:
    return -scored[0]


def _names(name: str, said: str) -> int:
    """How surely ``said`` speaks of ``name``: the same, a part of it, or a sentence that mentions it."""
    if not name:
        return 0
    if name == said:
        return 40
    if f" {name} " in f" {said} ":
        return 8 + 6 * len(name.split())
    if f" {said} " in f" {name} " or (len(said) >= 3 and f" {name}".find(f" {said}") >= 0):
        return 12
    return 0


def _shared(example: str, said: str) -> int:
    """How many pairs of neighbouring syllables both have; single ones are too common in Vietnamese."""
    return 2 * len(_pairs(example) & _pairs(said))


def _pairs(words: str) -> set[tuple[str, str]]:
    syllables = words.split()
    return set(pairwise(syllables))
