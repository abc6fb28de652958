"""Where a report came from that an operator takes down: the channels, and the number that it has there."""

from __future__ import annotations

import re

from workflows.conversation.steps.contact import phone_in
from workflows.text import has_diacritics, spelling, words

# By which way it came; the order is that of the buttons. "" is a chat: then nobody took it down.
CHANNELS = ("hotline", "walk_in", "portal", "letter", "email", "press", "other")
LONGEST_NUMBER = 60  # characters

# What operators call them, besides their names in the catalogue.
SPOKEN = {
    "hotline": ("đường dây nóng", "gọi điện", "điện thoại", "tổng đài", "1022", "hotline", "phone"),
    "walk_in": ("trực tiếp", "tiếp dân", "tại chỗ", "tại trụ sở", "walk in", "in person"),
    "portal": ("cổng", "cổng phản ánh", "cổng thông tin", "trang web", "web", "portal"),
    "letter": ("thư", "đơn", "đơn thư", "văn bản", "công văn", "letter", "post"),
    "email": ("thư điện tử", "email", "mail"),
    "press": ("báo chí", "báo", "đài", "mạng xã hội", "facebook", "press"),
    "other": ("khác", "nguồn khác", "other"),
}
_BETWEEN = re.compile(r"[\s\-‐-―_./]+")


def channel_in(said: str) -> str:
    """The channel that these words name as a whole; "" for none. Without diacritics they are understood as well."""
    read = spelling if has_diacritics(said) else words
    heard = read(said.replace("_", " "))
    named = (code for code, spoken in SPOKEN.items() if heard in map(read, (*spoken, code.replace("_", " "))))
    return next(named, "")


def number_key(number: str) -> str:
    """A number as it is compared: capitals, and one way of writing what stands between its parts. "" for none."""
    return _BETWEEN.sub("-", number.strip().upper()).strip("-")


def is_number(number: str) -> bool:
    """Whether it could be the number of a report elsewhere: short, with a digit in it, and nobody's phone number."""
    digits = any(letter.isdigit() for letter in number)
    return digits and len(number) <= LONGEST_NUMBER and phone_in(number) is None
