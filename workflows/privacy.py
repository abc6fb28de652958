"""Personal data in what people write: where it stands, and the same words without it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Literal, get_args

from workflows.actions import Action
from workflows.frozen import frozen

Kind = Literal["phone", "landline", "id", "plate", "email", "account"]

ALL: frozenset[Kind] = frozenset(get_args(Kind))
# Letters tell people where to go, and that is an office: its number and address are nobody's in particular.
LETTER: frozenset[Kind] = ALL - {"landline", "email"}

# Moves whose words leave the authorities. What everybody who reported reads, and what is published with the result
# (domain.md 5.10), holds nothing personal; a letter may name an office.
CHECKED: dict[str, frozenset[Kind]] = {
    Action.SUBMIT_RESULT: ALL,
    Action.UPHOLD: ALL,
    Action.KEEP_PROMISE: ALL,
    Action.CLOSE_FINALLY: ALL,
    Action.ASK: LETTER,
    Action.REPLY: LETTER,
    Action.CANCEL: LETTER,
    Action.REFER_OUT: LETTER,
    Action.UNMERGE: LETTER,
    Action.TAKE_BACK: LETTER,
    Action.REQUEST_EXTENSION: LETTER,
}

# Finds phone numbers in text: where each begins and ends, and whether it is a fixed line.
Phones = Callable[[str], Iterable[tuple[int, int, bool]]]

AROUND = 40  # characters shown on either side of a place


def no_tables(text: str) -> Iterable[tuple[int, int, bool]]:
    """Where nobody has the tables of phone numbers."""
    return ()


@frozen
class Spot:
    """One place, as in a slice of the text in its composed form (NFC)."""

    start: int
    end: int
    kind: Kind


@frozen
class Censor:
    """Knows personal data when it sees it. ``masks``: what is written in its place, for every kind."""

    phones: Phones
    masks: Mapping[Kind, str]

    def find(self, text: str, kinds: frozenset[Kind] = ALL) -> tuple[Spot, ...]:
        """Every place, in order; no two overlap."""
        text = unicodedata.normalize("NFC", text)
        found: list[Spot] = []
        if not _MAY_BE.search(text):
            return ()
        for spot in (*_by_forms(text), *self._by_phone(text)):
            if all(spot.end <= other.start or other.end <= spot.start for other in found):
                found.append(spot)
        return tuple(sorted((spot for spot in found if spot.kind in kinds), key=lambda spot: spot.start))

    def masked(self, text: str, kinds: frozenset[Kind] = ALL) -> str:
        """The text without its personal data; nothing is found in it any more."""
        while spots := self.find(text, kinds):
            text = _replaced(unicodedata.normalize("NFC", text), spots, lambda spot, _: self.masks[spot.kind])
        return text

    def without(self, text: str) -> str:
        """The text with nothing in the places: what a case is found by."""
        return replace(self, masks=dict.fromkeys(self.masks, " ")).masked(text)

    def marked(self, text: str, kinds: frozenset[Kind] = ALL) -> str:
        """The text with a sign around every place, for whoever wrote it."""
        composed = unicodedata.normalize("NFC", text)
        return _replaced(composed, self.find(text, kinds), lambda _, it: f"⚠️【{it}】")

    def where(self, text: str, kinds: frozenset[Kind] = ALL) -> str:
        """What stands around the first place, with only its beginning to be read; "" where there is none."""
        spots, composed = self.find(text, kinds), unicodedata.normalize("NFC", text)
        if not spots:
            return ""
        first = spots[0]
        before, after = composed[: first.start], composed[first.end : first.end + AROUND]
        it = composed[first.start : first.end]
        told = f"{before[-AROUND:]}【{it[:3]}…】{after}"
        # Further places near by are not told either.
        return self.masked(f"{'…' if len(before) > AROUND else ''}{told}", kinds)

    def _by_phone(self, text: str) -> Iterable[Spot]:
        return (Spot(start, end, "landline" if fixed else "phone") for start, end, fixed in self.phones(text))


def _replaced(text: str, spots: Iterable[Spot], by: Callable[[Spot, str], str]) -> str:
    parts, done = [], 0
    for spot in spots:
        parts += [text[done : spot.start], by(spot, text[spot.start : spot.end])]
        done = spot.end
    return "".join((*parts, text[done:]))


# --- the ways in which people write it ---

_MAY_BE = re.compile(r"@|\d(?:[\s.\-–/()A-Za-zĐđ]{0,4}\d){3}")  # a glance: most words have nothing of the kind

_CARD = (
    r"\b(?:cccd|cmnd|cmtnd|cmt|(?:căn\s*cước|can\s*cuoc)(?:\s+(?:công\s+dân|cong\s+dan))?|(?:số|mã|so|ma)\s+(?:định\s+danh"
    r"|dinh\s+danh)|(?:chứng\s+minh|chung\s+minh)(?:\s+(?:nhân\s+dân|nhan\s+dan|thư|thu))?)\b"
)
_PASSPORT = r"\b(?:hộ\s*chiếu|ho\s*chieu|passport)\b"
_ACCOUNT = (
    r"\b(?:stk|tk|(?:tài|tai)\s*kho[ảa]n|account|ng[âa]n\s*h[àa]ng|agribank|bidv|vietcombank|vcb|vietinbank|"
    r"techcombank|mb\s*bank|vpbank|acb|sacombank|tpbank)\b"
)
_BETWEEN = r"(?:[\s:;,.()–-]+[^\W\d]{1,12}){0,4}[\s:;,.()–-]*"  # "số tài khoản của ông Ba là 0071…"
_MONEY = re.compile(
    r"\s*(?:đ(?:ồng)?\b|d(?:ong)?\b|vn[dđ]\b|₫|triệu|trieu|tr\b|tỷ|ty\b|nghìn|m[23²³]|kg\b|kwh?\b|lít)", re.IGNORECASE
)
# Before a number that is a thing's and nobody's.
_OF_A_THING = re.compile(
    r"(?:cột|cot|trụ|tru|đèn|den|tủ|trạm|tram|nhà|nha|lô|phòng|mã|ma|hóa|hoá|biên lai|văn bản|hợp đồng|tiền|tien|seri|"
    r"serial|quyết định|quyet dinh)(?: (?:số|so|điện|dien|đèn|den|đường|duong|hồ sơ|ho so|đơn|don))*[\s:.]*$",
    re.IGNORECASE,
)


def _free(found: re.Match[str]) -> bool:
    """Neither a thing's number nor an amount."""
    before, after = found.string[: found.start("it")], found.string[found.end("it") :]
    return not _OF_A_THING.search(before[-40:]) and not _MONEY.match(after)


def _no_amount(found: re.Match[str]) -> bool:
    return not _MONEY.match(found.string[found.end("it") :])


def _is_card(found: re.Match[str]) -> bool:
    """Twelve figures that begin with a province (001 to 096) and a century with sex, as identity cards have them."""
    digits = re.sub(r"\D", "", found["it"])
    return _free(found) and 1 <= int(digits[:3]) <= 96 and digits[3] in "0123"


def _is_plate(found: re.Match[str]) -> bool:
    """Of a province that there is, and not what small letters make of a measure ("20m 1500", "22 h 1530")."""
    measure = found["series"].islower() and (found["gap"] != "" or found["series"] in ("m", "h", "k", "m2", "m3"))
    return _free(found) and int(found["province"]) > 10 and not measure


@frozen
class _Form:
    """A way of writing something; the group ``it`` is the place, the match may begin before it."""

    kind: Kind
    pattern: re.Pattern[str]
    fits: Callable[[re.Match[str]], bool]


def _form(kind: Kind, pattern: str, fits: Callable[[re.Match[str]], bool] = lambda _: True) -> _Form:
    return _Form(kind, re.compile(pattern, re.IGNORECASE), fits)


_LETTER = "[ABCDEFGHKLMNPSTUVXYZ]"  # of a series of number plates
_FORMS: tuple[_Form, ...] = (  # where two claim the same place, the earlier wins
    _form("email", r"(?P<it>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"),
    _form("id", _CARD + _BETWEEN + r"(?P<it>\d(?:[ .-]?\d){11}|\d(?:[ .-]?\d){8})(?!\d)"),
    _form("id", _PASSPORT + _BETWEEN + r"(?P<it>\b[A-Z]\s?\d{7})(?!\d)"),
    _form("account", _ACCOUNT + _BETWEEN + r"(?P<it>\d(?:[ .-]?\d){5,18})(?!\d)", _no_amount),
    # Without a space before it, as the tables of phone numbers do not read it: "sđt0912345678".
    _form("phone", r"(?<=[^\W\d_])(?P<it>(?:\+?84|0)[35789](?:[ .-]?\d){8})(?!\d)"),
    _form("id", r"(?<![\w/.,–-])(?P<it>\d{3}[ .]?\d{3}[ .]?\d{6}|\d{4} \d{4} \d{4})(?![\w/]|[.,]\d)", _is_card),
    _form(
        "plate",
        rf"(?<![\w/.–-])(?P<it>(?P<province>\d\d)(?P<gap>\s?)[-.]?\s?(?P<series>MĐ\d?|LD|NG|NN|QT|{_LETTER}\d|{_LETTER}{{1,2}})"
        r"\s?[-.]?\s?(?:\d{3}\.?\d\d|\d{4}))(?![\w/]|[.,]\d)",
        _is_plate,
    ),
    # The older card has nine figures, the first two or three its province's (01 to 38).
    _form("id", r"(?<![\w/.,–-])(?P<it>[0-3]\d{8})(?![\w/]|[.,]\d)", _free),
)


def _by_forms(text: str) -> Iterable[Spot]:
    for form in _FORMS:
        for found in form.pattern.finditer(text):
            if form.fits(found):
                yield Spot(found.start("it"), found.end("it"), form.kind)
