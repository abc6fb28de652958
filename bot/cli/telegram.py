"""`telegram`: what Telegram must be told about this bot, and what it says about us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bot import settings as all_settings
from bot.cli.out import Trouble, dump, facts, json_option, say
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.platforms.telegram.client import Telegram

INFO = {
    "username": "Tên bot/Name",
    "id": "Số/Id",
    "mode": "Cách nhận tin/Mode",
    "url": "Webhook",
    "pending_update_count": "Đang chờ/Pending",
    "last_error_message": "Lỗi gần nhất/Last error",
}
# The menu of commands, in Vietnamese for everybody and in English for those whose Telegram is in English.
MENU = {
    "phananh": ("Gửi phản ánh mới", "Send a new report"),
    "cuatoi": ("Phản ánh của tôi", "My reports"),
    "tracuu": ("Tra cứu theo mã", "Look up a code"),
    "han": ("Vì sao hạn này?", "Why it is due then"),
    "trogiup": ("Trợ giúp", "Help"),
    "ngonngu": ("Đổi ngôn ngữ", "Language"),
    "lienket": ("Liên kết Zalo và Telegram", "Link Zalo and Telegram"),
    "dulieu": ("Xem dữ liệu cá nhân", "See my data"),
    "xoa": ("Xóa dữ liệu cá nhân", "Erase my data"),
}


@click.group()
def telegram() -> None:
    """Webhook và thông tin bot trên Telegram. / The webhook and the bot on Telegram."""


@telegram.command("set-webhook")
def set_webhook() -> None:
    """Nhờ Telegram gửi tin đến BOT_WEB__PUBLIC_URL. / Have Telegram deliver to BOT_WEB__PUBLIC_URL."""
    with _client() as (client, settings):
        if settings.telegram.mode != "webhook":
            raise Trouble("cần BOT_TELEGRAM__MODE=webhook", "BOT_TELEGRAM__MODE=webhook is needed")
        url = f"{(settings.web.public_url or '').rstrip('/')}/hooks/telegram"
        client.set_webhook(url)
    say(f"Telegram sẽ gửi tin đến {url}.", f"Telegram delivers to {url}.")


@telegram.command("delete-webhook")
def delete_webhook() -> None:
    """Thôi webhook, để dùng polling. / Have updates kept for polling."""
    with _client() as (client, _):
        client.delete_webhook()
    say("Đã bỏ webhook.", "Webhook deleted.")


@telegram.command()
@json_option
def info(as_json: bool) -> None:
    """Bot là ai, webhook ở đâu, còn bao nhiêu tin chờ. / Who the bot is, where the webhook is, what waits."""
    with _client() as (client, settings):
        found: dict[str, Any] = {**client.me(), **client.webhook_info(), "mode": settings.telegram.mode}
    if as_json:
        dump(found)
        return
    facts(found, INFO, as_json=False)


@telegram.command("set-commands")
def set_commands() -> None:
    """Đặt thực đơn lệnh tiếng Việt và tiếng Anh. / Set the menu of commands in both languages."""
    with _client() as (client, _):
        client.set_commands({name: words[0] for name, words in MENU.items()})
        client.set_commands({name: words[1] for name, words in MENU.items()}, "en")
    say("Đã đặt thực đơn lệnh.", "The menu of commands is set.")


@contextmanager
def _client() -> Iterator[tuple[Telegram, Settings]]:
    from bot.platforms.telegram.client import Telegram
    from bot.wiring import build
    from handlers.ports import SendLater, SendNever, SendUnknown

    settings = all_settings.load()
    if not (settings.telegram.on or settings.sandbox_on):
        raise Trouble("chưa có BOT_TELEGRAM__TOKEN", "there is no BOT_TELEGRAM__TOKEN")
    world = build(settings)
    client = world.platforms.get("telegram")
    if not isinstance(client, Telegram):
        raise Trouble("Telegram chưa được bật", "Telegram is not turned on")
    try:
        yield client, settings
    except (SendLater, SendNever, SendUnknown) as refused:
        raise Trouble(f"Telegram trả lời: {refused.code}", f"Telegram answered: {refused.code}") from None
    finally:
        world.close()
