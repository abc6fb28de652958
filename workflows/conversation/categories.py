"""The tree of categories in two levels, and finding one by words with or without diacritics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)  # no slots: what is looked up often is computed once and kept
class CategoryTree:
    """All categories in use, in the order in which they are shown. A root without children is a leaf."""

    nodes: tuple[Category, ...] = ()

    @cached_property
    def _by_code(self) -> dict[str, Category]:
        return {node.code: node for node in self.nodes}

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(node.parent for node in self.nodes if node.parent)

    @cached_property
    def _spelled(self) -> dict[str, _Known]:
        return {node.code: _known(node, spelling) for node in self.nodes}

    @cached_property
    def _folded(self) -> dict[str, _Known]:
        return {node.code: _known(node, words) for node in self.nodes}

    def roots(self) -> tuple[Category, ...]:
        """The groups, in order."""
        return tuple(node for node in self.nodes if not node.parent)

    def children(self, code: str) -> tuple[Category, ...]:
        """What lies under a group, in order."""
        return tuple(node for node in self.nodes if node.parent == code)

    def find(self, code: str) -> Category | None:
        """A group or leaf by its code."""
        return self._by_code.get(code)

    def leaf(self, code: str) -> Category | None:
        """A category that a report may have; None for groups and for codes no longer in use."""
        return None if code in self._groups else self._by_code.get(code)

    def search(self, text: str) -> tuple[Category, ...]:
        """Leaves that the words may mean, best first; a word or a whole sentence.

        Diacritics that were typed count; where that finds nothing, or none were typed, they are left aside.
        """
        if has_diacritics(text) and (found := self._ranked(self._spelled, spelling(text[:LONGEST]))):
            return found
        return self._ranked(self._folded, words(text[:LONGEST]))

    def _ranked(self, known: dict[str, _Known], heard: tuple[str, ...]) -> tuple[Category, ...]:
        said, pairs = " ".join(heard), frozenset(pairwise(heard))
        of_group = {group: known[group].named(said) for group in self._groups if group in known}
        leaves = [node for node in self.nodes if node.code not in self._groups]
        scored = [(known[leaf.code].score(said, pairs, of_group.get(leaf.parent, 0)), leaf) for leaf in leaves]
        return tuple(leaf for score, leaf in sorted(scored, key=_best_first) if score >= ENOUGH)


Read = Callable[[str], tuple[str, ...]]

LONGEST = 400  # characters of a sentence that are looked at
ENOUGH = 4  # less is chance: one common syllable of an example


@dataclass(frozen=True, slots=True)
class _Known:
    """A category as it is searched: each way of naming it, and the neighbouring syllables of its examples."""

    names: tuple[str, ...]
    examples: tuple[frozenset[tuple[str, str]], ...]

    def named(self, said: str) -> int:
        """How surely a name of the category is spoken of."""
        return max((_named(name, said) for name in self.names), default=0)

    def score(self, said: str, pairs: frozenset[tuple[str, str]], of_group: int) -> int:
        """How well words fit: by name, by the group's name, by neighbouring syllables of an example.

        Single syllables are too common in Vietnamese to tell anything.
        """
        shared = max((len(example & pairs) for example in self.examples), default=0)
        return max(self.named(said), of_group // 2) + min(2 * shared, 3)


def _known(category: Category, read: Read) -> _Known:
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
