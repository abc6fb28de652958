"""Events as Zalo sends them, made from the fields that its documents name; every id is invented."""

import json

from bot.platforms.zalo.door import ZaloOptions, mac

APP, OA, KEY = "1234567890123456789", "388613280878808645", "oa-secret-key-example"
LAN, DUC = "246845883529197922", "9027736155523910004"
GROUP = "f414c8f76fa586fbdfb4"
AT = 1767225600000  # epoch milliseconds: 1 January 2026, 00:00 UTC
PHOTO = "https://f6-photo-talk.zdn.vn/abc.jpg"


def options(**more):
    """The options of an account that takes files from Zalo's hosts."""
    given = {"app_secret": "app-secret-example", "oa_secret_key": KEY, "media_hosts": ("zdn.vn",)}
    return ZaloOptions(APP, OA, **(given | more))


def event(name, *, at=AT, **more):
    """One event to the OA."""
    return {"app_id": APP, "event_name": name, "timestamp": str(at)} | more


def said(kind="text", message=None, *, user=LAN, at=AT, **more):
    """A citizen's message; ``message`` are its fields."""
    body = {"msg_id": "96d3cdf3af150460909"} | ({"text": "Đèn đường hỏng"} if message is None else message)
    return event(f"user_send_{kind}", at=at, sender={"id": user}, recipient={"id": OA}, message=body, **more)


def in_group(kind="text", message=None, *, user=DUC, **more):
    """An officer's message in a group."""
    body = {"msg_id": "77aa01"} | ({"text": "Đã nhận"} if message is None else message)
    base = {"oa_id": OA, "sender": {"id": user}, "recipient": {"id": GROUP}, "message": body}
    return event(f"user_send_group_{kind}", **(base | more))


def attached(kind, **payload):
    """The fields of a message with one file."""
    return {"attachments": [{"type": kind, "payload": payload}]}


def raw(body):
    """The bytes as they travel."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def signed(body, *, owner=APP, key=KEY, time=None):
    """The header of a delivery."""
    time = time or json.loads(body)["timestamp"]
    return {"X-ZEvent-Signature": f"mac={mac(owner, body, str(time), key)}"}
