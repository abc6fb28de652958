"""The tree of categories in two levels, and finding one by words with or without diacritics."""

from __future__ import annotations

from collections import Counter
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
    def _spelled(self) -> _Index:
        return _index(self.nodes, spelling)

    @cached_property
    def _folded(self) -> _Index:
        return _index(self.nodes, words)

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

    def _ranked(self, index: _Index, heard: tuple[str, ...]) -> tuple[Category, ...]:
        named, shared = index.named(heard), index.shared(heard)
        scored = [
            (_score(named.get(leaf.code, 0), named.get(leaf.parent, 0), shared.get(leaf.code, 0)), leaf)
            for leaf in self.nodes
            if leaf.code not in self._groups
        ]
        return tuple(leaf for score, leaf in sorted(scored, key=_best_first) if score >= ENOUGH)


Read = Callable[[str], tuple[str, ...]]

LONGEST = 400  # characters of a sentence that are looked at
ENOUGH = 4  # less is chance: one common syllable of an example


@dataclass(frozen=True, slots=True)
class _Index:
    """Every way of naming a category by its first word, and the neighbouring syllables of examples."""

    names: dict[str, tuple[tuple[str, str], ...]]  # first word -> (category, name)
    pairs: dict[tuple[str, str], tuple[tuple[str, int], ...]]  # neighbours -> (category, number of the example)
    longest: int  # of all names

    def named(self, heard: tuple[str, ...]) -> dict[str, int]:
        """How surely each category is spoken of by one of its names."""
        said, found = " ".join(heard), dict[str, int]()
        # A name lies in a sentence from its first word on; words that are only a part of a name are no longer than it.
        firsts = self.names if len(said) <= self.longest else self.names.keys() & set(heard)
        for first in firsts:
            for code, name in self.names[first]:
                score = _named(name, said)
                if score > found.get(code, 0):
                    found[code] = score
        return found

    def shared(self, heard: tuple[str, ...]) -> dict[str, int]:
        """How many neighbouring syllables each category's nearest example has in common with what was said."""
        counts = Counter(place for pair in set(pairwise(heard)) for place in self.pairs.get(pair, ()))
        found: dict[str, int] = {}
        for (code, _), count in counts.items():
            found[code] = max(found.get(code, 0), count)
        return found


def _index(nodes: tuple[Category, ...], read: Read) -> _Index:
    names: dict[str, list[tuple[str, str]]] = {}
    pairs: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for node in nodes:
        labels = (part for label in (node.vi, node.en) for part in (label, *label.split(",")))
        for known in dict.fromkeys(read(name) for name in (*labels, *node.words)):
            if known:
                names.setdefault(known[0], []).append((node.code, " ".join(known)))
        for number, example in enumerate(node.examples):
            for pair in set(pairwise(read(example))):
                pairs.setdefault(pair, []).append((node.code, number))
    return _Index(
        {first: tuple(known) for first, known in names.items()},
        {pair: tuple(places) for pair, places in pairs.items()},
        max((len(name) for known in names.values() for _, name in known), default=0),
    )


def _score(named: int, of_group: int, shared: int) -> int:
    """How well words fit: by name, by the group's name, by neighbouring syllables of an example.

    Single syllables are too common in Vietnamese to tell anything.
    """
    return max(named, of_group // 2) + min(2 * shared, 3)


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
