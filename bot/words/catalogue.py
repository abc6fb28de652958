"""Catalogue: (language, key, values) to words, with light markup kept apart from what people wrote.

Texts lie in ``bot/words/<language>/*.yaml``, nested maps whose names are joined with dots (``photo.ask``).
They may hold ``{placeholders}`` and the tags ``<b>`` and ``<code>``; everything else in them, and every
value, is plain text that a platform escapes in its own way. Vietnamese is complete by definition; a key that
another language lacks is answered in Vietnamese.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Literal

from storage.yaml_text import read_yaml
from workflows.conversation.choices import plain
from workflows.frozen import frozen
from workflows.messages import Button, Message, Value

FOLDER = Path(__file__).parent
DEFAULT = "vi"
# Vietnam keeps one offset all year, so the program needs no table of time zones.
VIETNAM = timezone(timedelta(hours=7))

_PIECES = re.compile(r"(</?(?:b|code)>)|\{(\w+)\}")

Escape = Callable[[str], str]


class MissingWords(KeyError):
    """A key that is in no language, or a placeholder without a value: a mistake in the program."""

    def __str__(self) -> str:
        return str(self.args[0])


@frozen
class _Piece:
    kind: Literal["literal", "tag", "slot"]
    text: str


Template = tuple[_Piece, ...]


class Catalogue:
    """All words in all languages; implements ``handlers.ports.Words``. Safe in several threads.

    ``settings`` are the placeholders that are the same in every text (``province``, ``team``,
    ``address_form``, ``upper``, ``complaint_office``), a map for each language; ``Address_form`` and ``Team``
    are derived.
    ``zone`` is the zone in which promises are written.
    """

    def __init__(
        self,
        texts: Mapping[str, Mapping[str, str]],
        settings: Mapping[str, Mapping[str, str]],
        zone: tzinfo = VIETNAM,
    ) -> None:
        self._texts = {
            language: {key: tuple(_cut(text)) for key, text in entries.items()} for language, entries in texts.items()
        }
        self._settings = {language: _with_capital(settings, language) for language in texts}
        self._zone = zone
        self._spelled: dict[Value, tuple[str, ...]] = {}  # labels of the catalogue and the store, never people's words

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages there are words for, the default first."""
        return tuple(sorted(self._texts, key=lambda language: (language != DEFAULT, language)))

    def keys(self, language: str) -> frozenset[str]:
        """All keys that have words of their own in ``language``."""
        return frozenset(self._texts[language])

    def placeholders(self, language: str, key: str) -> frozenset[str]:
        """What a text wants put in, the settings' own placeholders left out."""
        wanted = {piece.text for piece in self._template(language, key) if piece.kind == "slot"}
        return frozenset(wanted - self._settings[DEFAULT].keys())

    def text(self, language: str, key: str, values: Mapping[str, Value]) -> str:
        """One text without markup. Raises MissingWords for an unknown key or a placeholder without value."""
        return self._fill(language, key, values, None)

    def label(self, language: str, value: Value) -> str:
        """A button's or a value's words, without markup."""
        return self._value(language, value, None)

    def spell(self, button: Button) -> Sequence[str]:
        """A button's label in every language, plain: what a person may type instead of pressing it."""
        label = button.label
        if label.kind == "text":  # a code or a person's words: not to be kept
            return (plain(label.value),)
        known = self._spelled.get(label)
        if known is None:
            known = tuple(dict.fromkeys(plain(self.label(language, label)) for language in self.languages))
            self._spelled[label] = known
        return known

    def paragraphs(self, language: str, message: Message, escape: Escape | None = None) -> list[str]:
        """A message's paragraphs, empty ones left out.

        With ``escape`` the catalogue's own tags are kept and everything else goes through it; without, the
        paragraphs are plain text.
        """
        filled = (self._fill(language, line.key, line.values, escape) for line in message.lines)
        return [paragraph for paragraph in filled if paragraph.strip()]

    def _template(self, language: str, key: str) -> Template:
        found = self._texts.get(language, {}).get(key) or self._texts[DEFAULT].get(key)
        if found is None:
            raise MissingWords(f"no words for {key!r} in {language!r} or {DEFAULT!r}")
        return found

    def _fill(self, language: str, key: str, values: Mapping[str, Value], escape: Escape | None) -> str:
        return "".join(self._piece(language, key, piece, values, escape) for piece in self._template(language, key))

    def _piece(self, language: str, key: str, piece: _Piece, values: Mapping[str, Value], escape: Escape | None) -> str:
        if piece.kind == "tag":
            return piece.text if escape else ""
        if piece.kind == "literal":
            return escape(piece.text) if escape else piece.text
        if piece.text in values:
            return self._value(language, values[piece.text], escape)
        setting = self._settings.get(language, self._settings[DEFAULT]).get(piece.text)
        if setting is None:
            raise MissingWords(f"{key!r} in {language!r} wants a value for {{{piece.text}}}")
        return escape(setting) if escape else setting

    def _value(self, language: str, value: Value, escape: Escape | None) -> str:
        match value.kind:
            case "word":
                return self._fill(language, value.value, {}, escape)
            case "names":
                words = value.value if language == DEFAULT else value.other or value.value
            case "moment":
                words = self._moment(language, datetime.fromisoformat(value.value))
            case "date":
                words = self._day(language, "format.date", datetime.fromisoformat(value.value))
            case "day":
                named = datetime.combine(date.fromisoformat(value.value), time(), self._zone)
                words = self._day(language, "format.named_day", named)
            case "short_day":
                words = self._day(language, "format.short_day", datetime.fromisoformat(value.value))
            case "pictures":
                words = self._pictures(language, int(value.value), int(value.other))
            case "number":
                words = f"{int(value.value):,}".replace(",", self._plain(language, "format.thousands"))
            case "text":
                words = value.value
        return escape(words) if escape else words

    def _pictures(self, language: str, photos: int, videos: int) -> str:
        parts = {
            kind: self._plain(language, f"pictures.{kind}.{'one' if count == 1 else 'many'}", {"count": str(count)})
            for kind, count in (("photos", photos), ("videos", videos))
            if count
        }
        return self._plain(language, "pictures.both", parts) if len(parts) == 2 else "".join(parts.values())

    def _moment(self, language: str, at: datetime) -> str:
        minutes = at.astimezone(self._zone).minute
        return self._day(language, "format.moment_minutes" if minutes else "format.moment", at)

    def _day(self, language: str, key: str, at: datetime) -> str:
        local = at.astimezone(self._zone)
        parts = {
            "dd": f"{local.day:02}",
            "mm": f"{local.month:02}",
            "yyyy": f"{local.year:04}",
            "hour": str(local.hour),
            "minute": f"{local.minute:02}",
            "weekday": self._plain(language, f"weekday.{local.weekday()}"),
            "short_weekday": self._plain(language, f"short_weekday.{local.weekday()}"),
        }
        parts["day"] = self._plain(language, "format.day", parts)
        return self._plain(language, key, parts)

    def _plain(self, language: str, key: str, parts: Mapping[str, str] | None = None) -> str:
        values = {name: Value("text", words) for name, words in (parts or {}).items()}
        return self._fill(language, key, values, None)


def load(settings: Mapping[str, Mapping[str, str]], zone: tzinfo = VIETNAM, folder: Path = FOLDER) -> Catalogue:
    """The catalogue of all languages under ``folder``. Raises ValueError for a file that is not as agreed."""
    return Catalogue(read_texts(folder), settings, zone)


def read_texts(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Language to key to text. Raises ValueError for a key said twice or a value that is no text."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        entries = texts.setdefault(path.parent.name, {})
        for key, text in _flatten(read_yaml(path.read_text(encoding="utf-8")), path):
            if key in entries:
                raise ValueError(f"{path}: {key} has words already")
            entries[key] = text
    if DEFAULT not in texts:
        raise ValueError(f"{folder}: no words in {DEFAULT!r}")
    return texts


def _with_capital(settings: Mapping[str, Mapping[str, str]], language: str) -> dict[str, str]:
    chosen = {**settings.get(DEFAULT, {}), **settings.get(language, {})}
    for name in ("address_form", "team"):
        if form := chosen.get(name):
            chosen.setdefault(name.capitalize(), form[0].upper() + form[1:])
    return chosen


def _cut(text: str) -> Iterator[_Piece]:
    at = 0
    for match in _PIECES.finditer(text):
        if match.start() > at:
            yield _Piece("literal", text[at : match.start()])
        yield _Piece("tag", match[1]) if match[1] else _Piece("slot", match[2])
        at = match.end()
    if at < len(text):
        yield _Piece("literal", text[at:])


def _flatten(node: object, path: Path, prefix: str = "") -> Iterator[tuple[str, str]]:
    if not isinstance(node, dict):
        raise ValueError(f"{path}: {prefix or 'the file'} is no map")
    for name, value in node.items():
        key = f"{prefix}.{name}" if prefix else str(name)
        if isinstance(value, dict):
            yield from _flatten(value, path, key)
        elif isinstance(value, str):
            yield key, value.strip()
        else:
            raise ValueError(f"{path}: {key} is no text")
