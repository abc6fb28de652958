"""Options: what each platform is told, out of the settings; in the sandbox, out of what the sandbox has made."""

from __future__ import annotations

import contextlib
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.platforms.registry import Options, TelegramOptions, ZaloBotOptions, ZaloOptions
from bot.sandbox.world import bot_token
from bot.sandbox.zalo import account as zalo_sandbox
from bot.settings import Settings

ZALO_CALLBACK = "/zalo/callback"  # path of the page to which the browser comes back from consent
SANDBOX_SECRET = "sandbox-webhook-secret"  # noqa: S105 - the name of a file


def options_of(settings: Settings) -> tuple[Options, ...]:
    """The options of every platform that is on."""
    if settings.sandbox_on:
        far = ((settings.telegram.enabled, _sandbox_telegram), (settings.zalo_oa.enabled, _sandbox_zalo))
        return tuple(make(settings) for enabled, make in far if enabled)
    chosen: list[Options] = []
    if settings.telegram.on:
        chosen.append(telegram_options(settings))
    if settings.zalo_oa.on:
        chosen.append(zalo_options(settings))
    if settings.zalo_bot.on:
        chosen.append(zalo_bot_options(settings))
    return tuple(chosen)


def polled(settings: Settings) -> tuple[str, ...]:
    """Names of the platforms whose messages we must fetch ourselves."""
    if settings.sandbox_on:
        return ()
    sections = (("telegram", settings.telegram), ("zalo-bot", settings.zalo_bot))
    return tuple(name for name, section in sections if section.on and section.mode == "polling")


def silences(settings: Settings) -> dict[str, timedelta]:
    """How long a platform that delivers to our webhook may say nothing while we send."""
    if settings.sandbox_on:
        return {}
    found: dict[str, timedelta] = {}
    if settings.zalo_oa.on:
        found["zalo"] = settings.zalo_oa.silence_after
    if settings.zalo_bot.on and settings.zalo_bot.mode == "webhook":
        found["zalo-bot"] = settings.zalo_bot.silence_after
    return found


def telegram_options(settings: Settings) -> TelegramOptions:
    """The platform Telegram as it was set."""
    telegram = settings.telegram
    return TelegramOptions(
        token=_said(telegram.token),
        api_url=telegram.api_url,
        webhook=telegram.mode == "webhook",
        webhook_secret=_said(telegram.webhook_secret),
        previous_webhook_secret=_said(telegram.previous_webhook_secret),
    )


def zalo_options(settings: Settings) -> ZaloOptions:
    """The platform Zalo OA as it was set."""
    zalo = settings.zalo_oa
    return ZaloOptions(
        app_id=zalo.app_id,
        oa_id=zalo.oa_id,
        app_secret=_said(zalo.app_secret),
        oa_secret_key=_said(zalo.oa_secret_key),
        access_token=_said(zalo.access_token),
        refresh_token=_said(zalo.refresh_token),
        api_url=zalo.api_url,
        oauth_url=zalo.oauth_url,
        appsecret_proof=zalo.appsecret_proof,
        sign_header_time=zalo.sign_header_time,
        sign_oa_id=zalo.sign_oa_id,
        replay_window=zalo.replay_window,
        media_hosts=zalo.media_hosts,
        buttons=zalo.buttons == "auto",
        buttons_template_type=zalo.buttons_template_type,
        free_window=zalo.free_window,
        last_window=zalo.last_window,
        free_replies=zalo.free_replies,
        late_price=zalo.late_price,
    )


def zalo_bot_options(settings: Settings) -> ZaloBotOptions:
    """The platform Zalo Bot as it was set."""
    zalo = settings.zalo_bot
    return ZaloBotOptions(
        token=_said(zalo.token),
        api_url=zalo.api_url,
        webhook=zalo.mode == "webhook",
        webhook_secret=_said(zalo.webhook_secret),
        previous_webhook_secret=_said(zalo.previous_webhook_secret),
        media_hosts=zalo.media_hosts,
    )


def token_secrets(settings: Settings, options: ZaloOptions) -> list[str]:
    """What tokens in the store are sealed with: a key of its own or the app's secret; the second still opens them."""
    return [secret for secret in (_said(settings.zalo_oa.token_key), options.app_secret) if secret]


def local_url(settings: Settings) -> str:
    """Where this machine reaches our own web server."""
    host = "127.0.0.1" if settings.web.host in {"0.0.0.0", "::", ""} else settings.web.host  # noqa: S104 - compared
    return f"http://[{host}]:{settings.web.port}" if ":" in host else f"http://{host}:{settings.web.port}"


def _sandbox_telegram(settings: Settings) -> TelegramOptions:
    """The far end is ours: its token and its webhook secret are made once and lie in the state folder."""
    return TelegramOptions(
        token=bot_token(settings.state_dir),
        api_url=f"{local_url(settings)}/sandbox/telegram",
        webhook=True,
        webhook_secret=_kept_secret(settings.state_dir / SANDBOX_SECRET),
    )


def _sandbox_zalo(settings: Settings) -> ZaloOptions:
    """The sandbox's own account; windows and buttons as they were set."""
    account, zalo = zalo_sandbox.account(settings.state_dir), settings.zalo_oa
    here = local_url(settings)
    return ZaloOptions(
        app_id=account.app_id,
        oa_id=account.oa_id,
        app_secret=account.app_secret,
        oa_secret_key=account.oa_secret_key,
        access_token=account.access_token,
        refresh_token=account.refresh_token,
        api_url=f"{here}{zalo_sandbox.API}",
        oauth_url=f"{here}{zalo_sandbox.OAUTH}",
        media_hosts=(urlsplit(here).hostname or "",),
        private_hosts=True,
        buttons=zalo.buttons == "auto",
        buttons_template_type=zalo.buttons_template_type,
        free_window=zalo.free_window,
        last_window=zalo.last_window,
        free_replies=zalo.free_replies,
        late_price=zalo.late_price,
    )


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


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
