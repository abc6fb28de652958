"""The calls about groups of the OA (GMF): made with a paid asset, and kept by the OA."""

import secrets
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

from bot.sandbox.store import Json
from bot.sandbox.zalo import events, limits, messages, world
from bot.sandbox.zalo.call import Call
from bot.sandbox.zalo.errors import ZaloError

MOST_ROWS = 50


def create(call: Call) -> Json:
    """`creategroupwithoa`: at least one of the members must be an administrator of the OA."""
    name, description = call.text("group_name"), str(call.body.get("group_description") or "")
    asset = _free_asset(call, call.text("asset_id"))
    members = _people(call)
    if len(members) >= world.ASSETS[asset["kind"]]:
        raise ZaloError(-210, "more members than the asset allows")
    if not any(person["oa_admin"] for person in members):
        raise ZaloError(-201, "member_user_ids must have an admin of the OA")
    members.sort(key=lambda person: not person["oa_admin"])
    group_id = secrets.token_hex(10)
    call.tx.run("UPDATE zalo_assets SET state = 'used' WHERE id = ?", asset["id"])
    world.add_group(call.tx, group_id, name, description, asset["id"], [person["id"] for person in members])
    events.group_changed(call.tx, call.account, "create_group", group_id, members[0]["id"])
    return _shown(call, call.group(group_id))


def get(call: Call) -> Json:
    return _shown(call, call.group(call.query.get("group_id")))


def listing(call: Call) -> Json:
    """`getgroupsofoa`"""
    offset, count = call.number("offset", 0, 10_000), call.number("count", 5, MOST_ROWS)
    rows = call.tx.all("SELECT * FROM zalo_groups WHERE state <> 'deleted' ORDER BY made, id")
    return {"groups": [_shown(call, row) for row in rows[offset : offset + count]], "total": len(rows)}


def update_info(call: Call) -> Json:
    found = call.group(call.body.get("group_id"))
    name = str(call.body.get("group_name") or found["name"])
    description = str(call.body.get("group_description") or found["description"])
    call.tx.run("UPDATE zalo_groups SET name = ?, description = ? WHERE id = ?", name, description, found["id"])
    world.touch(call.tx, "zalo_groups", found["id"])
    events.group_changed(call.tx, call.account, "update_group_info", found["id"], call.account.oa_id)
    return _shown(call, call.group(found["id"]))


def update_asset(call: Call) -> Json:
    """Another asset renews a group, also one that has lapsed."""
    found = call.group(call.body.get("group_id"))
    asset = _free_asset(call, call.text("asset_id"))
    call.tx.run("UPDATE zalo_assets SET state = 'used' WHERE id = ?", asset["id"])
    call.tx.run("UPDATE zalo_groups SET asset_id = ?, state = 'enabled' WHERE id = ?", asset["id"], found["id"])
    world.touch(call.tx, "zalo_groups", found["id"])
    return _shown(call, call.group(found["id"]))


def delete(call: Call) -> Json:
    found = call.group(call.body.get("group_id"))
    call.tx.run("UPDATE zalo_groups SET state = 'deleted' WHERE id = ?", found["id"])
    world.touch(call.tx, "zalo_groups", found["id"])
    events.group_changed(call.tx, call.account, "disperse_group", found["id"], call.account.oa_id)
    return {}


def change_members(status: str, must: tuple[str | None, ...], event: str = "") -> Callable[[Call], Json]:
    """A call that gives each of `member_user_ids` another place; `must` are the places that they may have before."""

    def change(call: Call) -> Json:
        found = call.group(call.body.get("group_id"))
        for person in _people(call):
            row = call.tx.one(
                "SELECT status FROM zalo_members WHERE group_id = ? AND person_id = ?", found["id"], person["id"]
            )
            if (None if row is None else row["status"]) not in must:
                raise ZaloError(-201, "member_user_ids is invalid")
            world.put_member(call.tx, found["id"], person["id"], status)
            if event:
                events.group_changed(call.tx, call.account, event, found["id"], person["id"])
        return {"group_id": found["id"]}

    return change


def list_members(*statuses: str) -> Callable[[Call], Json]:
    def members(call: Call) -> Json:
        found = call.group(call.query.get("group_id"))
        offset, count = call.number("offset", 0, 10_000), call.number("count", 5, MOST_ROWS)
        rows = world.members(call.tx, found["id"], statuses)
        everyone = [{"user_id": row["id"], "name": row["name"], "avatar": ""} for row in rows]
        if "admin" in statuses:
            everyone.insert(0, {"oa_id": call.account.oa_id, "name": "OA", "avatar": ""})
        return {"members": everyone[offset : offset + count], "total": len(everyone)}

    return members


def conversation(call: Call) -> list[Json]:
    """Messages of a group, newest first; `src` 0 is the OA, 1 a person."""
    found = call.group(call.query.get("group_id"))
    offset, count = call.number("offset", 0, 10_000), call.number("count", 5, 10)
    return [_told(call, row) for row in messages.latest(call.tx, found["id"], offset, count)]


def recent(call: Call) -> list[Json]:
    """The newest message of every group."""
    offset, count = call.number("offset", 0, 10_000), call.number("count", 5, 10)
    groups = call.tx.all("SELECT id FROM zalo_groups WHERE state <> 'deleted'")
    rows = [row for group in groups for row in messages.latest(call.tx, group["id"], 0, 1)]
    rows.sort(key=lambda row: -row["number"])
    return [_told(call, row) for row in rows[offset : offset + count]]


def assets(call: Call) -> list[Json]:
    """`quota/group`: what groups can be made with."""
    shown = []
    for row in call.tx.all("SELECT id FROM zalo_assets ORDER BY until"):
        asset = world.asset_of(call.tx, row["id"])
        if asset is None:
            continue
        group = call.tx.one("SELECT id FROM zalo_groups WHERE asset_id = ? AND state <> 'deleted'", asset["id"])
        shown.append(
            {
                "asset_id": asset["id"],
                "product_type": asset["kind"],
                "quota_type": "sub_quota",
                "valid_through": _day(asset["until"]),
                "auto_renew": bool(asset["auto_renew"]),
                "status": "available" if group is None else "used",
                "used_id": "" if group is None else group["id"],
            }
        )
    return shown


def _told(call: Call, row: sqlite3.Row) -> Json:
    person = world.find_person(call.tx, row["sender"])
    name = "" if person is None else person["name"]
    return messages.told(row, by_person=person is not None) | {"from_display_name": name, "group_id": row["chat"]}


def _free_asset(call: Call, asset_id: str) -> sqlite3.Row:
    asset = world.asset_of(call.tx, asset_id)
    if asset is None:
        raise ZaloError(-201, "asset_id is invalid")
    if asset["until"] < call.tx.now:
        raise ZaloError(-241)
    if call.tx.one("SELECT 1 FROM zalo_groups WHERE asset_id = ? AND state <> 'deleted'", asset_id) is not None:
        raise ZaloError(-238)
    return asset


def _people(call: Call) -> list[sqlite3.Row]:
    given = call.body.get("member_user_ids")
    if not isinstance(given, list) or len(given) not in limits.GROUP_MEMBERS:
        raise ZaloError(-201, "member_user_ids is invalid")
    found = [world.find_person(call.tx, str(one)) for one in dict.fromkeys(given)]
    if None in found:
        raise ZaloError(-201, "member_user_ids is invalid")
    return [person for person in found if person is not None]


def _shown(call: Call, row: sqlite3.Row) -> Json:
    asset = world.asset_of(call.tx, row["asset_id"])
    until = 0.0 if asset is None else float(asset["until"])
    alive = row["state"] == "enabled" and until >= call.tx.now
    shown: Json = {
        "group_id": row["id"],
        "name": row["name"],
        "group_description": row["description"],
        "group_link": f"https://zalo.example/g/{row['id'][:9]}",
        "avatar": "",
        "total_member": len(world.members(call.tx, row["id"])) + 1,
        "status": "enabled" if alive else "disabled",
    }
    if asset is not None:
        shown["asset_info"] = {
            "asset_id": asset["id"],
            "asset_type": asset["kind"],
            "valid_through": _day(until),
            "auto_renew": bool(asset["auto_renew"]),
        }
    return shown


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d/%m/%Y")
