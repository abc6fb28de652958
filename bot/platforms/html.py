"""HTML as Telegram reads it: escaping, measuring in UTF-16 units, and cutting without breaking anything.

Only what this program writes itself is read here: balanced tags, and text that went through ``escape``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

PARAGRAPH = "\n"  # cards and lists are made of short lines; a longer pause stands in the words themselves

_TAG = re.compile(r"<[^>]*>")
_ATOM = re.compile(r"<[^>]*>|&(?:amp|lt|gt|quot);|.", re.DOTALL)
_NAME = re.compile(r"</?([a-z]+)")
_ZERO_WIDTH_JOINER = "\u200d"
_BORDERS = ("\n", " ")


def escape(text: str) -> str:
    """Words of people made safe between tags (Bot API, HTML style); not enough in attributes."""
    return html.escape(text, quote=False)


def escape_attribute(text: str) -> str:
    """Words made safe between double quotes of an attribute."""
    return html.escape(text, quote=True).replace("&#x27;", "'")


def plain(marked: str) -> str:
    """What a reader sees of HTML written here."""
    return html.unescape(_TAG.sub("", marked))


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts: an emoji is two or more."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def visible_units(marked: str) -> int:
    """Length of what a reader sees, in UTF-16 code units: the limits hold after the tags are read."""
    return units(plain(marked))


def graphemes(text: str) -> list[str]:
    """What a reader takes for single characters: letters with their marks, joined emoji, flags."""
    clusters: list[str] = []
    for character in text:
        if clusters and _continues(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def pack(paragraphs: Iterable[str], limit: int) -> list[str]:
    """Paragraphs of HTML put together into as few parts as possible, each of at most ``limit`` visible units.

    Parts begin and end at paragraphs where they can, else at lines, at spaces, between characters; a tag open
    at a cut is closed and opened again. Parts that would show nothing are left out.
    """
    parts: list[str] = []
    for piece in _small_enough(paragraphs, limit):
        together = f"{parts[-1]}{PARAGRAPH}{piece}" if parts else piece
        if parts and visible_units(together) <= limit:
            parts[-1] = together
        else:
            parts.append(piece)
    return parts


def cut(text: str, limit: int) -> str:
    """Plain text of at most ``limit`` UTF-16 units, with an ellipsis when something was left out."""
    if units(text) <= limit:
        return text
    kept = ""
    for cluster in graphemes(text):
        if units(kept) + units(cluster) > limit - 1:
            break
        kept += cluster
    return kept.rstrip() + "…"


def _small_enough(paragraphs: Iterable[str], limit: int) -> Iterator[str]:
    for paragraph in paragraphs:
        pieces = [paragraph] if visible_units(paragraph) <= limit else _cut_paragraph(paragraph, limit)
        yield from (piece for piece in pieces if plain(piece).strip())


def _cut_paragraph(paragraph: str, limit: int) -> Iterator[str]:
    """One paragraph that is too long, in pieces with balanced tags."""
    opened: list[str] = []
    for atoms in _rows(_atoms(paragraph), limit):
        before = "".join(opened)
        for atom in atoms:
            _follow(opened, atom)
        yield before + "".join(atoms) + "".join(f"</{_name(tag)}>" for tag in reversed(opened))


def _rows(atoms: list[str], limit: int) -> Iterator[list[str]]:
    while atoms:
        fits = _how_many_fit(atoms, limit)
        end = fits if fits == len(atoms) else _border(atoms, fits)
        yield atoms[:end]
        atoms = atoms[end:]


def _how_many_fit(atoms: list[str], limit: int) -> int:
    length = 0
    for index, atom in enumerate(atoms):
        length += visible_units(atom)
        if length > limit:
            return index
    return len(atoms)


def _border(atoms: list[str], fits: int) -> int:
    """Where to cut within the first ``fits`` atoms: after the last line end or space of the later half."""
    for border in _BORDERS:
        for index in range(fits, fits // 2, -1):
            if atoms[index - 1] == border:
                return index
    return fits


def _atoms(marked: str) -> list[str]:
    """Tags and graphemes; a grapheme larger than any limit would be (heaped marks) is cut into characters."""
    atoms: list[str] = []
    for atom in _ATOM.findall(marked):
        joins = atoms and len(atom) == 1 and not atoms[-1].startswith(("<", "&")) and len(atoms[-1]) < 64
        if joins and _continues(atoms[-1], atom):
            atoms[-1] += atom
        else:
            atoms.append(atom)
    return atoms


def _continues(cluster: str, character: str) -> bool:
    """Whether ``character`` belongs to the cluster before it (the common rules of Unicode, Annex 29)."""
    if character < "\u0300":
        return character == "\n" and cluster == "\r"
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Mc"):
        return True
    if character == _ZERO_WIDTH_JOINER or cluster.endswith(_ZERO_WIDTH_JOINER):
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f":
        return True
    return len(cluster) == 1 and _is_regional(cluster) and _is_regional(character)


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _follow(opened: list[str], atom: str) -> None:
    if not atom.startswith("<"):
        return
    if atom.startswith("</"):
        opened.pop()
    else:
        opened.append(atom)


def _name(tag: str) -> str:
    match = _NAME.match(tag)
    return match[1] if match else ""
