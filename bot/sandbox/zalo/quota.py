"""Whether the OA may write to somebody now, and what it costs: windows, free replies, billed messages."""

import sqlite3

from bot.sandbox.store import Json, Tx
from bot.sandbox.zalo import limits
from bot.sandbox.zalo.account import Account
from bot.sandbox.zalo.errors import ZaloError

MONTH_SECONDS = 30 * 86400


def window(tx: Tx, person: sqlite3.Row) -> Json:
    """`{"state": never|free|billed|closed, "seconds": how long this lasts or None}`."""
    if person["last_at"] is None:
        return {"state": "never", "seconds": None}
    in_force = limits.read(tx)
    since = tx.now - person["last_at"]
    for state, hours in (("free", in_force["free_hours"]), ("billed", in_force["last_hours"])):
        if since <= hours * 3600:
            return {"state": state, "seconds": int(hours * 3600 - since)}
    return {"state": "closed", "seconds": None}


def charge(tx: Tx, account: Account, person: sqlite3.Row) -> Json:
    """Count a consultation message and give the answer's `quota`. Raises ZaloError for one that may not be sent."""
    if person["blocked"]:
        raise ZaloError(-244)
    if person["asleep"]:
        raise ZaloError(-227)
    found = window(tx, person)
    owner = {"owner_type": "OA", "owner_id": account.oa_id}
    match found["state"]:
        case "never":
            raise ZaloError(-232 if person["follows"] else -213)
        case "closed":
            raise ZaloError(-230)
        case "billed":
            _bill(tx)
            return {"quota_type": "sub_quota", **owner}
        case _:
            _count_reply(tx, person)
            return {"quota_type": "reply", "expired_date": _stamp(tx.now + found["seconds"]), **owner}


def used(tx: Tx) -> Json:
    """`{"count": billed messages of this month, "spent": VND since the beginning}`."""
    found: Json = tx.fact("zalo_quota", {"month": 0, "count": 0, "spent": 0})
    if found["month"] != int(tx.now // MONTH_SECONDS):
        found = {**found, "month": int(tx.now // MONTH_SECONDS), "count": 0}
    return found


def of_person(tx: Tx, person: sqlite3.Row) -> Json:
    """What quota/message says about one person."""
    found = window(tx, person)
    open_now = found["state"] in ("free", "billed")
    return {
        "last_interaction": str(int((person["last_at"] or 0) * 1000)),
        "cs_reply": {"quota_type": "reply" if found["state"] == "free" else "sub_quota", "can_send": open_now},
        "promotion": {"remain": 0, "total": 0},
    }


def of_owner(tx: Tx, account: Account) -> list[Json]:
    left = int(limits.read(tx)["quota_month"]) - used(tx)["count"]
    shown = {"quota_type": "sub_quota", "product_type": "cs", "owner_type": "OA", "owner_id": account.oa_id}
    return [{**shown, "valid_through": _stamp(tx.now + MONTH_SECONDS), "status": "available" if left else "used"}]


def _bill(tx: Tx) -> None:
    in_force, found = limits.read(tx), used(tx)
    if found["count"] >= in_force["quota_month"]:
        raise ZaloError(-211)
    found = {**found, "count": found["count"] + 1, "spent": found["spent"] + in_force["late_price"]}
    tx.keep_fact("zalo_quota", found)


def _count_reply(tx: Tx, person: sqlite3.Row) -> None:
    most = int(limits.read(tx)["free_replies"])
    if most and person["replies"] >= most:
        raise ZaloError(-311)
    tx.run("UPDATE zalo_people SET replies = replies + 1 WHERE id = ?", person["id"])


def _stamp(seconds: float) -> str:
    return str(int(seconds * 1000))
