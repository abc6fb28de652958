"""The tree of categories in two levels, and finding one by words: by its names, and by what such words have meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from workflows.conversation.evidence import Evidence, Lesson, Meaning
from workflows.frozen import frozen
from workflows.text import has_diacritics, spelling, words


@frozen
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
    """All categories in use, in the order in which they are shown. A root without children is a leaf.

    ``lessons``: sentences whose category is known, besides what the categories say of themselves.
    """

    nodes: tuple[Category, ...] = ()
    lessons: tuple[Lesson, ...] = ()

    @cached_property
    def _by_code(self) -> dict[str, Category]:
        return {node.code: node for node in self.nodes}

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(node.parent for node in self.nodes if node.parent)

    @cached_property
    def _spelled(self) -> _Index:
        return _index(self.nodes, spelling, SPELLED)

    @cached_property
    def _folded(self) -> _Index:
        return _index(self.nodes, words, FOLDED)

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

    @cached_property
    def _evidence(self) -> Evidence:
        own = (Lesson(leaf.code, said) for leaf in self._leaves for said in _says(leaf))
        return Evidence((*own, *(lesson for lesson in self.lessons if self.leaf(lesson.category))))

    @cached_property
    def _leaves(self) -> tuple[Category, ...]:
        return tuple(node for node in self.nodes if node.code not in self._groups)

    @cached_property
    def danger(self) -> tuple[str, ...]:
        """The words of all categories that mean danger to life."""
        return tuple(word for node in self.nodes for word in node.danger)

    def search(self, text: str) -> tuple[Category, ...]:
        """Leaves that the words may mean, best first; a word or a whole sentence.

        In names, diacritics that were typed count; where that finds nothing, or none were typed, they are left aside.
        """
        said = text[:LONGEST]
        named, meant = self._named(said), self._evidence.weigh(said)
        scored = [(_score(named.get(leaf.code, 0), meant.get(leaf.code)), leaf) for leaf in self._leaves]
        likely = [(score, leaf) for score, leaf in scored if score is not None]
        return tuple(leaf for _, leaf in sorted(likely, key=_best_first))

    def _named(self, said: str) -> dict[str, int]:
        if has_diacritics(said) and (found := self._by_names(self._spelled, spelling(said))):
            return found
        return self._by_names(self._folded, words(said))

    def _by_names(self, index: _Index, heard: tuple[str, ...]) -> dict[str, int]:
        """How surely each leaf is spoken of by a name of its own, or half as surely by its group's."""
        named = index.named(heard)
        scores = {leaf.code: max(named.get(leaf.code, 0), named.get(leaf.parent, 0) // 2) for leaf in self._leaves}
        return {code: score for code, score in scores.items() if score}


Read = Callable[[str], tuple[str, ...]]

LONGEST = 400  # characters of a sentence that are looked at
PAIRS = 0.5  # of what was ever said with one pair of neighbours, for a category that is not named; less is chance
SPELLED, FOLDED = 8, 2  # points of a syllable in a sentence: without its marks it may be many another word
NAMED = 0.5  # nats that a point of a name is worth


@frozen
class _Index:
    """Every way of naming a category by its first word."""

    names: dict[str, tuple[tuple[str, str], ...]]  # first word -> (category, name)
    longest: int  # of all names
    syllable: int  # how surely one syllable in a sentence is the name of a category

    def named(self, heard: tuple[str, ...]) -> dict[str, int]:
        """How surely each category is spoken of by one of its names."""
        said, found = " ".join(heard), dict[str, int]()
        # A name lies in a sentence from its first word on; words that are only a part of a name are no longer than it.
        firsts = self.names if len(said) <= self.longest else self.names.keys() & set(heard)
        for first in firsts:
            for code, name in self.names[first]:
                score = _named(name, said, self.syllable)
                if score > found.get(code, 0):
                    found[code] = score
        return found


def _index(nodes: tuple[Category, ...], read: Read, syllable: int) -> _Index:
    names: dict[str, list[tuple[str, str]]] = {}
    for node in nodes:
        labels = (part for label in (node.vi, node.en) for part in (label, *label.split(",")))
        for known in dict.fromkeys(read(name) for name in (*labels, *node.words)):
            if known:
                names.setdefault(known[0], []).append((node.code, " ".join(known)))
    return _Index(
        {first: tuple(known) for first, known in names.items()},
        max((len(name) for known in names.values() for _, name in known), default=0),
        syllable,
    )


def _says(leaf: Category) -> tuple[str, ...]:
    """What a category says of itself."""
    return (leaf.vi, leaf.en, *leaf.words, *leaf.examples)


def _score(named: int, meant: Meaning | None) -> float | None:
    """How well words fit, by name and by what such words have meant; None: what speaks for it may be chance."""
    if not named and (meant is None or meant.pairs < PAIRS):
        return None
    return NAMED * named + (meant.fits if meant else 0.0)


def _best_first(scored: tuple[float, Category]) -> float:
    return -scored[0]


def _named(name: str, said: str, syllable: int) -> int:
    """How surely ``said`` speaks of ``name``: the same, a sentence that mentions it, or a part of it."""
    if not said:
        return 0
    if name == said:
        return 60
    if f" {name} " in f" {said} ":
        return 8 + 6 * name.count(" ") if " " in name else syllable
    if f" {said}" in f" {name}" and len(said) >= 2:
        return 12 + 12 * len(said) // len(name) + (4 if name.startswith(said) else 0)
    return 0
