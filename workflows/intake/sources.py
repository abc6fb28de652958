"""Where a report came from that an operator takes down: the channels, and the number that it has there."""

from __future__ import annotations

import re

from workflows.conversation.steps.contact import phone_in
from workflows.text import words

# By which way it came; the order is that of the buttons. "" is a chat: then nobody took it down.
CHANNELS = ("hotline", "walk_in", "portal", "letter", "email", "press", "other")
LONGEST_NUMBER = 60  # characters

# What operators call them, folded, besides their names in the catalogue.
SPOKEN = {
    "hotline": ("duong day nong", "goi dien", "dien thoai", "tong dai", "1022", "hotline", "phone"),
    "walk_in": ("truc tiep", "tiep dan", "tai cho", "tai tru so", "walk in", "in person"),
    "portal": ("cong", "cong thong tin", "trang web", "web", "portal"),
    "letter": ("thu", "don", "don thu", "van ban", "cong van", "letter", "post"),
    "email": ("thu dien tu", "email", "mail"),
    "press": ("bao chi", "bao", "dai", "mang xa hoi", "facebook", "press"),
    "other": ("khac", "nguon khac", "other"),
}
_BETWEEN = re.compile(r"[\s\-‐-―_./]+")


def channel_in(said: str) -> str:
    """The channel that these words name as a whole, with or without diacritics; "" for none."""
    heard = " ".join(words(said.replace("_", " ")))
    named = (code for code, spoken in SPOKEN.items() if heard in (*spoken, code.replace("_", " ")))
    return next(named, "")


def number_key(number: str) -> str:
    """A number as it is compared: capitals, and one way of writing what stands between its parts. "" for none."""
    return _BETWEEN.sub("-", number.strip().upper()).strip("-")


def is_number(number: str) -> bool:
    """Whether it could be the number of a report elsewhere: short, with a digit in it, and nobody's phone number."""
    digits = any(letter.isdigit() for letter in number)
    return digits and len(number) <= LONGEST_NUMBER and phone_in(number) is None
