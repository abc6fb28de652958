"""What words have meant so far: which categories they speak for, learned from sentences and officers' corrections."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import log

from workflows.frozen import frozen
from workflows.text import words

Feature = str | tuple[str, str]  # a word, or two neighbours; folded

OURS = 0  # nobody's words: shipped sentences, names of categories
SMOOTH = 30.0  # how many words of no special meaning every category is taken to have been told besides its own
SPREAD = 3  # a word said of more than one category in so many is not looked at
# Short forms and Central words for what matters in a report, only where nothing else is written alike without marks.
SPOKEN: dict[str, tuple[str, ...]] = {
    "nac": ("nuoc",),
    "ko": ("khong",),
    "hok": ("khong",),
    "oto": ("o", "to"),
    "bv": ("benh", "vien"),
    "bhyt": ("bao", "hiem", "y", "te"),
    "bhxh": ("bao", "hiem", "xa", "hoi"),
    "atvstp": ("an", "toan", "ve", "sinh", "thuc", "pham"),
    "sxh": ("sot", "xuat", "huyet"),
    "pccc": ("phong", "chay", "chua", "chay"),
    "dvc": ("dich", "vu", "cong"),
    "cccd": ("can", "cuoc", "cong", "dan"),
    "cmnd": ("can", "cuoc", "cong", "dan"),
    "gpxd": ("giay", "phep", "xay", "dung"),
    "gplx": ("giay", "phep", "lai", "xe"),
    "gcn": ("giay", "chung", "nhan"),
    "csgt": ("canh", "sat", "giao", "thong"),
    "dtdd": ("dien", "thoai"),
    "sdt": ("so", "dien", "thoai"),
    "hdv": ("huong", "dan", "vien"),
}


@frozen
class Lesson:
    """A sentence and the category that it is about. ``person``: who wrote it, as a number; ``OURS``: we did."""

    category: str
    text: str
    person: int = OURS


@frozen
class Meaning:
    """How well a category fits what was said, in nats against words of no special meaning.

    ``pairs``: how many neighbouring words speak for it, each by its share of all that was ever said with them. Single
    syllables are too common in Vietnamese to tell anything.
    """

    fits: float
    pairs: float


class Evidence:
    """Naive Bayes over words and neighbouring words without diacritics, every category as likely as another.

    A word or pair that only one person ever wrote teaches nothing: it may be a name, and what is suggested to others
    must not tell that somebody was written about.
    """

    def __init__(self, lessons: Iterable[Lesson]) -> None:
        told = [(lesson, features(lesson.text)) for lesson in lessons]
        common = _common(told)
        counts: defaultdict[str, Counter[Feature]] = defaultdict(Counter)
        for lesson, said in told:
            counts[lesson.category].update(said & common)
        # What a known word that was never said of a category speaks against it, and what it gains where it was.
        self._unsaid = {code: log(SMOOTH / (SMOOTH + count.total())) for code, count in counts.items()}
        self._gains = _gains(counts)

    def weigh(self, text: str) -> dict[str, Meaning]:
        """What the words of ``text`` speak for; categories that share no word with it are left out."""
        known = [feature for feature in features(text) if feature in self._gains]
        gains: defaultdict[str, float] = defaultdict(float)
        pairs: defaultdict[str, float] = defaultdict(float)
        for feature in known:
            for code, gain, share in self._gains[feature]:
                gains[code] += gain
                pairs[code] += share
        return {code: Meaning(gain + len(known) * self._unsaid[code], pairs[code]) for code, gain in gains.items()}


def features(text: str) -> frozenset[Feature]:
    """The words of ``text`` and its neighbouring pairs, each once; nothing with a digit in it."""
    said = tuple(_plain(text))
    return frozenset((*said, *pairwise(said)))


def _plain(text: str) -> Iterator[str]:
    for word in words(text):
        if word in SPOKEN:
            yield from SPOKEN[word]
        elif word.isalpha():
            yield word


def _common(told: list[tuple[Lesson, frozenset[Feature]]]) -> frozenset[Feature]:
    """What we wrote ourselves, or at least two people did."""
    first: dict[Feature, int] = {}
    common: set[Feature] = set()
    for lesson, said in told:
        if lesson.person == OURS:
            common |= said
        else:
            common.update(feature for feature in said if first.setdefault(feature, lesson.person) != lesson.person)
    return frozenset(common)


def _gains(counts: dict[str, Counter[Feature]]) -> dict[Feature, tuple[tuple[str, float, float], ...]]:
    """What each word speaks for the categories that it was ever said of, against those where it was not.

    With each category its share in what was said with the word, if that is a pair. A word that very many categories
    share is left out: it tells nothing and would cost the most.
    """
    everywhere, spread = Counter[Feature](), Counter[Feature]()
    for count in counts.values():
        everywhere.update(count)
        spread.update(count.keys())
    total, widest = everywhere.total(), max(1, len(counts) // SPREAD)
    gains: defaultdict[Feature, list[tuple[str, float, float]]] = defaultdict(list)
    for code, count in counts.items():
        for feature, times in count.items():
            if spread[feature] <= widest:
                share = times / everywhere[feature]
                gain = log(1 + share * total / SMOOTH)
                gains[feature].append((code, gain, share if isinstance(feature, tuple) else 0.0))
    return {feature: tuple(gained) for feature, gained in gains.items()}
