"""Tokens: the one pair of the Official Account, sealed in the store and renewed by one process for all.

A refresh token is good for one use (zalo.md, 2.3), so whoever renews first takes a lease in the store, asks outside
any transaction, and keeps the new pair before anybody uses it. What is kept is decided by the pair's version and
never by the lease: an answer that comes late is still the only good pair there is.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.platforms.zalo.client.errors import RATE_LIMIT, ZaloException, ZaloHTTPException
from bot.platforms.zalo.client.tokens import RenewalFailed, TokenPair
from bot.platforms.zalo.client.transport import NotSent
from storage.codec import dump, load
from storage.tokens import Kept, TokenStore
from storage.unit_of_work import Store, UnitOfWork
from storage.vault import BadSeal, Vault
from workflows.frozen import frozen

log = structlog.get_logger()

NAME = "zalo_oa"  # the pair
WORK = "zalo_oa.renewal"  # who is renewing it, and what came of the last try
PURPOSE = "phan-anh zalo_oa tokens"  # what the vault's key is derived for

LOST = "zalo_token_lost"  # alerts: only a person can help
LATE = "zalo_token_late"  # it has failed for a while and is tried again

RENEW_AFTER = timedelta(hours=20)  # of the 25 that an access token lives
RENEW_PART = 0.8  # of its life, where that is known
LEASE = 60.0  # seconds; longer than two requests with their timeouts
PATIENCE = 30.0  # seconds that others wait for whoever renews
PAUSES = (60.0, 120.0, 300.0, 900.0)  # seconds between tries after 1, 2, 3, more failures
FAILURES_TOLD = 3  # tries that failed in a row before somebody is told
KEEP_PAUSES = (0.1, 0.5, 2.0, 5.0)  # seconds between tries to keep a pair that was had
FAST = 0.2  # seconds between two looks at whoever renews
BUSY_STATUSES = frozenset({408, 429})
BROKEN = 500
NO_OBJECT = 200  # the status of an answer that was no JSON

Ask = Callable[[TokenPair], TokenPair]
Alarm = Callable[[UnitOfWork, str, Mapping[str, str], datetime], None]


def no_alarm(uow: UnitOfWork, key: str, values: Mapping[str, str], now: datetime) -> None:
    """Tell nobody."""


@frozen
class Book:
    """What is sealed: the pair, since when, where it came from, and the pair before it, for diagnosis only."""

    access_token: str
    refresh_token: str
    expire_at: int  # epoch seconds; 0: unknown
    since: float  # epoch seconds
    source: str  # settings, renewal, authorize
    first: tuple[str, ...] = ()  # marks of the pairs that settings have ever given
    previous: dict[str, Any] | None = None

    @property
    def pair(self) -> TokenPair:
        """What the client needs of it."""
        return TokenPair(self.access_token, self.refresh_token, self.expire_at)

    @property
    def due_at(self) -> float:
        """When it should be renewed, in epoch seconds."""
        life = self.expire_at - self.since
        return self.since + (life * RENEW_PART if life > 0 else RENEW_AFTER.total_seconds())

    def seen(self, first: TokenPair | None) -> Book:
        """The book that knows this pair of the settings."""
        mark = _mark(first) if first is not None else None
        return self if mark is None or mark in self.first else replace(self, first=(*self.first, mark))

    def followed_by(self, pair: TokenPair, now: datetime, source: str) -> Book:
        """The book after this pair was replaced."""
        before = {"access_token": self.access_token, "refresh_token": self.refresh_token, "since": self.since}
        return Book(pair.access_token, pair.refresh_token, pair.expire_at, now.timestamp(), source, self.first, before)


@frozen
class Work:
    """A renewal: of which version, by whom until when (the database's clock), and how it went so far."""

    version: int = 0
    owner: str = ""
    until: float = 0
    failures: int = 0
    code: str = ""
    final: bool = False
    next_try: float = 0  # the database's clock
    told: str = ""  # the alert that was given


@frozen
class _Mine:
    """It is ours to renew."""

    book: Book
    version: int
    owner: str


class _Failed(Exception):
    """A try that brought no pair: ``kind`` is later (nothing was spent), unknown, or refused."""

    def __init__(self, kind: str, code: str) -> None:
        super().__init__(code)
        self.kind = kind
        self.code = code


class StoredTokens:
    """Keeps the pair of one OA for every process; implements the client's TokenKeeper. For several threads."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        now: Callable[[], datetime],
        first: TokenPair | None = None,
        alarm: Alarm = no_alarm,
        *,
        lease: float = LEASE,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``first`` is the pair of the settings: taken when there is none yet, or when it was never seen before."""
        self._store = store
        self._vault = vault
        self._now = now
        self._first = first
        self._taken = False
        self._alarm = alarm
        self._lease = lease
        self._patience = patience
        self._sleep = sleep
        self._one = threading.Lock()
        self._opened: tuple[int, Book] | None = None
        self._unkept: tuple[int, Book] | None = None

    # What the client asks.

    def load(self) -> TokenPair | None:
        """The pair in force; None when there never was one. Raises RenewalFailed when it cannot be opened."""
        found = self._current()
        return None if found is None else found[1].pair

    def renew(self, refused: str | None, ask: Ask) -> TokenPair:
        """The pair that replaces the one whose access token was ``refused``; None: the one in force, whatever it is.

        Raises RenewalFailed. ``refused=None`` is a person's wish: it also tries what was given up.
        """
        with self._one:
            self._keep_unkept()
            found = self._current()
            if found is None:
                raise RenewalFailed("no_pair", final=True)
            version, book = found
            if refused not in (None, book.access_token):
                return book.pair
            turn = self._wait_for_turn(version, forced=refused is None)
            return self._renew(turn, ask) if isinstance(turn, _Mine) else turn

    # What the tick and the command line ask.

    def keep_fresh(self, ask: Ask) -> bool:
        """Renew the pair when its time has come; True when it was. A failure is noted and told, not raised."""
        found = self._current()
        if found is None or found[1].due_at > self._now().timestamp():
            return False
        try:
            self.renew(found[1].access_token, ask)
        except RenewalFailed:
            return False
        return True

    def adopt(self, pair: TokenPair, source: str = "authorize") -> None:
        """Keep a pair that a person brought, in place of whatever there is, and forget earlier failures.

        The pair of the settings counts as seen from then on: it is the older one, in every process.
        """
        while True:
            now = self._now()
            with self._store.write() as uow:
                tokens = uow.tokens
                kept = tokens.find(NAME)
                if kept is None:
                    book = self._begin(pair, source, now)
                else:
                    book = self._book_or_blank(kept).followed_by(pair, now, source)
                if self._put(tokens, kept, book.seen(self._first), now):
                    return

    def status(self) -> dict[str, Any] | None:
        """Since when, until when, from where, and how renewals go; no token. None when there never was a pair."""
        with self._store.read() as uow:
            tokens = uow.tokens
            kept, work = tokens.find(NAME), _work(tokens)[1]
        if kept is None:
            return None
        book = self._opened_from(kept)
        ours = work if work.version == kept.version else Work()
        return {
            "source": book.source,
            "since": _instant(book.since),
            "expires": _instant(book.expire_at) if book.expire_at else None,
            "renewal_due": _instant(book.due_at),
            "renewals": kept.version - 1,
            "failures": ours.failures,
            "last_failure": ours.code or None,
            "lost": ours.final,
            "previous_since": _instant(book.previous["since"]) if book.previous else None,
        }

    # The pair.

    def _current(self) -> tuple[int, Book] | None:
        try:
            return self._look()
        except BadSeal:
            raise RenewalFailed("sealed", final=True) from None

    def _look(self) -> tuple[int, Book] | None:
        if self._first is not None and not self._taken:
            self._take(self._first)
            self._taken = True
        with self._store.read() as uow:
            kept = uow.tokens.find(NAME)
        if kept is None:
            return None
        if self._opened is None or self._opened[0] != kept.version:
            self._opened = (kept.version, self._opened_from(kept))
        return self._opened

    def _take(self, first: TokenPair) -> None:
        """Take the pair of the settings when it is news: there was none, or somebody has put a new one there."""
        mark = _mark(first)
        while True:
            now = self._now()
            with self._store.write() as uow:
                tokens = uow.tokens
                kept = tokens.find(NAME)
                if kept is None:
                    book = self._begin(first, "settings", now)
                else:
                    before = self._opened_from(kept)
                    if mark in before.first:
                        return
                    book = before.followed_by(first, now, "settings")
                if self._put(tokens, kept, book.seen(first), now):
                    break
        log.info("zalo.tokens_taken_from_settings")

    def _begin(self, pair: TokenPair, source: str, now: datetime) -> Book:
        return Book(pair.access_token, pair.refresh_token, pair.expire_at, now.timestamp(), source)

    def _put(self, tokens: TokenStore, kept: Kept | None, book: Book, now: datetime) -> bool:
        sealed = self._vault.seal(NAME, dump(asdict(book)))
        if kept is None:
            return tokens.add(NAME, sealed, now)
        return tokens.replace(NAME, kept.version, sealed, now)

    def _opened_from(self, kept: Kept) -> Book:
        return load(self._vault.open(NAME, kept.value), Book)

    def _book_or_blank(self, kept: Kept) -> Book:
        """What stands there; blank when the vault's secret has changed and a person brings a new pair."""
        try:
            return self._opened_from(kept)
        except BadSeal:
            return Book("", "", 0, kept.updated_at.timestamp(), "sealed")

    # Taking turns.

    def _wait_for_turn(self, version: int, *, forced: bool) -> TokenPair | _Mine:
        owner = secrets.token_hex(8)
        until = time.monotonic() + self._patience
        while True:
            turn = self._take_turn(version, owner, forced=forced)
            if turn is not None:
                return turn
            if time.monotonic() >= until:
                raise RenewalFailed("busy", final=False)
            self._sleep(FAST)

    def _take_turn(self, version: int, owner: str, *, forced: bool) -> TokenPair | _Mine | None:
        """The pair that somebody has just brought, our turn, or None: somebody is at it."""
        with self._store.write() as uow:
            tokens = uow.tokens
            kept = tokens.find(NAME)
            if kept is None:
                raise RenewalFailed("no_pair", final=True)
            book = self._opened_from(kept)
            if kept.version != version:
                return book.pair
            number, work = _work(tokens)
            if work.version != version:
                work = Work(version)
            now = tokens.seconds()
            if work.owner and work.until > now:
                return None
            if not forced and (work.final or work.next_try > now):
                raise RenewalFailed(work.code, final=work.final)
            if work.owner:
                log.warning("zalo.renewal_was_left_unfinished")  # whoever had it died; the token may be spent
            mine = replace(work, owner=owner, until=now + self._lease)
            return _Mine(book, version, owner) if _note(tokens, number, mine, self._now()) else None

    # Renewing.

    def _renew(self, mine: _Mine, ask: Ask) -> TokenPair:
        try:
            fresh = _ask_twice(ask, mine.book.pair)
        except _Failed as failed:
            return self._failed(mine, failed)
        book = mine.book.followed_by(fresh, self._now(), "renewal")
        self._unkept = (mine.version, book)
        for pause in (*KEEP_PAUSES, None):
            try:
                return self._keep_unkept() or fresh
            except SQLAlchemyError as wrong:
                log.error("zalo.pair_not_kept", kind=type(wrong).__name__)
            if pause is not None:
                self._sleep(pause)
        raise RenewalFailed("not_kept", final=False)

    def _keep_unkept(self) -> TokenPair | None:
        """Keep the pair that was had but not yet kept; the pair in force after it. None: there was nothing to keep."""
        if self._unkept is None:
            return None
        version, book = self._unkept
        now = self._now()
        with self._store.write() as uow:
            tokens = uow.tokens
            ours = tokens.replace(NAME, version, self._vault.seal(NAME, dump(asdict(book))), now)
            kept = tokens.find(NAME)
            number, _ = _work(tokens)
            if ours:
                _note(tokens, number, Work(version + 1), now)
        self._unkept = None
        if kept is None or (not ours and self._opened_from(kept).refresh_token != book.refresh_token):
            log.warning("zalo.pair_was_replaced_meanwhile")  # a person authorised anew: theirs is the newer grant
        else:
            log.info("zalo.renewed")
        return None if kept is None else self._opened_from(kept).pair

    def _failed(self, mine: _Mine, failed: _Failed) -> TokenPair:
        """The pair that somebody has brought meanwhile. Raises RenewalFailed when nobody has, once it is noted."""
        while True:
            with self._store.write() as uow:
                tokens = uow.tokens
                kept = tokens.find(NAME)
                if kept is not None and kept.version != mine.version:
                    return self._opened_from(kept).pair
                number, work = _work(tokens)
                if work.owner != mine.owner:
                    raise RenewalFailed("busy", final=False)  # our lease ran out, and its new holder will judge
                done = _after(work, failed, tokens.seconds())
                if not _note(tokens, number, done, self._now()):
                    continue
                if done.told != work.told:
                    self._alarm(uow, done.told, {"code": failed.code}, self._now())
                    uow.flush(self._now())
                break
        log.error("zalo.renewal_failed", code=failed.code, final=done.final, failures=done.failures)
        raise RenewalFailed(failed.code, final=done.final)


def _after(work: Work, failed: _Failed, now: float) -> Work:
    """How it goes on after a failure: when to try again, or never, and what to tell."""
    failures = work.failures + 1
    final = failed.kind == "refused"
    news = LOST if final else LATE if failures >= FAILURES_TOLD else work.told
    pause = PAUSES[min(failures, len(PAUSES)) - 1]
    return Work(work.version, "", 0, failures, failed.code, final, now + pause, news)


def _ask_twice(ask: Ask, spent: TokenPair) -> TokenPair:
    """A pair for this one. After silence the same token is tried once more: it may not have been spent."""
    try:
        return _ask_once(ask, spent)
    except _Failed as failed:
        if failed.kind != "unknown":
            raise
        log.warning("zalo.renewal_without_answer", code=failed.code)
    try:
        return _ask_once(ask, spent)
    except _Failed as failed:
        raise _Failed("later" if failed.kind == "unknown" else failed.kind, failed.code) from None


def _ask_once(ask: Ask, spent: TokenPair) -> TokenPair:
    try:
        return ask(spent)
    except NotSent:
        raise _Failed("later", "unreachable") from None
    except requests.RequestException:
        raise _Failed("unknown", "no_answer") from None
    except ZaloHTTPException as wrong:
        if wrong.status in BUSY_STATUSES:
            raise _Failed("later", f"http_{wrong.status}") from None
        unknown = wrong.status >= BROKEN or wrong.status == NO_OBJECT
        raise _Failed("unknown" if unknown else "refused", f"http_{wrong.status}") from None
    except ZaloException as wrong:
        raise _Failed("later" if wrong.code == RATE_LIMIT else "refused", str(wrong.code)) from None


def _work(tokens: TokenStore) -> tuple[int, Work]:
    """The version of the row (0: there is none) and what stands in it."""
    kept = tokens.find(WORK)
    return (0, Work()) if kept is None else (kept.version, load(kept.value, Work))


def _note(tokens: TokenStore, number: int, work: Work, now: datetime) -> bool:
    value = dump(work)
    return tokens.replace(WORK, number, value, now) if number else tokens.add(WORK, value, now)


def _mark(pair: TokenPair) -> str:
    """Tells one pair from another without giving it away."""
    return hashlib.sha256(pair.refresh_token.encode()).hexdigest()[:16]


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
