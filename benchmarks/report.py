"""A report of six messages, from accepted POST to noted send, against bare transactions and two rivals."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import citizen, road, sandboxed
from benchmarks.bare import rate_of_four
from benchmarks.place import DATABASES, Place
from benchmarks.rivalry import Rival
from benchmarks.rivalry import rate as rate_of
from benchmarks.table import Row, at_least, median, told

LIMIT = 0.50
AHEAD = 1.0
AT_ONCE, AT_ONCE_QUICK = 100, 24  # people who report in the sandbox
PROCESSES = 1 + road.WORKERS  # ours: one accepts, the others work; the bare ones: all commit
RIVALS: dict[Rival, str] = {
    "ptb": "python-telegram-bot, ConversationHandler, PicklePersistence flushed after each update",
    "ptb --one-write": "the same with one write an update",
    "aiogram": "aiogram on Redis storage, an update at a time",
    "aiogram --side-by-side": "aiogram on Redis storage, a hundred chats in one loop",
}
WITHOUT_LIMIT: set[Rival] = {"ptb --one-write", "aiogram --side-by-side"}


def measure(place: Place) -> Iterator[Row]:
    """Interleaved: bare transactions, ours, each rival, and again."""
    repeats, conversations = (1, 120) if place.quick else (3, 1000)
    rivals: dict[Rival, list[float]] = {name: [] for name in RIVALS}
    rates: dict[str, list[tuple[float, float]]] = {kind: [] for kind in DATABASES}
    for _ in range(repeats):
        for kind in DATABASES:
            count = conversations * citizen.STEPS
            bare = rate_of_four(place.database(kind), PROCESSES, 1, count)
            rates[kind].append((road.run(place, kind, conversations).rate, bare))
        for name, measured in rivals.items():
            measured.append(rate_of(place, name, conversations))
    for kind in DATABASES:
        yield _against_bare(kind, rates[kind])
    ours = median(rate for rate, _ in rates["postgresql"])
    for name, what in RIVALS.items():
        row = at_least("report", "reports, postgresql", ours, median(rivals[name]), AHEAD, "/s", what)
        yield _told(row) if name in WITHOUT_LIMIT else row
    for kind in DATABASES[:1] if place.quick else DATABASES:
        through = road.run(place, kind, conversations, "http")
        yield told("report", f"the same through the web server, {kind}", _both(through.rate))
    real = sandboxed.run(place, AT_ONCE_QUICK if place.quick else AT_ONCE)
    waited = f"{real.wait:.1f} s from photo to receipt (median)"
    yield told("report", "real HTTP clients against the sandbox, postgresql", _both(real.rate), waited)


def _against_bare(kind: str, pairs: list[tuple[float, float]]) -> Row:
    """Messages a second over transactions a second; the limit is PostgreSQL's."""
    bare = median(other for _, other in pairs)
    ratio = median(rate * citizen.STEPS / other for rate, other in pairs)
    row = at_least("report", f"messages, {kind}", ratio * bare, bare, LIMIT, "/s", "bare transactions of 4 statements")
    return row if kind == "postgresql" else _told(row)


def _told(row: Row) -> Row:
    """The same row without its limit."""
    return Row(row.part, row.what, row.ours, row.against, row.ratio)


def _both(rate: float) -> str:
    return f"{rate:,.1f} reports/s, {rate * citizen.STEPS:,.1f} messages/s"
