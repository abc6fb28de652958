"""The calls about people and the account itself: profiles, lists, quotas, histories, labels."""

import json
import sqlite3
from datetime import UTC, datetime

from bot.sandbox.store import Json
from bot.sandbox.zalo import messages, quota, world
from bot.sandbox.zalo.account import OA_NAME
from bot.sandbox.zalo.call import Call
from bot.sandbox.zalo.errors import ZaloError
from bot.sandbox.zalo.sending import VIETNAM

MOST_PEOPLE, MOST_OFFSET, MOST_MESSAGES = 50, 9951, 10


def detail(call: Call) -> Json:
    """`user/detail`: a phone number is only there when the person gave it."""
    return _profile(call.person(call.data()))


def people(call: Call) -> Json:
    """`user/getlist`"""
    data = call.data()
    offset, count = call.number("offset", 0, MOST_OFFSET, data), call.number("count", 10, MOST_PEOPLE, data)
    wanted = data.get("is_follower")
    tag = data.get("tag_name")
    rows = [
        row
        for row in call.tx.all("SELECT * FROM zalo_people WHERE last_at IS NOT NULL OR follows ORDER BY id")
        if not world.conversation_of(row)
        and (wanted is None or str(wanted).lower() == str(bool(row["follows"])).lower())
        and (not tag or tag in json.loads(row["tags"]))
    ]
    shown = [{"user_id": row["id"]} for row in rows[offset : offset + count]]
    return {"total": len(rows), "count": len(shown), "offset": offset, "users": shown}


def followers(call: Call) -> Json:
    """`getfollowers`, of the second version."""
    data = call.data()
    offset, count = call.number("offset", 0, MOST_OFFSET, data), call.number("count", 10, MOST_PEOPLE, data)
    rows = call.tx.all("SELECT id FROM zalo_people WHERE follows ORDER BY id")
    return {"total": len(rows), "followers": [{"user_id": row["id"]} for row in rows[offset : offset + count]]}


def about(call: Call) -> Json:
    """`getoa`"""
    row = call.tx.one("SELECT COUNT(*) AS n FROM zalo_people WHERE follows")
    return {
        "oaid": call.account.oa_id,
        "name": OA_NAME,
        "description": "",
        "oa_type": 4,
        "is_verified": True,
        "num_follower": 0 if row is None else row["n"],
        "avatar": "",
        "cover": "",
        "package_name": "Premium",
    }


def quota_message(call: Call) -> Json | list[Json]:
    """`quota/message`: of one person, or of the OA or the app."""
    if "user_id" in call.body:
        return quota.of_person(call.tx, call.person(call.body))
    if call.body.get("quota_owner") not in ("OA", "App"):
        raise ZaloError(-201, "quota_owner is invalid")
    return quota.of_owner(call.tx, call.account)


def replies_left(call: Call) -> Json:
    """The older call for the free replies to one message."""
    call.text("message_id")
    return {"quota_type": "reply"}


def recent_chats(call: Call) -> list[Json]:
    """`listrecentchat`: the newest message of every person."""
    data = call.data()
    offset, count = call.number("offset", 0, 10_000, data), call.number("count", 5, MOST_MESSAGES, data)
    return [_told(call, row) for row in messages.latest(call.tx, None, offset, count)]


def conversation(call: Call) -> list[Json]:
    """The newest messages with one person."""
    data = call.data()
    person = call.person(data)
    offset, count = call.number("offset", 0, 10_000, data), call.number("count", 5, MOST_MESSAGES, data)
    return [_told(call, row) for row in messages.latest(call.tx, person["id"], offset, count)]


def tag(call: Call) -> Json:
    person, name = call.person(call.body), call.text("tag_name")
    _set_tags(call, person, [*[one for one in json.loads(person["tags"]) if one != name], name])
    return {}


def untag(call: Call) -> Json:
    person, name = call.person(call.body), call.text("tag_name")
    _set_tags(call, person, [one for one in json.loads(person["tags"]) if one != name])
    return {}


def drop_tag(call: Call) -> Json:
    name = call.text("tag_name")
    for person in call.tx.all("SELECT * FROM zalo_people"):
        _set_tags(call, person, [one for one in json.loads(person["tags"]) if one != name])
    return {}


def tags(call: Call) -> list[str]:
    rows = call.tx.all("SELECT tags FROM zalo_people")
    return sorted({one for row in rows for one in json.loads(row["tags"])})


def _set_tags(call: Call, person: sqlite3.Row, wanted: list[str]) -> None:
    call.tx.run("UPDATE zalo_people SET tags = ? WHERE id = ?", json.dumps(wanted, ensure_ascii=False), person["id"])


def _profile(row: sqlite3.Row) -> Json:
    day = "" if row["last_at"] is None else datetime.fromtimestamp(row["last_at"], UTC).astimezone(VIETNAM)
    return {
        "user_id": row["id"],
        "user_id_by_app": row["by_app"],
        "user_external_id": "",
        "display_name": row["name"],
        "user_alias": row["name"],
        "is_sensitive": False,
        "user_last_interaction_date": day and f"{day:%d/%m/%Y}",
        "user_is_follower": bool(row["follows"]),
        "avatar": "",
        "avatars": {"120": "", "240": ""},
        "dynamic_param": "",
        "tags_and_notes_info": {"notes": [], "tag_names": json.loads(row["tags"])},
        "shared_info": world.shared(row),
    }


def _told(call: Call, row: sqlite3.Row) -> Json:
    person = world.find_person(call.tx, row["sender"])
    return messages.told(row, by_person=person is not None) | {
        "to_id": row["chat"] if person is None else call.account.oa_id,
        "from_display_name": OA_NAME if person is None else person["name"],
    }
