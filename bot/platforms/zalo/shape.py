"""Shape: reading events whose exact form nobody promises: what is not where it should be is simply not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

# zalo.md, 3.7: names of groups' events, which differ between surveys; what they mean to us.
CAME, JOINED, LEFT, ENDED, CHANGED = "came", "joined", "left", "ended", "changed"
GROUP_LIFE: Mapping[str, str] = {
    "create_group": CAME,
    "user_join_group": JOINED,
    "accept_request_join_group": JOINED,
    "user_out_group": LEFT,
    "user_leave_group": LEFT,
    "disperse_group": ENDED,
    "delete_group": ENDED,
    "user_request_join_group": CHANGED,
    "react_request_join_group": CHANGED,
    "reject_request_join_group": CHANGED,
    "add_group_admin": CHANGED,
    "remove_group_admin": CHANGED,
    "update_group_info": CHANGED,
}
SAID = re.compile(r"(user|anonymous|oa)_send_(group_|anonymous_)?(\w+)")
RECEIPTS = ("user_received_message", "user_seen_message")
ANONYMOUS = "anonymous:"  # before the two ids of a visitor's chat (zalo.md, 4.1: both are needed to reply)


def read(body: bytes | str) -> Json | None:
    """A JSON object; None for anything else. Halves of characters are let in: ``words`` replaces them."""
    try:
        found = json.loads(body.decode() if isinstance(body, bytes) else body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def at(node: object, *path: str) -> object:
    """What stands under these names, None where the way ends before."""
    for name in path:
        if not isinstance(node, dict):
            return None
        node = node.get(name)
    return node


def words(node: object, *path: str) -> str:
    """A text, or a number's digits, without what a database cannot keep; "" for anything else."""
    found = at(node, *path)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    # NUL, and halves of characters that JSON can smuggle in.
    return str(found).replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def first(*found: str) -> str:
    """The first that is not empty."""
    return next((one for one in found if one), "")


def attachments(event: Json) -> list[Json]:
    """The attachments of a message, as far as they are objects."""
    found = at(event, "message", "attachments")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def message_id(event: Json) -> str:
    """The message's own id."""
    return words(event, "message", "msg_id")


def group_of(event: Json) -> str | None:
    """The id of the group an event happened in, "" where it should be there and is not; None for a private one."""
    name = words(event, "event_name")
    said = SAID.fullmatch(name)
    if name not in GROUP_LIFE and not (said and said[2] == "group_") and not at(event, "recipient", "group_id"):
        return None
    # The sender of what the OA said itself is the OA, so the group is the recipient there as well.
    ways = (("recipient", "group_id"), ("recipient", "id"), ("group_id",), ("group", "id"), ("group_info", "group_id"),
            ("message", "conversation_id"))  # fmt: skip
    return first(*(words(event, *way) for way in ways))


def chat_of(event: Json, oa_id: str) -> str:
    """The chat an event belongs to, "" where it belongs to none."""
    group = group_of(event)
    if group is not None:
        return group
    name, sender, recipient = words(event, "event_name"), words(event, "sender", "id"), words(event, "recipient", "id")
    conversation = words(event, "message", "conversation_id")
    if name.startswith("anonymous_"):
        return f"{ANONYMOUS}{conversation}:{sender}" if conversation and sender else ""
    if "_send_anonymous_" in name:
        return f"{ANONYMOUS}{conversation}:{recipient}" if conversation and recipient else ""
    if name.startswith("oa_") or name in RECEIPTS or (sender and sender == oa_id):
        return recipient
    return first(sender, words(event, "follower", "id"), words(event, "user_id"))


def oa_of(event: Json) -> str:
    """The OA that an event belongs to, as far as it says so: one app may serve several."""
    name = words(event, "event_name")
    own = words(event, "oa_id")
    if own or group_of(event) is not None:
        return own
    if name.startswith(("user_send_", "anonymous_send_", "user_submit_")):
        return words(event, "recipient", "id")
    return words(event, "sender", "id") if name.startswith("oa_send_") or name in RECEIPTS else ""


def apart(event: Json) -> Iterator[Json]:
    """One event for each attachment of a message that has several; the words stay with the first."""
    message = event["message"]
    for number, one in enumerate(attachments(event)):
        said = message if number == 0 else {name: value for name, value in message.items() if name != "text"}
        yield event | {"message": said | {"attachments": [one]}}
