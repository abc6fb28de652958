"""The tree of categories in two levels, and finding one by words with or without diacritics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from workflows.text import has_diacritics, spelling, words


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
        """Leaves that the words may mean, best first; a word or a whole sentence.

        Diacritics that were typed count; where that finds nothing, or none were typed, they are left aside.
        """
        reads = (spelling, words) if has_diacritics(text) else (words,)
        return next((found for read in reads if (found := self._ranked(read, text))), ())

    def _ranked(self, read: Read, text: str) -> tuple[Category, ...]:
        said = " ".join(read(text[:LONGEST]))
        groups = {node.parent for node in self.nodes}
        scored = [(self._score(node, read, said), node) for node in self.nodes if node.code not in groups]
        return tuple(leaf for score, leaf in sorted(scored, key=_best_first) if score >= ENOUGH)

    def _score(self, leaf: Category, read: Read, said: str) -> int:
        known = _known(leaf, read)
        group = self.find(leaf.parent)
        of_group = max((_named(name, said) for name in _known(group, read).names), default=0) if group else 0
        named = max(_named(name, said) for name in known.names)
        shared = max((len(pairs & _pairs(said)) for pairs in known.examples), default=0)
        return max(named, of_group // 2) + min(2 * shared, 3)


Read = Callable[[str], tuple[str, ...]]

LONGEST = 400  # characters of a sentence that are looked at
ENOUGH = 4  # less is chance: one common syllable of an example


@dataclass(frozen=True, slots=True)
class _Known:
    """A category as it is searched: each way of naming it, and the neighbouring syllables of its examples."""

    names: tuple[str, ...]
    examples: tuple[frozenset[tuple[str, str]], ...]


@lru_cache(maxsize=4096)
def _known(category: Category, read: Read) -> _Known:
    """Read once for each category and spelling: there are some hundred, and every caption is searched for them."""
    labels = (part for label in (category.vi, category.en) for part in (label, *label.split(",")))
    names = dict.fromkeys(" ".join(read(name)) for name in (*labels, *category.words))
    examples = (frozenset(pairwise(read(example))) for example in category.examples)
    return _Known(tuple(name for name in names if name), tuple(examples))


def _best_first(scored: tuple[int, Category]) -> int:
    return -scored[0]


def _named(name: str, said: str) -> int:
    """How surely ``said`` speaks of ``name``: the same, a sentence that mentions it, or a part of it."""
    if not said:
        return 0
    if name == said:
        return 60
    if f" {name} " in f" {said} ":
        return 8 + 6 * name.count(" ")
    if f" {said}" in f" {name}" and len(said) >= 2:
        return 12 + 12 * len(said) // len(name) + (4 if name.startswith(said) else 0)
    return 0


def _pairs(said: str) -> frozenset[tuple[str, str]]:
    """Neighbouring syllables; single ones are too common in Vietnamese to tell anything."""
    return frozenset(pairwise(said.split()))
