"""Builds everything from settings; the only file that knows all the concrete classes."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from bot.clock import clock_for
from bot.embedded.valkey import socket_url
from bot.pages.signing import SignedPages
from bot.platforms.registry import Options, TelegramOptions, build_all, build_doors
from bot.queue import RqBell, SilentBell
from bot.sandbox.world import bot_token
from bot.settings import Settings
from bot.words import catalogue
from bot.words.catalogue import Catalogue
from handlers.knowledge import Knowledge
from handlers.ports import Bell, Clock, Door, Platform
from handlers.tools import Road, Tools
from storage.db import open_engine
from storage.law import read_law
from storage.media import open_store
from storage.seeding import read_lookout
from storage.unit_of_work import Store
from workflows.conversation.limits import Limits

if TYPE_CHECKING:
    from bot.pace import SharedPace

CONSENT_VERSION = 1  # raised whenever the consent text changes its meaning; everybody is asked anew
SANDBOX_SECRET = "sandbox-webhook-secret"  # noqa: S105 - the name of a file

PAGES_SECRET = "pages"  # noqa: S105 - the name of a register


class NoRedis(Exception):
    """No Redis is named and the private server of `serve` does not answer."""

    def __str__(self) -> str:
        return (
            "không có Redis: đặt BOT_REDIS__URL, hoặc chạy `run_bot.py serve` trước\n"
            "no Redis: set BOT_REDIS__URL, or start `run_bot.py serve` first"
        )


@dataclass(frozen=True, slots=True)
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
        self.engine.dispose()


def build(
    settings: Settings,
    *,
    need_redis: bool = False,
    platforms: Mapping[str, Platform] | None = None,
    only_doors: bool = False,
) -> World:
    """The world of this process. Connects to nothing yet. Raises NoRedis where a bell is needed and there is none.

    ``platforms`` instead of those that were set; ``only_doors`` for a process that sends nothing and parses nothing.
    """
    redis_url = settings.redis_url or socket_url(settings.state_dir)
    if need_redis and redis_url is None:
        raise NoRedis
    engine = open_engine(settings.database_url)
    store = Store(engine)
    clock = clock_for(settings.state_dir, sandbox=settings.sandbox_on)
    words = catalogue.load(settings.words, settings.province.zone)
    built: Mapping[str, Platform] = {}
    doors: Mapping[str, Door]
    if platforms is not None:
        built = doors = platforms
    elif only_doors:
        doors = build_doors(_options(settings), words)
    else:
        built = doors = build_all(_options(settings), words)
    pages = _pages(settings, store, clock)
    tools = Tools(
        store=store,
        clock=clock,
        words=words,
        platforms=built,
        media=open_store(settings.media_url),
        bell=_bell(redis_url),
        knowledge=Knowledge(clock.now, lambda at: read_law(at, settings.province.zone), read_lookout()),
        pages=pages,
        road=_road(settings),
        limits=_limits(settings),
        consent_version=CONSENT_VERSION,
        case_prefix=settings.province.prefix,
    )
    return World(settings, engine, store, clock, words, built, doors, tools, redis_url, pages)


def _pages(settings: Settings, store: Store, clock: Clock) -> SignedPages | None:
    """The signing secret is made once and lies in the store, so that every process of every machine has the same."""
    base_url = settings.web.public_url or (local_url(settings) if settings.sandbox_on else None)
    if base_url is None:
        return None

    def secret() -> str:
        with store.write() as uow:
            return uow.registers.token_once(PAGES_SECRET, secrets.token_urlsafe(32), clock.now())

    return SignedPages(secret, base_url, clock.now)


def _bell(redis_url: str | None) -> Bell:
    return RqBell(redis_url) if redis_url else SilentBell()


def _options(settings: Settings) -> tuple[Options, ...]:
    if settings.sandbox_on:
        return (_sandbox_telegram(settings),)
    return (telegram_options(settings),) if settings.telegram.on else ()


def telegram_options(settings: Settings) -> TelegramOptions:
    """The platform Telegram as it was set."""
    telegram = settings.telegram
    return TelegramOptions(
        token=telegram.token.get_secret_value() if telegram.token else "",
        api_url=telegram.api_url,
        webhook=telegram.mode == "webhook",
        webhook_secret=telegram.webhook_secret.get_secret_value() if telegram.webhook_secret else "",
        previous_webhook_secret=(
            telegram.previous_webhook_secret.get_secret_value() if telegram.previous_webhook_secret else ""
        ),
    )


def _sandbox_telegram(settings: Settings) -> TelegramOptions:
    """The far end is ours: its token and its webhook secret are made once and lie in the state folder."""
    return TelegramOptions(
        token=bot_token(settings.state_dir),
        api_url=f"{local_url(settings)}/sandbox/telegram",
        webhook=True,
        webhook_secret=_kept_secret(settings.state_dir / SANDBOX_SECRET),
    )


def local_url(settings: Settings) -> str:
    """Where this machine reaches our own web server."""
    host = "127.0.0.1" if settings.web.host in {"0.0.0.0", "::", ""} else settings.web.host  # noqa: S104 - compared
    return f"http://[{host}]:{settings.web.port}" if ":" in host else f"http://{host}:{settings.web.port}"


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(32), "ascii")
        with contextlib.suppress(FileExistsError):  # of two processes starting at once, one wins and both read it
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text("ascii").strip()


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
    )


def _limits(settings: Settings) -> Limits:
    limits = settings.limits
    return Limits(
        reports_per_day=limits.reports_per_day,
        reminder_after=limits.reminder_after,
        drop_after=limits.drop_after,
        album_quiet=limits.album_quiet,
        max_media=limits.max_media,
        max_text=limits.max_text,
    )
