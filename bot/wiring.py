"""Builds everything from settings; the only file that knows all the concrete classes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from bot.clock import clock_for
from bot.embedded.valkey import socket_url
from bot.options import local_url, options_of, silences, token_secrets
from bot.pages.signing import SignedPages
from bot.platforms.late import Late
from bot.platforms.registry import Around, ZaloOptions, build_all, build_doors
from bot.queue import RqBell, SilentBell
from bot.settings import Settings
from bot.words import catalogue
from bot.words.catalogue import Catalogue
from handlers.alerts import alert
from handlers.knowledge import Knowledge
from handlers.ports import Bell, Clock, Door, Platform
from handlers.tools import Road, Tools
from storage.db import open_engine
from storage.law import Laws
from storage.media import open_store
from storage.seeding import read_lookout
from storage.unit_of_work import Store
from workflows.conversation.limits import Limits
from workflows.frozen import frozen

if TYPE_CHECKING:
    from bot.pace import SharedPace
    from bot.platforms.zalo.client.tokens import TokenKeeper
    from bot.platforms.zalo.tokens import StoredTokens

CONSENT_VERSION = 1  # raised whenever the consent text changes its meaning; everybody is asked anew

PAGES_SECRET = "pages"  # noqa: S105 - the name of a register


class NoRedis(Exception):
    """No Redis is named and the private server of `serve` does not answer."""

    def __str__(self) -> str:
        return (
            "không có Redis: đặt BOT_REDIS__URL, hoặc chạy `run_bot.py serve` trước\n"
            "no Redis: set BOT_REDIS__URL, or start `run_bot.py serve` first"
        )


@frozen
class World:
    """Everything that a process needs, built once."""

    settings: Settings
    engine: Engine
    store: Store
    clock: Clock
    words: Catalogue
    platforms: Mapping[str, Platform]  # none in a process that has only doors
    doors: Mapping[str, Door]
    tools: Tools
    redis_url: str | None
    pages: SignedPages | None = None  # none without a public address

    def pace(self) -> SharedPace:
        """How fast this process may send."""
        from bot.pace import SharedPace  # only a process that sends needs what is behind it

        return SharedPace(self.redis_url)

    def close(self) -> None:
        """Let go of the database and the platforms' connections."""
        for platform in self.platforms.values():
            close = getattr(platform, "close", None)  # not every platform has something open
            if close:
                close()
        if isinstance(self.tools.platforms, Late):
            self.tools.platforms.close()
        self.engine.dispose()


def build(
    settings: Settings,
    *,
    need_redis: bool = False,
    platforms: Mapping[str, Platform] | None = None,
    only_doors: bool = False,
) -> World:
    """The world of this process. Connects to nothing yet. Raises NoRedis where a bell is needed and there is none.

    ``platforms`` instead of those that were set; ``only_doors`` for a process that sends nothing and parses nothing:
    what it must ask a platform for, now and then, is asked through one that is built for it then.
    """
    redis_url = settings.redis_url or socket_url(settings.state_dir)
    if need_redis and redis_url is None:
        raise NoRedis
    engine = open_engine(settings.database_url)
    store = Store(engine)
    clock = clock_for(settings.state_dir, sandbox=settings.sandbox_on)
    words = catalogue.load(settings.words, settings.province.zone)
    around = _around(settings, store, clock, words)
    built: Mapping[str, Platform] = {}
    doors: Mapping[str, Door]
    late: Mapping[str, Platform] | None = None
    if platforms is not None:
        built = doors = platforms
    elif only_doors:
        doors = build_doors(options_of(settings), around)
        late = Late(lambda: build_all(options_of(settings), around))
    else:
        built = doors = build_all(options_of(settings), around)
    pages = pages_of(settings, store, clock)
    tools = Tools(
        store=store,
        clock=clock,
        words=words,
        platforms=built if late is None else late,
        media=open_store(settings.media_url),
        bell=_bell(redis_url),
        knowledge=Knowledge(clock.now, laws_of(settings), read_lookout(), settings.places.border_m),
        pages=pages,
        road=_road(settings),
        limits=_limits(settings),
        consent_version=CONSENT_VERSION,
        case_prefix=settings.province.prefix,
        operators_see_reporter=settings.privacy.operators_see_reporter,
    )
    return World(settings, engine, store, clock, words, built, doors, tools, redis_url, pages)


def laws_of(settings: Settings) -> Laws:
    """By which policy new cases go."""
    return Laws(settings.province.policy, settings.province.zone)


def pages_of(settings: Settings, store: Store, clock: Clock) -> SignedPages | None:
    """Addresses of our pages; none without a public address.

    The signing secret is made once and lies in the store, so that every process of every machine has the same.
    """
    base_url = settings.web.public_url or (local_url(settings) if settings.sandbox_on else None)
    if base_url is None:
        return None

    def secret() -> str:
        with store.write() as uow:
            return uow.registers.token_once(PAGES_SECRET, secrets.token_urlsafe(32), clock.now())

    lives = {"map": settings.web.map_link, "case": settings.web.case_link}
    return SignedPages(secret, base_url, clock.now, lives)


def _bell(redis_url: str | None) -> Bell:
    return RqBell(redis_url) if redis_url else SilentBell()


def _around(settings: Settings, store: Store, clock: Clock, words: Catalogue) -> Around:
    def tokens(options: ZaloOptions) -> TokenKeeper:
        return zalo_tokens(settings, options, store, clock)

    return Around(words, clock.now, tokens)


def zalo_tokens(settings: Settings, options: ZaloOptions, store: Store, clock: Clock) -> StoredTokens:
    """Who keeps the pair of the Official Account for all processes."""
    from bot.platforms.zalo.client.tokens import TokenPair
    from bot.platforms.zalo.tokens import PURPOSE, StoredTokens
    from storage.vault import Vault

    first = TokenPair(options.access_token, options.refresh_token) if options.refresh_token else None
    return StoredTokens(store, Vault(token_secrets(settings, options), PURPOSE), clock.now, first, alert)


def zalo_renewal(world: World) -> Callable[[], bool] | None:
    """What keeps the pair of the Official Account fresh, to be called now and then; None without such an account."""
    options = next((one for one in options_of(world.settings) if isinstance(one, ZaloOptions)), None)
    if options is None:
        return None
    from bot.platforms.zalo.platform import client_of

    tokens = zalo_tokens(world.settings, options, world.store, world.clock)
    client = client_of(options, world.clock.now, tokens)
    return lambda: tokens.keep_fresh(client.ask_for_pair)


def _road(settings: Settings) -> Road:
    road = settings.road
    return replace(
        Road(),
        batch=road.batch,
        attempts=road.attempts,
        lease=road.lease,
        membership=road.membership_cache,
        sweep=road.sweep,
        file_limit=settings.limits.max_file_bytes,
        payload_days=max(1, road.payload_retention.days),
        outage_after=road.outage_after,
        probe=road.probe,
        silence=silences(settings),
    )


def _limits(settings: Settings) -> Limits:
    limits = settings.limits
    return Limits(
        reports_per_day=limits.reports_per_day,
        album_quiet=limits.album_quiet,
        max_media=limits.max_media,
        max_text=limits.max_text,
    )
