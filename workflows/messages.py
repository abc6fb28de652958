"""What we can say, in no platform's words and no language: catalogue keys with values, buttons and wishes."""

from __future__ import annotations

from dataclasses import field
from datetime import date as Date
from datetime import datetime
from typing import Literal

from workflows.frozen import frozen

ValueKind = Literal["text", "word", "names", "moment", "date", "day", "short_day", "number", "pictures"]


@frozen
class Value:
    """One thing put into a sentence, turned into words only when the reader's language is known.

    ``text``: shown as it is (escaped); ``word``: a catalogue key; ``names``: Vietnamese and English name;
    ``day``: a day that is only named, "thứ Tư, 25/11/2026" (ISO 8601, no hour);
    ``short_day``: a due day on a button, "Thứ 4, 25/11";
    ``moment``: a due instant, "17 giờ thứ Tư, 25/11/2026"; ``date``: a due day, "hết ngày thứ Tư, 25/11/2026";
    ``number``: written as the language writes it; ``pictures``: "1 ảnh và 2 video". Instants are ISO 8601 in UTC.
    """

    kind: ValueKind
    value: str
    other: str = ""


def text(value: str) -> Value:
    """Words shown as they are."""
    return Value("text", value)


def word(key: str) -> Value:
    """The catalogue's words for ``key``."""
    return Value("word", key)


def names(vi: str, en: str) -> Value:
    """A thing of the store that has a name in both languages (category, agency, area)."""
    return Value("names", vi, en)


def moment(at: datetime) -> Value:
    """An instant that somebody promises, with weekday and hour."""
    return Value("moment", at.isoformat())


def date(at: datetime) -> Value:
    """A day that somebody promises, good until its end."""
    return Value("date", at.isoformat())


def day(on: Date) -> Value:
    """A day that is only named: nobody promises anything by it."""
    return Value("day", on.isoformat())


def short_day(at: datetime) -> Value:
    """A day to choose by a button."""
    return Value("short_day", at.isoformat())


def number(value: int) -> Value:
    """A count."""
    return Value("number", str(value))


def photos_and_videos(photos: int, videos: int) -> Value:
    """How many photos and videos there are, of each kind that there is."""
    return Value("pictures", str(photos), str(videos))


@frozen
class Line:
    """One paragraph: a catalogue key and what goes into it."""

    key: str
    values: dict[str, Value] = field(default_factory=dict)


@frozen
class Button:
    """One choice. ``data`` is what comes back (at most 64 bytes); the label is a catalogue key or a thing's name."""

    data: str
    label: Value


@frozen
class Link:
    """A page of ours to open: its address is signed and expires, so it is made only when the message is sent.

    ``page``: ``map`` (point at the place of a report) or ``case`` (an agency's page of the message's case).
    ``draft``: of the map, the serial of the draft whose place is wanted.
    """

    page: Literal["map", "case"]
    label: Value
    draft: int = 0


Wish = Literal["", "place"]


@frozen
class Message:
    """One message: paragraphs, buttons in rows, stored media by attachment id, and whether a place is wanted.

    ``place`` asks the platform for its own way to send a position (Telegram: a reply keyboard); ``drop_keyboard``
    takes it away again. ``pin`` is a (lat, lon) shown as a map link. ``links`` are left out where we have no pages.
    """

    lines: tuple[Line, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    media: tuple[str, ...] = ()
    wish: Wish = ""
    drop_keyboard: bool = False
    pin: tuple[float, float] | None = None
    links: tuple[Link, ...] = ()


def say(key: str, /, **values: Value) -> Message:
    """A message of one paragraph without buttons."""
    return Message((Line(key, values),))


def choice(data: str, key: str) -> Button:
    """A button labelled from the catalogue."""
    return Button(data, word(key))
