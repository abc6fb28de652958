"""How the bot wants to hear: the webhook, the kinds of updates, who it is."""

import re

from bot.sandbox import updates, world
from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.store import Json


def get_me(call: Call) -> Json:
    return {
        **world.bot_user(call.tx),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def set_webhook(call: Call) -> bool:
    """As the local Bot API server does, plain http is accepted."""
    url, secret = call.text("url"), call.text("secret_token")
    if not url:
        return delete_webhook(call)
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", url):
        raise bad("bad webhook: invalid webhook URL specified")
    if len(secret) > 256 or not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters" if len(secret) <= 256 else "secret token is too long")
    connections = call.integer("max_connections") or 40
    if not 1 <= connections <= 100:
        raise bad("max_connections must be between 1 and 100")
    remember_kinds(call)
    _drop_pending(call)
    call.tx.keep_fact("webhook", {"url": url, "secret": secret, "max_connections": connections})
    call.tx.keep_fact("webhook_error", None)
    # A new address is tried at once, whatever the old one had earned.
    call.tx.run("UPDATE updates SET due = ?, attempts = 0 WHERE attempts > 0", call.tx.real)
    return True


def remember_kinds(call: Call) -> None:
    """Keep `allowed_updates`; leaving it out keeps the previous list."""
    wanted = call.data("allowed_updates")
    if wanted is None:
        return
    if not isinstance(wanted, list):
        raise bad("can't parse allowed_updates: expected an Array of String")
    call.tx.keep_fact("allowed_updates", [kind for kind in updates.KINDS if kind in wanted] if wanted else [])


def _drop_pending(call: Call) -> None:
    if call.flag("drop_pending_updates"):
        call.tx.run("DELETE FROM updates")


def delete_webhook(call: Call) -> bool:
    _drop_pending(call)
    call.tx.keep_fact("webhook", None)
    return True


def get_webhook_info(call: Call) -> Json:
    tx = call.tx
    webhook, error = tx.fact("webhook"), tx.fact("webhook_error")
    pending = tx.one("SELECT COUNT(*) AS n FROM updates WHERE expires >= ?", tx.now)
    info: Json = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0 if pending is None else pending["n"],
    }
    if webhook:
        info |= {
            "url": webhook["url"],
            "max_connections": webhook["max_connections"],
            "ip_address": "127.0.0.1",
        }
        if error:
            info |= {"last_error_date": error["date"], "last_error_message": error["message"]}
    if kinds := tx.fact("allowed_updates", []):
        info["allowed_updates"] = kinds
    return info
