"""Reading what an operator types while somebody talks: words, place, phone and the rest, each on a line."""

from __future__ import annotations

import re

from workflows.conversation.steps.contact import LONGEST_NAME, phone_in
from workflows.frozen import frozen
from workflows.intake.sources import channel_in
from workflows.text import words

# What may stand before a colon, folded.
LABELS = {
    "words": ("noi dung", "viec", "su viec", "words"),
    "place": ("noi", "o", "tai", "dia chi", "dia diem", "vi tri", "place", "address"),
    "phone": ("dt", "sdt", "dien thoai", "so dien thoai", "phone", "tel"),
    "name": ("ten", "ho ten", "ho va ten", "nguoi goi", "nguoi gui", "name"),
    "number": ("so", "so phieu", "so ho so", "so den", "ma", "ma so", "number", "no"),
    "channel": ("kenh", "nguon", "qua", "channel", "source"),
    "category": ("linh vuc", "loai", "category"),
}
_FIELD = {label: field for field, labels in LABELS.items() for label in labels}
_PHONE = re.compile(r"(?<![\w/])(?:\+|00)?\d[\d .\-()]{6,16}\d(?![\w/])")
_NUMBER = re.compile(r"[0-9A-ZĐ]{2,}(?:[-/.][0-9A-ZĐ]+)+", re.IGNORECASE)  # 1022-2026-00123, 45/PA-UBND
_DIGITS = 8  # of what is meant as a phone number


@frozen
class Said:
    """What was understood; "" was not said. ``bad_phone`` and ``bad_channel``: what was meant as one and cannot be."""

    words: str = ""
    place: str = ""
    phone: str = ""
    name: str = ""
    number: str = ""
    channel: str = ""
    category: str = ""
    bad_phone: str = ""
    bad_channel: str = ""


def read(text: str) -> Said:
    """Everything in one message.

    A line with a label ("nơi: …", "đt: …") is what it says. Without one, a line with a phone number is who called, the
    name of a channel is the channel, a number with hyphens or slashes is the number there; the first of the other lines
    tells what is wrong, the second where, and what follows belongs to the first.
    """
    found: dict[str, str] = {}
    told: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        field, value = _labelled(line)
        understood = _of_field(field, value) if field else _unlabelled(line)
        if understood is None:
            told.append(line)
        else:
            found = _joined(found, understood)
    if told and "words" not in found:
        found["words"] = told.pop(0)
    if told and "place" not in found:
        found["place"] = told.pop(0)
    return Said(**_joined(found, {"words": "\n".join(told)} if told else {}))


def has_labels(text: str) -> bool:
    """Whether any of its lines says what it is."""
    return any(_labelled(line)[0] for line in text.splitlines())


def is_contact(text: str) -> bool:
    """Whether it is a phone number, perhaps with a name, and nothing else: never an answer to another question."""
    found = read(text)
    return bool(found.phone) and not found.words and not found.place


def contact(text: str) -> Said:
    """Who called, said alone: a phone number and a name, in any order."""
    found = read(text)
    if found.phone or found.bad_phone or has_labels(text):
        return found
    return Said(bad_phone=text.strip()[:LONGEST_NAME])


def _labelled(line: str) -> tuple[str, str]:
    label, colon, value = line.partition(":")
    field = _FIELD.get(" ".join(words(label)), "") if colon and len(label) <= 20 else ""
    return (field, value.strip()) if field and value.strip() else ("", line)


def _of_field(field: str, value: str) -> dict[str, str]:
    if field == "phone":
        return _with_phone(value) or {"bad_phone": value}
    if field == "channel":
        channel = channel_in(value)
        return {"channel": channel} if channel else {"bad_channel": value}
    return {field: value}


def _unlabelled(line: str) -> dict[str, str] | None:
    """What a line without a label is, by its form; None where it is words or a place."""
    phone = _with_phone(line)
    if phone:
        return phone
    channel = channel_in(line)
    if channel:
        return {"channel": channel}
    if _NUMBER.fullmatch(line) and any(letter.isdigit() for letter in line):
        return {"number": line}
    meant = sum(letter.isdigit() for letter in line) >= _DIGITS and not any(letter.isalpha() for letter in line)
    return {"bad_phone": line} if meant and "," not in line else None


def _with_phone(line: str) -> dict[str, str] | None:
    """A phone number, and beside it at most a name."""
    for seen in _PHONE.finditer(line):
        phone = phone_in(seen[0])
        beside = " ".join(f"{line[: seen.start()]} {line[seen.end() :]}".strip(" ,;:-–\t").split()).strip(" ,;:-–")
        if phone and len(beside.split()) <= 6 and not any(letter.isdigit() for letter in beside):
            name = beside if sum(letter.isalpha() for letter in beside) >= 2 and len(beside) <= LONGEST_NAME else ""
            return {"phone": phone, **({"name": name} if name else {})}
    return None


def _joined(found: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Of two lines of words both are kept; of anything else the last."""
    both = "\n".join((found["words"], more["words"])) if "words" in found and "words" in more else ""
    return found | more | ({"words": both} if both else {})
