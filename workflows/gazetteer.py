"""Names of places as people say them, old ones too, and the present units that they mean (domain.md 5.11)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from workflows.case.view import Names
from workflows.frozen import frozen
from workflows.text import fold, words

# Kinds of units, present and old, and how they are shortened in addresses: P. An Cựu, H. Phú Vang.
SHORT = {
    ("thanh", "pho"): "tp",
    ("thi", "xa"): "tx",
    ("thi", "tran"): "tt",
    ("dac", "khu"): "dk",
    ("phuong",): "p",
    ("xa",): "x",
    ("quan",): "q",
    ("huyen",): "h",
    ("tinh",): "t",
}
PIECES = re.compile(r"[,;/\n]|\s[-–]\s")  # an address is written in pieces: street, ward, district


@frozen
class Entry:
    """A name and the codes of the present units that it means; several when the unit was divided."""

    name: Names
    units: tuple[str, ...]
    former: bool = False  # an old or another name: whoever hears it back wants to know what it means now


@frozen
class Meant:
    """A present unit that was meant, and the old name by which it was."""

    code: str
    formerly: Names | None = None


class Gazetteer:
    """Entries ready to be asked; never changes. Present names come before old ones."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(sorted(filter(_usable, entries), key=lambda one: one.former))
        self._full: dict[tuple[str, ...], list[Entry]] = {}
        self._bare: dict[tuple[str, ...], list[Entry]] = {}
        for entry in self._entries:
            for spoken in _spoken(entry.name.vi):
                self._full.setdefault(spoken, []).append(entry)
            self._bare.setdefault(_bare(entry.name.vi), []).append(entry)
        self._longest = max(map(len, self._full), default=0)
        self._folded = tuple((fold(f"{one.name.vi} {one.name.en}"), one) for one in self._entries)

    def named(self, address: str) -> tuple[Meant, ...]:
        """The units whose names stand in a typed address, likeliest first; diacritics and short forms aside.

        A ward and its old district together mean the ward; names that have nothing in common mean either.
        """
        full, pieces = [*self._in_full(words(address))], [*self._pieces(address)]
        codes: set[str] = set()
        for entries in full or pieces:
            units = _units(entries)
            codes = codes & units or codes | units
        for entries in pieces:  # a street may be called like a ward: without its kind a name only tells more closely
            codes = codes & _units(entries) or codes
        heard = [one for entries in (*full, *pieces) for one in entries]
        return _meant(sorted(heard, key=lambda one: (one.former, len(one.units))), codes)

    def search(self, query: str) -> tuple[Meant, ...]:
        """The units that have or had names with these words in them; every present one for no words."""
        wanted = fold(query)
        entries = [one for folded, one in self._folded if wanted in folded and (wanted or not one.former)]
        return _meant(entries, _units(entries))

    def _in_full(self, said: Sequence[str]) -> Iterator[list[Entry]]:
        """What names stand in these words, the longest at each place."""
        start = 0
        while start < len(said):
            ends = range(min(len(said), start + self._longest), start, -1)
            end = next((end for end in ends if tuple(said[start:end]) in self._full), None)
            if end is not None:
                yield self._full[tuple(said[start:end])]
            start = end or start + 1

    def _pieces(self, address: str) -> Iterator[list[Entry]]:
        """What names stand alone between commas, without the kind of unit."""
        for piece in PIECES.split(address):
            if found := self._bare.get(words(piece)):
                yield found


def _usable(entry: Entry) -> bool:
    return bool(entry.units and words(entry.name.vi))


def _units(entries: Iterable[Entry]) -> set[str]:
    return {code for entry in entries for code in entry.units}


def _meant(entries: Iterable[Entry], codes: set[str]) -> tuple[Meant, ...]:
    found: dict[str, Meant] = {}
    for entry in entries:
        for code in entry.units:
            if code in codes and code not in found:
                found[code] = Meant(code, entry.name if entry.former else None)
    return tuple(found.values())


def _spoken(name: str) -> Iterator[tuple[str, ...]]:
    """A name as it may stand in an address: in full, and with its kind shortened ("p5" for phường 5)."""
    said = words(name)
    kind, rest = _parted(said)
    yield said
    if kind:
        yield (SHORT[kind], *rest)
        if rest[0].isdigit():
            yield (SHORT[kind] + rest[0], *rest[1:])


def _bare(name: str) -> tuple[str, ...]:
    """A name without the kind of unit; with it where only a number would be left."""
    said = words(name)
    _, rest = _parted(said)
    return said if rest[0].isdigit() else rest


def _parted(said: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kind of unit at the beginning of a name, and the rest, which is never empty."""
    for kind in SHORT:
        if said[: len(kind)] == kind and said[len(kind) :]:
            return kind, said[len(kind) :]
    return (), said
