"""`zalo bot`: where Zalo Bot delivers, and who it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot import settings as all_settings
from bot.cli.out import Trouble, dump, facts, json_option, say
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.platforms.zalo_bot.platform import ZaloBot

INFO = {
    "account_name": "Tên/Name",
    "account_type": "Loại/Type",
    "can_join_groups": "Vào nhóm được/Can join groups",
    "mode": "Cách nhận tin/Mode",
    "url": "Webhook",
}


@click.group("bot")
def zalo_bot() -> None:
    """Webhook và thông tin Zalo Bot. / The webhook and the bot of Zalo Bot."""


@zalo_bot.command("set-webhook")
def set_webhook() -> None:
    """Nhờ Zalo Bot gửi tin đến BOT_WEB__PUBLIC_URL. / Have Zalo Bot deliver to BOT_WEB__PUBLIC_URL."""
    with _client() as (client, settings):
        if settings.zalo_bot.mode != "webhook":
            raise Trouble("cần BOT_ZALO_BOT__MODE=webhook", "BOT_ZALO_BOT__MODE=webhook is needed")
        url = f"{(settings.web.public_url or '').rstrip('/')}/hooks/zalo-bot"
        client.set_webhook(url)
    say(f"Zalo Bot sẽ gửi tin đến {url}.", f"Zalo Bot delivers to {url}.")


@zalo_bot.command("delete-webhook")
def delete_webhook() -> None:
    """Thôi webhook, để dùng polling. / Have messages kept for polling."""
    with _client() as (client, _):
        client.delete_webhook()
    say("Đã bỏ webhook.", "Webhook deleted.")


@zalo_bot.command()
@json_option
def info(as_json: bool) -> None:
    """Bot là ai, webhook ở đâu. / Who the bot is and where the webhook is."""
    with _client() as (client, settings):
        found = {**client.me(), **client.webhook_info(), "mode": settings.zalo_bot.mode}
    if as_json:
        dump(found)
        return
    facts(found, INFO, as_json=False)


@contextmanager
def _client() -> Iterator[tuple[ZaloBot, Settings]]:
    from bot.options import zalo_bot_options
    from bot.platforms.zalo_bot.platform import ZaloBot
    from bot.words import catalogue
    from handlers.ports import SendLater, SendNever, SendUnknown

    settings = all_settings.load()
    if not settings.zalo_bot.on:
        raise Trouble("chưa có BOT_ZALO_BOT__TOKEN", "there is no BOT_ZALO_BOT__TOKEN")
    client = ZaloBot(zalo_bot_options(settings), catalogue.load(settings.words, settings.province.zone))
    try:
        yield client, settings
    except (SendLater, SendNever, SendUnknown) as refused:
        raise Trouble(f"Zalo Bot trả lời: {refused.code}", f"Zalo Bot answered: {refused.code}") from None
    finally:
        client.close()
